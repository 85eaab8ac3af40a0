"""Gate 1: the document against the strict JSON Schema, each step against its own operator's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as Violation
from jsonschema.exceptions import best_match
from pydantic import ValidationError

from ai_data_engineer.io.addresses import has_credentials
from ai_data_engineer.spec.findings import Finding, Findings, nearest
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.spec import PipelineSpec

MAX_DEPTH = 64
MAX_NUMBER = 10**38
"""What the widest decimal holds."""


def check_schema(document: object) -> tuple[PipelineSpec | None, list[Finding]]:
    """Return the spec, or None and what keeps the document from being one."""
    findings = Findings()
    if not isinstance(document, dict):
        findings.error(
            "E_WRONG_TYPE", "A spec is a JSON object.", 'Begin with {"spec_version": "1", …}.'
        )
        return None, _of_gate(findings.items)
    _check_values(document, findings)
    if findings.items:
        return None, _of_gate(findings.items)
    steps = document.get("steps", [])
    body = {**document, "steps": []} if isinstance(steps, list) else document
    report_violations(_spec_validator().iter_errors(body), findings)
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        _check_step(step, findings.at("steps", index))
    if findings.items:
        return None, _of_gate(findings.items)
    try:
        spec = PipelineSpec.model_validate(document)
    except ValidationError as error:
        # The schema cannot say everything (a decimal's scale, a regex that must compile).
        for problem in error.errors(include_url=False, include_input=False):
            where = [k for k in problem["loc"] if k not in all_operators()]
            findings.at(*where).error("E_INVALID_VALUE", _sentence(problem["msg"]))
        return None, _of_gate(findings.items)
    for index, source in enumerate(spec.sources):
        if has_credentials(source.uri):
            findings.at("sources", index, "uri").error(
                "E_CREDENTIALS",
                "The address holds credentials, and a spec is kept and passed on.",
                f"Leave them out here, and give `--source {source.id}=ADDRESS` or set them in the "
                "environment.",
            )
    return (None if findings.items else spec), _of_gate(findings.items)


def _check_values(document: dict[str, Any], findings: Findings) -> None:
    """Find what Python takes for JSON and others do not, and what is nested without end."""
    waiting: list[tuple[Any, Findings, int]] = [(document, findings, 1)]
    while waiting:
        value, at, depth = waiting.pop()
        if depth > MAX_DEPTH:
            at.error("E_INVALID_VALUE", f"This is nested deeper than {MAX_DEPTH} levels.")
            return
        match value:
            case dict():
                waiting += [(item, at.at(_plain(key)), depth + 1) for key, item in value.items()]
                waiting += [(key, at, depth + 1) for key in value]
            case list():
                waiting += [(item, at.at(index), depth + 1) for index, item in enumerate(value)]
            case str() if _plain(value) != value:
                at.error("E_INVALID_VALUE", "The text holds half a character (a lone surrogate).")
            case float() if not math.isfinite(value):
                at.error("E_INVALID_VALUE", "This is not a number that JSON has.")
            case int() if abs(value) >= MAX_NUMBER:
                at.error("E_INVALID_VALUE", "A number has at most 38 digits.")


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _check_step(step: object, findings: Findings) -> None:
    if not isinstance(step, dict) or not isinstance(step.get("op"), str):
        findings.error("E_MISSING_FIELD", "A step is an object with `id`, `op` and `inputs`.")
    elif step["op"] not in all_operators():
        findings.at("op").error(
            "E_UNKNOWN_OPERATOR",
            f"There is no operator `{step['op'][:60]}`.",
            nearest(step["op"][:60], all_operators()),
        )
    else:
        report_violations(_step_validator(step["op"]).iter_errors(step), findings)


def report_violations(violations: Iterable[Violation], findings: Findings) -> None:
    """Add a finding for each violation of a JSON Schema, at its place below the findings'."""
    for violation in violations:
        deepest = violation
        if violation.context:
            # Of the branches of an anyOf, the one that got furthest says what was meant.
            deepest = best_match([violation]) or violation
        _explain(deepest, findings.at(*deepest.absolute_path))


def _explain(violation: Violation, at: Findings) -> None:
    wanted: Any = violation.validator_value
    instance: Any = violation.instance
    match violation.validator:
        case "required":
            missing = [name for name in wanted if name not in instance]
            at.error("E_MISSING_FIELD", f"The field `{missing[0]}` is missing.")
        case "additionalProperties":
            schema: Any = violation.schema
            known = schema.get("properties", {})
            for name in instance:
                if name not in known:
                    at.at(name).error(
                        "E_UNKNOWN_FIELD",
                        f"There is no field `{name[:60]}` here.",
                        nearest(name[:60], known),
                    )
        case "type":
            kinds = wanted if isinstance(wanted, str) else " or ".join(wanted)
            at.error("E_WRONG_TYPE", f"This must be {_a(kinds)}.", _type_hint(violation))
        case "anyOf" if all("enum" in branch for branch in wanted):
            _not_allowed([v for branch in wanted for v in branch["enum"]], instance, at)
        case "enum" | "const":
            _not_allowed(wanted if isinstance(wanted, list) else [wanted], instance, at)
        case "pattern":
            at.error("E_PATTERN", f"This must match `{wanted}`.", _pattern_hint(violation))
        case "minLength" | "minItems" | "minProperties":
            at.error("E_TOO_FEW", f"This needs at least {wanted} {_unit(violation)}.")
        case "maxLength" | "maxItems" | "maxProperties":
            at.error("E_TOO_MANY", f"This takes at most {wanted} {_unit(violation)}.")
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            bound = {
                "minimum": "≥",
                "exclusiveMinimum": ">",
                "maximum": "≤",
                "exclusiveMaximum": "<",
            }
            at.error("E_OUT_OF_RANGE", f"This must be {bound[violation.validator]} {wanted}.")
        case _:
            at.error("E_INVALID_VALUE", "This does not have the form that the schema asks for.")


def _not_allowed(allowed: list[Any], instance: Any, at: Findings) -> None:
    at.error(
        "E_NOT_ALLOWED",
        f"This must be {' or '.join(f'`{v}`' for v in allowed)}.",
        nearest(str(instance)[:60], map(str, allowed)) if len(allowed) > 1 else "",
    )


def _type_hint(violation: Violation) -> str:
    schema = violation.schema if isinstance(violation.schema, Mapping) else {}
    if violation.validator_value == "object" and "properties" in schema:
        names = ", ".join(f'"{name}": …' for name in schema.get("required", schema["properties"]))
        return f"Write {{{names}}}."
    if violation.validator_value == "array":
        return "Put it in brackets, a single item too."
    return ""


def _pattern_hint(violation: Violation) -> str:
    schema = violation.schema if isinstance(violation.schema, Mapping) else {}
    if examples := schema.get("examples"):
        return f"For example {', '.join(f'`{e}`' for e in examples[:4])}."
    if "[a-z0-9_]" in str(violation.validator_value):
        return "Use lower-case letters, digits and underscores, beginning with a letter."
    return ""


def _unit(violation: Violation) -> str:
    return {"L": "characters", "I": "items", "P": "entries"}[str(violation.validator)[3]]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{message[0].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"


def _of_gate(findings: list[Finding]) -> list[Finding]:
    return [f.model_copy(update={"gate": "schema"}) for f in findings]


@cache
def _schema() -> dict[str, Any]:
    return PipelineSpec.model_json_schema()


@cache
def _spec_validator() -> Draft202012Validator:
    return Draft202012Validator(_schema())


@cache
def _step_validator(op: str) -> Draft202012Validator:
    model = all_operators()[op]
    return Draft202012Validator({"$ref": f"#/$defs/{model.__name__}", "$defs": _schema()["$defs"]})
