"""A spec in the making: steps are added one by one, and only those that fit what is there."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from ai_data_engineer.profiling.profile import ColumnProfile, Reference
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation, Output, Schedule, Trigger
from ai_data_engineer.specifying.offline.vocabulary import Field, Ref, Table, Vocabulary

MAX_NOTE = 500
MAX_ID = 63


class NotPossible(Exception):
    """A wish that cannot be met as the columns stand; the message says why, for the person."""


@dataclass
class Chain:
    """Rows on their way from one or more sources to an output."""

    name: str
    """What the rows are called in ids: `orders`, later `orders_by_month`."""
    sources: tuple[str, ...]
    node: str
    """The source or step whose rows stand at the end."""
    schema: Schema
    profiles: dict[str, ColumnProfile]
    """Current column → the profile of the column that it is."""
    key: tuple[str, ...] = ()
    """Columns that identify a row, where known."""
    key_holds: bool = False
    """Whether the steps so far see to it that the key is unique."""
    references: tuple[Reference, ...] = ()
    """Likely foreign keys of the sources to others, by the names that they were profiled under."""
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    """(table, column as the goal knows it) → its name now."""
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    """(date column, unit) → the column that was derived for it."""
    measures: dict[tuple[str, str], str] = field(default_factory=dict)
    """(function, column that was summed up, or `` for rows) → the figure's name."""
    removes_rows: bool = False
    """Whether rows went because the goal says so."""
    former: tuple[str, ...] = ()
    """Names that the rows had before they were joined."""
    before: Chain | None = None
    """The rows before this turn of the goal put them together."""
    grouped_by: tuple[object, ...] = ()
    """What they were put together by, as the goal says it."""
    summarised: bool = False
    """Whether the rows are groups by now."""

    def find(self, ref: Ref) -> str | None:
        """Return the current name of a column that the goal speaks of, or None when it is gone."""
        for table, name in ref.places:
            if table in self.tables:
                current = self.renamed.get((table, name), name)
                if current in self.schema:
                    return current
        return None

    def find_all(self, refs: Iterable[Ref]) -> list[str]:
        """Return the current names of those columns that are still there, each once."""
        return list(dict.fromkeys(name for ref in refs if (name := self.find(ref))))

    def name_of(self, ref: Ref) -> str:
        """Return the current name of a column; raises NotPossible when it is gone."""
        if (current := self.find(ref)) is None:
            raise NotPossible(f"`{ref.name}` is not there at this point")
        return current

    @property
    def tables(self) -> tuple[str, ...]:
        """Names under which the goal may speak of these rows."""
        return (*self.sources, *self.former, self.name)

    def copy(self) -> Chain:
        """Return a chain that goes its own way from here."""
        return replace(
            self,
            profiles=dict(self.profiles),
            renamed=dict(self.renamed),
            measures=dict(self.measures),
            parts=dict(self.parts),
        )

    def table(self) -> Table:
        """Return the rows as they stand now, to be spoken of."""
        return Table(
            self.name,
            {n: Field(n, column.type, self.profiles.get(n)) for n, column in self.schema.items()},
            " ".join(self.sources),
        )


@dataclass
class OutputWish:
    """How the results are to be written, as far as the goal says."""

    formats: list[str] = field(default_factory=list)
    path: str | None = None
    mode: str = "overwrite"
    keys: list[Ref] = field(default_factory=list)
    partitions: list[tuple[Ref, str | None]] = field(default_factory=list)
    """Columns, some by a unit of time."""


class Draft:
    """Steps, chains and what has to be said about them."""

    def __init__(self, chains: Iterable[Chain], uris: Iterable[str]) -> None:
        self.chains = list(chains)
        self.sources = [source for chain in self.chains for source in chain.sources]
        self.uris = list(uris)
        self.steps: list[dict[str, Any]] = []
        self.schemas: dict[str, Schema] = {chain.node: chain.schema for chain in self.chains}
        self.understood: list[str] = []
        self.not_understood: list[str] = []
        self.decisions: list[str] = []
        self.expectations: list[Expectation] = []
        self.outputs: list[Output] = []
        self.wish = OutputWish()
        self.schedule: Schedule | None = None
        self.trigger: Trigger | None = None

    def add(
        self,
        chain: Chain,
        verb: str,
        op: str,
        note: str,
        inputs: list[str] | None = None,
        **parameters: Any,
    ) -> None:
        """Put a step at the end of a chain; raises NotPossible when columns or types do not fit.

        `verb` is the beginning of the step's id: `filter` becomes `filter_orders`.
        """
        step_id = self.free_id(f"{verb}_{chain.name}")
        self.add_named(chain, step_id, op, note, inputs, **parameters)

    def add_named(
        self,
        chain: Chain,
        step_id: str,
        op: str,
        note: str,
        inputs: list[str] | None = None,
        **parameters: Any,
    ) -> None:
        """Put a step with an id of its own at the end of a chain, like `add`."""
        inputs = inputs or [chain.node]
        document = {
            "id": step_id,
            "op": op,
            "inputs": inputs,
            "note": note[:MAX_NOTE],
            **parameters,
        }
        schema = self._propagated(document)
        self.steps.append(document)
        self.schemas[step_id] = schema
        chain.node, chain.schema = step_id, schema
        chain.profiles = {n: p for n, p in chain.profiles.items() if n in schema}

    def change(self, chain: Chain, step: Mapping[str, Any], **parameters: Any) -> None:
        """Change a step of a chain, and see that those behind it still fit; raises NotPossible."""
        at = self.steps.index(dict(step))
        changed = {**step, **parameters, "note": parameters.get("note", step["note"])[:MAX_NOTE]}
        self.steps[at] = changed
        for later in self.steps[at:]:
            self.schemas[later["id"]] = self._propagated(later)
        chain.schema = self.schemas[chain.node]

    def last(self, chain: Chain, op: str) -> dict[str, Any] | None:
        """Return the latest step of that kind on the way to the end of a chain."""
        by_id = {step["id"]: step for step in self.steps}
        node = chain.node
        while node in by_id and by_id[node]["op"] != op:
            node = by_id[node]["inputs"][0]
        return by_id.get(node)

    def _propagated(self, document: Mapping[str, Any]) -> Schema:
        findings = Findings()
        inputs = [self.schemas[i] for i in document["inputs"]]
        schema = _checked(document).propagate(inputs, findings)
        errors = [f for f in findings.items if f.severity == "error"]
        if errors or schema is None:
            raise NotPossible(
                "; ".join(f"{f.message} {f.hint}".strip() for f in errors) or "it does not fit"
            )
        return schema

    def main_date(self, chain: Chain) -> Ref | None:
        """Return the date of a chain's rows that one means without naming it."""
        return Vocabulary([chain.table()]).main_date()

    def snapshot(self) -> Draft:
        """Return a copy to come back to with `restore`."""
        saved = copy(self)
        saved.__dict__.update(
            chains=[chain.copy() for chain in self.chains],
            steps=list(self.steps),
            schemas=dict(self.schemas),
            wish=replace(
                self.wish,
                formats=list(self.wish.formats),
                partitions=list(self.wish.partitions),
            ),
        )
        return saved

    def restore(self, saved: Draft) -> None:
        """Undo what was done since the snapshot."""
        self.__dict__.update(saved.__dict__)

    def free_id(self, wanted: str) -> str:
        """Return an identifier that nothing has yet: shortened, numbered, no Python keyword."""
        taken = {*self.sources, *(s["id"] for s in self.steps), *(o.id for o in self.outputs)}
        return unused(wanted, taken)


def unused(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted` as an identifier that is not taken."""
    known = set(taken)
    base = wanted[:MAX_ID].rstrip("_")
    if keyword.iskeyword(base):
        base = f"{base}_rows"[:MAX_ID]
    candidate, number = base, 1
    while candidate in known:
        number += 1
        candidate = f"{base[: MAX_ID - len(str(number)) - 1].rstrip('_')}_{number}"
    return candidate


def _checked(document: Mapping[str, Any]) -> Step:
    model = all_operators()[document["op"]]
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise NotPossible("; ".join(e["msg"] for e in error.errors())) from error
