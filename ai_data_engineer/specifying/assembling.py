"""From what a model answered to a spec: the same answers give the same spec, whenever.

So a recorded or a cached answer is worth as much as a fresh one, and no more: it is put together
with the sources of the day and judged like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.patching import patched, rewritten, split, wrong_places
from ai_data_engineer.specifying.pivot_names import name_pivots
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.specifying.prompt import Repair, read_wire, with_ids
from ai_data_engineer.specifying.provenance import Attempt
from ai_data_engineer.specifying.reading import read_object
from ai_data_engineer.specifying.repair import mend
from ai_data_engineer.validating.rules_gate import check_rules
from ai_data_engineer.validating.schema_gate import check_schema

_GIVEN = ("sources", "spec_version")
"""What is not a model's to write."""


class Assembly:
    """Puts a spec together from the answers of models, in their order."""

    def __init__(
        self, given: PipelineSpec, profiles: Sequence[FileProfile], aliases: Aliases
    ) -> None:
        self._given = given.to_dict()
        self._profiles = {s.id: p for s, p in zip(given.sources, profiles, strict=True)}
        self._aliases = aliases
        self._body: dict[str, Any] = {}
        self._found: set[str] = set()

    def take(self, attempt: Attempt) -> None:
        """Take an answer: the first is a whole spec, each later one mends the one before it.

        Raises ProviderError (`E_BAD_ANSWER`) when it holds none; what was there stays.
        """
        try:
            written = read_object(attempt.received or "")
            answer = self._aliases.reveal(read_wire(written))
            nothing = [name for name, value in written.items() if value is None]
            self._body = (
                self._mended(answer, nothing, attempt.findings) if self._body else mend(answer)
            )
        except RecursionError:
            raise ProviderError(
                "The model's answer is nested too deeply.", code="E_BAD_ANSWER"
            ) from None

    def _mended(
        self, patch: dict[str, Any], nothing: Sequence[str], findings: Sequence[Finding]
    ) -> dict[str, Any]:
        """Return the spec with its findings mended: what is valid stays if the rest then is.

        `nothing` are the fields that the patch says null of: one that was wrong goes.
        """
        wrong = wrong_places(self._body, findings)
        if wrong.fields.intersection(nothing):
            removed = patch.get("remove")
            patch = {**patch, "remove": [*(removed if isinstance(removed, list) else []), *nothing]}
        narrow = mend(patched(self._body, patch, wrong))
        if narrow == self._body:  # the model sees the cause elsewhere
            return mend(rewritten(self._body, patch, wrong))
        if (left := self._wrongness(narrow)) == (False, 0):
            return narrow
        wide = mend(rewritten(self._body, patch, wrong))
        return wide if self._wrongness(wide) < left else narrow

    def _wrongness(self, body: dict[str, Any]) -> tuple[bool, int]:
        """Return how much is wrong with a proposal, as far as can be told without data."""
        document, _ = name_pivots(self._complete(body), self._profiles)
        spec, findings = check_schema(document)
        if spec is not None:
            _, findings = check_rules(spec)
        return spec is None, sum(finding.severity == "error" for finding in findings)

    def take_all(self, attempts: Sequence[Attempt]) -> None:
        """Take the answers of earlier attempts, without those that could not be read."""
        for attempt in attempts:
            if attempt.received is not None and attempt.error is None:
                self.take(attempt)

    def document(self) -> dict[str, Any]:
        """Return the spec with our own sources and the names of its pivots."""
        document, self._found = name_pivots(self._complete(self._body), self._profiles)
        return document

    def _complete(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a proposal with our own sources: all that one may ask for is `file_column`."""
        sources = [dict(source) for source in self._given["sources"]]
        asked = body.get("sources")
        for wanted in asked if isinstance(asked, list) else []:
            if isinstance(wanted, dict) and isinstance(wanted.get("file_column"), str):
                for source in sources:
                    if source["id"] == wanted.get("id"):
                        source["file_column"] = wanted["file_column"]
        return {
            **body,
            "spec_version": "1",
            "name": body.get("name") or self._given["name"],
            "sources": sources,
        }

    def repair(self, findings: Sequence[Finding]) -> Repair:
        """Return what a model is told of its last answer: what stays, what is wrong and why.

        Names that were found in the sources' values are not shown.
        """
        body = {k: v for k, v in self._body.items() if k not in _GIVEN}
        kept, failing = split(body, wrong_places(body, findings))
        shown = with_ids([self._shown(f) for f in findings], self._body)
        return Repair(kept, failing, shown, columns=self._columns(kept))

    def _columns(self, kept: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Return the columns behind each step that stays, with their types, as far as is known."""
        steps = kept.get("steps") or []
        ids = [str(step.get("id")) for step in steps if isinstance(step, dict)]
        if not ids:
            return {}
        output = {"id": "kept", "input": ids[-1], "format": "csv", "path": "kept.csv"}
        spec, _ = check_schema({**self._given, "steps": steps, "outputs": [output],
                                "expectations": []})  # fmt: skip
        if spec is None:
            return {}
        schemas, _ = check_rules(spec)
        return {
            step_id: {name: str(column.type) for name, column in schemas[step_id].items()}
            for step_id in ids
            if step_id in schemas
        }

    def _shown(self, finding: Finding) -> Finding:
        """A hint may list columns that are called as values are."""
        if any(name in finding.hint for name in self._found):
            return finding.model_copy(update={"hint": ""})
        return finding


def unreadable(error: ProviderError) -> Finding:
    """Return the finding that tells a model that its answer was none."""
    return Finding(
        code=error.code,
        pointer="",
        message="The answer held no JSON object with steps and outputs.",
        hint="Answer with one JSON object and nothing around it.",
    )
