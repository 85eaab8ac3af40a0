"""JSON Schemas of every document that leaves us: `python -m ai_data_engineer.schemas [--check]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ai_data_engineer.document import Document

FOLDER = Path(__file__).parent.parent / "schemas"


def documents() -> dict[str, type[Document]]:
    """Return file name → model."""
    from ai_data_engineer.batching.request import BatchRequest, BatchResult
    from ai_data_engineer.maintenance import MaintainRequest
    from ai_data_engineer.packaging.bundle import BundleRecord
    from ai_data_engineer.packaging.verification import Verification
    from ai_data_engineer.profiling.drift.document import Drift
    from ai_data_engineer.profiling.profile import FileProfile
    from ai_data_engineer.refreshing.requests import RefreshRequest, RefreshResult
    from ai_data_engineer.requests import (
        GenerateRequest,
        GenerateResult,
        ProfileRequest,
        Refusal,
    )
    from ai_data_engineer.spec.spec import PipelineSpec
    from ai_data_engineer.specifying.provenance import Provenance
    from ai_data_engineer.validating.report import ValidationReport
    from ai_data_engineer.watching.request import WatchRequest, WatchResult

    return {
        "batch-request": BatchRequest,
        "batch-result": BatchResult,
        "bundle-record": BundleRecord,
        "drift": Drift,
        "file-profile": FileProfile,
        "generate-request": GenerateRequest,
        "generate-result": GenerateResult,
        "maintain-request": MaintainRequest,
        "profile-request": ProfileRequest,
        "pipeline-spec": PipelineSpec,
        "provenance": Provenance,
        "refresh-request": RefreshRequest,
        "refresh-result": RefreshResult,
        "refusal": Refusal,
        "validation-report": ValidationReport,
        "verification": Verification,
        "watch-request": WatchRequest,
        "watch-result": WatchResult,
    }


def rendered() -> dict[Path, str]:
    """Return path → text of every schema file."""
    return {
        FOLDER / f"{name}.schema.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **model.model_json_schema(),
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
        for name, model in documents().items()
    }


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` say which are stale; returns the exit code."""
    stale = [p for p, text in rendered().items() if not p.exists() or p.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is stale: run `make schemas`.", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in rendered().items():
        path.write_text(text)
    print(f"{len(rendered())} schemas, {len(stale)} of them new.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
