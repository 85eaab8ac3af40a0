"""Runs a rendered project on its sample, and its tests, before anyone gets it."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.errors import VerificationError
from ai_data_engineer.packaging.sandbox import Ran, run_isolated
from ai_data_engineer.settings import Settings
from ai_data_engineer.tracing import span

OUTPUT = ".verified"
"""Folder in the project that the runs write to; it does not stay."""
EXPECTED = "tests/cases/sample/expected"
"""Folder in the project that holds what its sample becomes."""
_ENVIRONMENT = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    # Great Expectations imports PySpark where it is installed, and stumbles over its check: the
    # code generated for Spark Connect wants a newer protobuf than google-generativeai allows.
    "TEMPORARILY_DISABLE_PROTOBUF_VERSION_CHECK": "true",
}


class StepRows(Document):
    """The rows of a source or step in the run on the sample."""

    id: str
    rows_in: int
    rows_out: int
    rejected: int
    removed: int | None = None
    """None where the number of rows out says nothing about rows lost."""


class OutputRows(Document):
    """An output of the run on the sample."""

    id: str
    path: str
    rows: int


class ExpectationResult(Document):
    """What became of an expectation on the sample."""

    rule: str
    """Its name in the suite, `meta.rule`."""
    on: str
    type: str
    severity: str
    success: bool
    judged_by: Literal["polars", "great_expectations"]
    """`great_expectations`: no other can, so that it is not judged in a run on the full data."""
    great_expectations_agrees: bool
    """False where it does not judge this rule on pandas; a verdict that differs is a failure."""


class Tests(Document):
    """What became of the project's own tests."""

    passed: int
    failed: int
    skipped: int


class Verification(Document):
    """The record of running the project: it is in the bundle, so it holds no time of day and no
    duration, and is the same for the same project.
    """

    isolation: str
    """`bubblewrap`, `process without network` or `process`."""
    steps: tuple[StepRows, ...]
    outputs: tuple[OutputRows, ...]
    expectations: tuple[ExpectationResult, ...]
    tests: Tests
    judged_by_great_expectations: int
    """How many rules Great Expectations judged on the sample, none otherwise than the run did."""


class Verified(Document):
    """A verification and how long it took."""

    verification: Verification
    seconds: dict[str, float] = Field(default_factory=dict)
    """Wall-clock seconds of each command: `run`, `expected`, `tests`."""


def verify(project: Path, package: str, settings: Settings) -> Verified:
    """Run the project on its sample and then its tests, in the sandbox.

    The expected outputs of the tests are written in between, into EXPECTED: they are
    what this code makes of the sample, and the tests see whether it makes the same again.
    Raises VerificationError; its text holds no value of a cell.
    """
    run = _Runner(project, settings)
    try:
        run("run", ["-m", package, "run", "--sample", "--output", OUTPUT])
        report = json.loads((project / OUTPUT / "run_report.json").read_bytes())
        run("expected", _pytest("tests/test_cases.py"), {"UPDATE_EXPECTED": "1"})
        run("tests", [*_pytest(), f"--junit-xml={OUTPUT}/tests.xml"])
        junit = (project / OUTPUT / "tests.xml").read_bytes()
    finally:
        shutil.rmtree(project / OUTPUT, ignore_errors=True)
    tests, verdicts = _tests(junit), _verdicts(junit)
    if tests.failed or tests.skipped or not tests.passed:
        raise VerificationError(
            f"{tests.passed} tests passed, {tests.failed} failed, {tests.skipped} were skipped."
        )
    return Verified(
        verification=Verification(
            isolation=run.isolation,
            steps=tuple(StepRows(**_of(StepRows, step)) for step in _steps(report)),
            outputs=tuple(OutputRows(**_of(OutputRows, o)) for o in report["outputs"]),
            expectations=tuple(_result(e, verdicts) for e in report["expectations"]),
            tests=tests,
            judged_by_great_expectations=len(verdicts),
        ),
        seconds=run.seconds,
    )


def _steps(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    sources = [{**s, "rows_in": s["records"], "removed": 0} for s in report["sources"]]
    return [*sources, *report["steps"]]


def _result(reported: Mapping[str, Any], verdicts: Mapping[str, bool]) -> ExpectationResult:
    """Return a result; `verdicts` are those of Great Expectations, by the names of the rules.

    The project's own test, which has passed, has compared them with those of the run.
    """
    success = reported["success"]
    return ExpectationResult(
        **{
            **_of(ExpectationResult, reported),
            "success": verdicts[reported["rule"]] if success is None else success,
            "great_expectations_agrees": reported["rule"] in verdicts,
        }
    )


def _of(model: type[Document], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in model.model_fields if name in values}


def _pytest(*paths: str) -> list[str]:
    # Plugins and settings of whoever packages are none of the project's business.
    return ["-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", "--color=no", *paths]


class _Runner:
    """Runs commands in the project until one fails or the time for all of them is used up."""

    def __init__(self, project: Path, settings: Settings) -> None:
        self.project = project
        self.settings = settings
        self.isolation = ""
        self.seconds: dict[str, float] = {}

    def __call__(
        self, name: str, command: list[str], environment: Mapping[str, str] | None = None
    ) -> None:
        left = self.settings.verify_timeout - sum(self.seconds.values())
        with span(f"sandbox {name}") as made:
            ran = run_isolated(
                command,
                self.project,
                timeout=max(left, 1),
                memory=self.settings.verify_memory,
                environment={**_ENVIRONMENT, **(environment or {})},
            )
            made.note(isolation=ran.isolation, exit_code=ran.exit_code)
        self.isolation = ran.isolation
        self.seconds[name] = ran.seconds
        if ran.timed_out or ran.stopped_for or ran.exit_code != 0:
            raise _failed(name, ran, self.settings)


def _failed(name: str, ran: Ran, settings: Settings) -> VerificationError:
    if ran.timed_out:
        return VerificationError(
            f"`{name}` took longer than {settings.verify_timeout:g} seconds.",
            code="E_VERIFICATION_TIMEOUT",
            hint="Raise ADE_VERIFY_TIMEOUT, or lower ADE_SAMPLE_ROWS.",
        )
    if ran.stopped_for:
        return VerificationError(
            f"`{name}` was stopped: {ran.stopped_for}.",
            code="E_VERIFICATION_LIMIT",
            hint="Raise ADE_VERIFY_MEMORY if it is memory, or lower ADE_SAMPLE_ROWS.",
        )
    said = " ".join(_sayable(ran.output)) or "nothing that may be shown"
    return VerificationError(
        f"`{name}` ended with {ran.exit_code} ({ran.isolation}): {said}", location=name
    )


def _sayable(output: str) -> list[str]:
    """Return the lines of an output that are known to hold no value of a cell.

    These are our own errors (`orders: E_…`), the names of failed tests, and the type of an
    exception. Everything else, such as what polars or an assertion quotes, is left out.
    """
    lines = output.splitlines()[-400:]
    ours = [line for line in lines if re.match(r"^[a-z0-9_]+: E_[A-Z_]+ ", line)]
    tests = [m[1] for line in lines if (m := re.match(r"^(FAILED tests/[\w./]+::\w+)", line))]
    kinds = [
        m[1]
        for line in lines
        if (m := re.match(r"^(?:E +)?((?:\w+\.)*\w+(?:Error|Exception|Panic\w*))\b:?", line))
    ]
    return [*ours, *dict.fromkeys(tests), *dict.fromkeys(kinds)][-8:]


def _tests(junit: bytes) -> Tests:
    root = ET.fromstring(junit)  # noqa: S314 - written by our own test run
    suite = root if root.tag == "testsuite" else root.find("testsuite")
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    if suite is not None:
        counts = {name: int(suite.get(name, 0)) for name in counts}
    failed = counts["failures"] + counts["errors"]
    return Tests(
        passed=counts["tests"] - failed - counts["skipped"],
        failed=failed,
        skipped=counts["skipped"],
    )


def _verdicts(junit: bytes) -> dict[str, bool]:
    """Return the verdicts of Great Expectations that the project's tests noted down."""
    root = ET.fromstring(junit)  # noqa: S314 - written by our own test run
    return {
        noted.attrib["name"]: noted.attrib["value"] == "holds"
        for noted in root.iterfind(".//testcase/properties/property")
    }
