"""How each kind of thing is created or changed through Prefect's API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from deployments.api import Api, Json, ServerError
from deployments.recovery.references import with_ids


@dataclass
class Putter:
    """Puts things onto a server and remembers the ids that it gives them."""

    api: Api
    wanted: Mapping[str, Mapping[str, Any]]
    ids: dict[str, str]

    def block(self, name: str, entry: Json, there: Json | None) -> None:
        """Put a block, with its type and schema where the server does not know them."""
        slug, _, own_name = name.partition("/")
        body: Json = {
            "data": with_ids(entry["data"], self.ids),
            "block_schema_id": self._schema(entry["block_schema"]),
        }
        if there is not None:
            id = self.ids[f"block:{name}"]
            self.api.patch(f"/block_documents/{id}", {**body, "merge_existing_data": False})
            return
        body |= {"name": own_name, "block_type_id": self._type(slug)}
        self.ids[f"block:{name}"] = self.api.post("/block_documents/", body)["id"]

    def variable(self, name: str, entry: Json, there: Json | None) -> None:
        """Put a variable."""
        body = {"name": name, **with_ids(entry, self.ids)}
        if there is None:
            self.api.post("/variables/", body)
        else:
            self.api.patch(f"/variables/name/{quote(name)}", body)

    def limit(self, name: str, entry: Json, there: Json | None) -> None:
        """Put a global concurrency limit."""
        if there is None:
            made = self.api.post("/v2/concurrency_limits/", {"name": name, **entry})
            self.ids[f"limit:{name}"] = made["id"]
        else:
            self.api.patch(f"/v2/concurrency_limits/{self.ids[f'limit:{name}']}", entry)

    def tag_limit(self, name: str, entry: Json, there: Json | None) -> None:
        """Put the limit of a tag; the server changes one that is there."""
        made = self.api.post("/concurrency_limits/", {"tag": name, **entry})
        self.ids[f"limit:tag:{name}"] = made["id"]

    def work_pool(self, name: str, entry: Json, there: Json | None) -> None:
        """Put a work pool and its queues; queues that are not in the backup stay."""
        body = with_ids(entry, self.ids)
        queues: dict[str, Json] = body.pop("queues")
        path = f"/work_pools/{quote(name)}"
        if there is None:
            self.ids[f"pool:{name}"] = self.api.post("/work_pools/", {"name": name, **body})["id"]
        elif there["type"] != body["type"]:
            raise ServerError(
                f"There is a pool of this name of another type ({there['type']}).",
                hint="Rename or remove it first.",
            )
        else:
            self.api.patch(path, {key: value for key, value in body.items() if key != "type"})
        # From the first on: a priority that is taken pushes the others back.
        for queue, said in sorted(queues.items(), key=lambda item: item[1]["priority"]):
            if known := self.api.get(f"{path}/queues/{quote(queue)}"):
                self.api.patch(f"{path}/queues/{quote(queue)}", said)
            else:
                known = self.api.post(f"{path}/queues", {"name": queue, **said})
            self.ids[f"queue:{name}/{queue}"] = known["id"]

    def deployment(self, name: str, entry: Json, there: Json | None) -> None:
        """Put a deployment, with its schedules; the server changes one that is there."""
        flow, _, own_name = name.rpartition("/")
        # Its labels name the flow.
        self.ids[f"flow:{flow}"] = self.api.post("/flows/", {"name": flow})["id"]
        body = {"name": own_name, "flow_id": self.ids[f"flow:{flow}"], **with_ids(entry, self.ids)}
        # The server takes one of the two only, and "none" is said by the one for a deployment.
        if body["global_concurrency_limit_id"] is not None:
            del body["concurrency_limit"]
        else:
            del body["global_concurrency_limit_id"]
        self.ids[f"deployment:{name}"] = self.api.post("/deployments/", body)["id"]

    def automation(self, name: str, entry: Json, there: Json | None) -> None:
        """Put an automation."""
        body = with_ids(entry, self.ids)
        if there is not None:
            self.api.put(f"/automations/{self.ids[f'automation:{name}']}", body)
            return
        if owner := _owner(body):
            body["owner_resource"] = owner
        self.ids[f"automation:{name}"] = self.api.post("/automations/", body)["id"]

    def _schema(self, version: str) -> str:
        schema = self.wanted["block_schemas"][version]
        checksum, _, of = version.partition("@")
        if known := self.api.get(f"/block_schemas/checksum/{checksum}?version={quote(of)}"):
            return str(known["id"])
        for reference in schema["fields"].get("block_schema_references", {}).values():
            for one in reference if isinstance(reference, list) else [reference]:
                self._type(one["block_type_slug"])
        body = {key: value for key, value in schema.items() if key != "block_type"}
        body["block_type_id"] = self._type(schema["block_type"])
        return str(self.api.post("/block_schemas/", body)["id"])

    def _type(self, slug: str) -> str:
        if known := self.api.get(f"/block_types/slug/{quote(slug)}"):
            return str(known["id"])
        body = {"slug": slug, **self.wanted["block_types"][slug]}
        return str(self.api.post("/block_types/", body)["id"])


def _owner(automation: Json) -> str | None:
    """Return the deployment that an automation belongs to, as those of `prefect.yaml` do.

    The server tells nobody. An automation that only runs one deployment is taken for that
    deployment's own: the next `prefect deploy` puts the trigger of `prefect.yaml` in its place,
    and would otherwise put a second one beside it, so that each event would start two runs.
    """
    actions = automation["actions"]
    others = automation["actions_on_trigger"] or automation["actions_on_resolve"]
    if len(actions) != 1 or others or actions[0].get("type") != "run-deployment":
        return None
    id = actions[0].get("deployment_id")
    return f"prefect.deployment.{id}" if id else None


PUT: dict[str, Callable[[Putter, str, Json, Json | None], None]] = {
    "blocks": Putter.block,
    "variables": Putter.variable,
    "limits": Putter.limit,
    "tag_limits": Putter.tag_limit,
    "work_pools": Putter.work_pool,
    "deployments": Putter.deployment,
    "automations": Putter.automation,
}
"""Section → how one of it is put."""
