"""The columns at a step, as they are propagated through a spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.types import LogicalType


@dataclass(frozen=True)
class Column:
    """A column's type, whether it may hold nulls, and the class of personal data it carries."""

    type: LogicalType
    nullable: bool = True
    pii: str | None = None


class Schema(Mapping[str, Column]):
    """Ordered, immutable name → Column."""

    def __init__(self, columns: Mapping[str, Column] | Iterable[tuple[str, Column]] = ()) -> None:
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"Schema({', '.join(f'{n}: {c.type}' for n, c in self.items())})"

    def find(self, name: str, findings: Findings) -> Column | None:
        """Return the column, or add `E_UNKNOWN_COLUMN` with the nearest name and return None."""
        column = self._columns.get(name)
        if column is None:
            message = f"There is no column `{name}` here."
            findings.error("E_UNKNOWN_COLUMN", message, nearest(name, self))
        return column

    def find_all(self, names: Iterable[str], findings: Findings) -> bool:
        """Check each name at its own index below the findings' place; return whether all exist."""
        found = [self.find(n, findings.at(i)) for i, n in enumerate(names)]
        return None not in found

    def with_columns(self, /, **columns: Column) -> Schema:
        """Return a schema with columns added behind, or replaced where they stand."""
        return Schema({**self._columns, **columns})

    def select(self, names: Iterable[str]) -> Schema:
        """Return the named columns in the order given."""
        return Schema({n: self._columns[n] for n in names})

    def without(self, names: Iterable[str]) -> Schema:
        """Return a schema without the named columns."""
        gone = set(names)
        return Schema({n: c for n, c in self._columns.items() if n not in gone})
