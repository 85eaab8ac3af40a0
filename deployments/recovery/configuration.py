"""The configuration of a Prefect server: everything that a person set up, nothing that has run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.api import Api, Json
from deployments.recovery.hiding import Pointer
from deployments.recovery.references import with_names

_DEPLOYMENT = (
    *("paused", "concurrency_options", "enforce_parameter_schema", "parameter_openapi_schema"),
    *("parameters", "tags", "labels", "pull_steps", "work_pool_name", "work_queue_name"),
    *("storage_document_id", "infrastructure_document_id", "description", "path", "version"),
    *("entrypoint", "job_variables"),
)
_SCHEDULE = ("schedule", "active", "max_scheduled_runs", "parameters", "slug")
_POOL = ("description", "type", "base_job_template", "is_paused", "concurrency_limit")
_QUEUE = ("description", "is_paused", "concurrency_limit", "priority")
_AUTOMATION = (
    *("description", "enabled", "tags", "trigger"),
    *("actions", "actions_on_trigger", "actions_on_resolve"),
)
_TYPE = ("name", "logo_url", "documentation_url", "description", "code_example")


@dataclass
class Configuration:
    """What there is on a server, with names in place of ids."""

    sections: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Section → name → what it is, secrets in clear."""
    declared: list[Pointer] = field(default_factory=list)
    """Where blocks declare secrets."""
    updated: dict[str, str] = field(default_factory=dict)
    """`section/name` → when it was last changed, as the server says it."""
    ids: dict[str, str] = field(default_factory=dict)
    """`kind:name` → id."""


def read_configuration(api: Api) -> Configuration:
    """Return the configuration of the server; raises ServerError."""
    found = Configuration()
    _blocks(api, found)
    _variables(api, found)
    _limits(api, found)
    _pools(api, found)
    _deployments(api, found)
    _automations(api, found)
    names = {id: name for name, id in found.ids.items()}
    for section, entries in found.sections.items():
        # Keys of sections hold no ids; names that people gave may look like anything.
        found.sections[section] = {key: with_names(entry, names) for key, entry in entries.items()}
    return found


def _keep(found: Configuration, section: str, name: str, entry: Json, source: Json) -> None:
    found.sections.setdefault(section, {})[name] = entry
    found.updated[f"{section}/{name}"] = str(source.get("updated") or "")


def _blocks(api: Api, found: Configuration) -> None:
    types = found.sections.setdefault("block_types", {})
    schemas = found.sections.setdefault("block_schemas", {})
    found.sections.setdefault("blocks", {})
    starred = {b["id"]: b["data"] for b in api.all("/block_documents/filter")}
    for block in api.all("/block_documents/filter", include_secrets=True):
        slug, schema = block["block_type"]["slug"], block["block_schema"]
        name = f"{slug}/{block['name']}"
        found.ids[f"block:{name}"] = block["id"]
        types[slug] = _picked(block["block_type"], _TYPE)
        version = f"{schema['checksum']}@{schema['version']}"
        kept = {"block_type": slug, **_picked(schema, ("fields", "version"))}
        # The server keeps them in no order.
        schemas[version] = {**kept, "capabilities": sorted(schema["capabilities"])}
        for nested in _nested_types(schema["fields"]):
            if nested not in types and (known := api.get(f"/block_types/slug/{nested}")):
                types[nested] = _picked(known, _TYPE)
        data = dict(block["data"])
        for key, reference in block["block_document_references"].items():
            data[key] = {"$ref": {"block_document_id": reference["block_document"]["id"]}}
        _keep(found, "blocks", name, {"block_schema": version, "data": data}, block)
        declared = {str(path).partition(".")[0] for path in schema["fields"]["secret_fields"]}
        for key in data:
            is_reference = key in block["block_document_references"]
            stars = starred.get(block["id"], {}).get(key) != block["data"][key]
            if not is_reference and (key in declared or stars):
                found.declared.append(("blocks", name, "data", key))


def _nested_types(fields: Json) -> Iterable[str]:
    for reference in fields.get("block_schema_references", {}).values():
        for one in reference if isinstance(reference, list) else [reference]:
            yield one["block_type_slug"]


def _variables(api: Api, found: Configuration) -> None:
    found.sections.setdefault("variables", {})
    for variable in api.all("/variables/filter"):
        entry = _picked(variable, ("value", "tags"))
        _keep(found, "variables", variable["name"], entry, variable)


def _limits(api: Api, found: Configuration) -> None:
    found.sections.setdefault("limits", {})
    found.sections.setdefault("tag_limits", {})
    for limit in api.all("/v2/concurrency_limits/filter"):
        name = limit["name"]
        found.ids[f"limit:{name}"] = limit["id"]
        if name.startswith("tag:"):
            entry = {"concurrency_limit": limit["limit"]}
            _keep(found, "tag_limits", name.removeprefix("tag:"), entry, limit)
        elif not name.startswith("deployment:"):  # those go with their deployment
            entry = _picked(limit, ("limit", "active", "slot_decay_per_second"))
            _keep(found, "limits", name, entry, limit)


def _pools(api: Api, found: Configuration) -> None:
    found.sections.setdefault("work_pools", {})
    for pool in api.all("/work_pools/filter"):
        name = pool["name"]
        found.ids[f"pool:{name}"] = pool["id"]
        queues: Json = {}
        for queue in api.all(f"/work_pools/{name}/queues/filter"):
            found.ids[f"queue:{name}/{queue['name']}"] = queue["id"]
            queues[queue["name"]] = _picked(queue, _QUEUE)
        _keep(found, "work_pools", name, {**_picked(pool, _POOL), "queues": queues}, pool)


def _deployments(api: Api, found: Configuration) -> None:
    found.sections.setdefault("deployments", {})
    flows = {flow["id"]: flow["name"] for flow in api.all("/flows/filter")}
    found.ids |= {f"flow:{name}": id for id, name in flows.items()}
    for deployment in api.all("/deployments/filter"):
        name = f"{flows[deployment['flow_id']]}/{deployment['name']}"
        found.ids[f"deployment:{name}"] = deployment["id"]
        entry = _picked(deployment, _DEPLOYMENT)
        schedules = [_picked(schedule, _SCHEDULE) for schedule in deployment["schedules"]]
        entry["schedules"] = sorted(schedules, key=lambda s: (s["slug"] or "", json.dumps(s)))
        limit = deployment.get("global_concurrency_limit")
        entry |= {"concurrency_limit": None, "global_concurrency_limit_id": None}
        if limit and limit["name"] == f"deployment:{deployment['id']}":
            entry["concurrency_limit"] = limit["limit"]
        elif limit:
            entry["global_concurrency_limit_id"] = limit["id"]
        _keep(found, "deployments", name, entry, deployment)


def _automations(api: Api, found: Configuration) -> None:
    found.sections.setdefault("automations", {})
    for automation in api.all("/automations/filter"):
        name = automation["name"]
        if f"automation:{name}" in found.ids:
            name = f"{name} ({sum(n.startswith(name) for n in found.sections['automations']) + 1})"
        found.ids[f"automation:{name}"] = automation["id"]
        entry = _without_trigger_ids(_picked(automation, _AUTOMATION))
        entry["name"] = automation["name"]
        _keep(found, "automations", name, entry, automation)


def _without_trigger_ids(value: Any) -> Any:
    """Return an automation without the ids that the server gives its triggers."""
    match value:
        case dict():
            is_trigger = ("type" in value and "posture" in value) or "triggers" in value
            kept = {k: v for k, v in value.items() if not (is_trigger and k == "id")}
            return {key: _without_trigger_ids(item) for key, item in kept.items()}
        case list():
            return [_without_trigger_ids(item) for item in value]
    return value


def _picked(source: Mapping[str, Any], fields: Iterable[str]) -> Json:
    return {name: source[name] for name in fields if name in source}
