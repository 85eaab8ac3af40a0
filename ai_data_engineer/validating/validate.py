"""The gates in their order: each is only passed to when the one before found no error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.findings import nearest
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating.report import ValidationReport
from ai_data_engineer.validating.rules_gate import check_rules
from ai_data_engineer.validating.schema_gate import check_schema


def validate(
    document: PipelineSpec | dict[str, Any],
    *,
    sources: Mapping[str, str] | None = None,
    data: bool = True,
) -> ValidationReport:
    """Return what is wrong with a spec.

    `sources` are addresses to read instead of those in the spec, by source id. Without `data` the
    spec is not run on a sample, and no source is touched.

    Raises:
        SourceError: the data gate cannot read a source.
        SpecError: `sources` names a source that the spec does not have.
    """
    raw = document.to_dict() if isinstance(document, PipelineSpec) else document
    spec, findings = check_schema(raw)
    if spec is None:
        return ValidationReport(findings=tuple(findings))
    spec = bind_sources(spec, sources or {})
    schemas, findings = check_rules(spec)
    report = ValidationReport(findings=tuple(findings))
    if not report.is_valid or not data:
        return report
    from ai_data_engineer.validating.data_gate import check_data

    steps, found = check_data(spec, schemas)
    return ValidationReport(findings=(*report.findings, *found), steps=tuple(steps))


def read_document(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; raises SpecError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SpecError("There is no such file.", code="E_NOT_FOUND", location=str(path)) from None
    except OSError as error:
        raise SpecError(f"It cannot be read ({error.strerror}).", location=str(path)) from None
    except UnicodeDecodeError:
        raise SpecError("It is not UTF-8 text.", location=str(path)) from None
    except json.JSONDecodeError as error:
        raise SpecError(
            f"It is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            location=str(path),
        ) from None
    except RecursionError:
        raise SpecError("It is nested too deeply.", location=str(path)) from None
    if not isinstance(value, dict):
        raise SpecError("A spec is a JSON object.", location=str(path))
    return value


def bind_sources(spec: PipelineSpec, sources: Mapping[str, str]) -> PipelineSpec:
    """Return the spec with other addresses for some of its sources; raises SpecError."""
    known = [source.id for source in spec.sources]
    for source_id in sources:
        if source_id not in known:
            raise SpecError(
                f"The spec has no source `{source_id}`.",
                code="E_UNKNOWN_SOURCE",
                hint=nearest(source_id, known),
            )
    bound = [s.model_copy(update={"uri": sources.get(s.id, s.uri)}) for s in spec.sources]
    return spec.model_copy(update={"sources": bound})
