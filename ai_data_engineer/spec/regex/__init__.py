"""Regular expressions: one dialect with one meaning, written for polars, DuckDB and Spark.

The dialect is what Rust's regex crate, RE2 and java.util.regex share, with one meaning for what
they read differently; `docs/semantics.md` has it in full. A pattern stays as it is written where
the engine reads it so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ai_data_engineer.spec.regex.errors import RegexError
from ai_data_engineer.spec.regex.nodes import Node, can_be_empty, groups_of
from ai_data_engineer.spec.regex.parser import Parser
from ai_data_engineer.spec.regex.replacement import Replacement, replacement
from ai_data_engineer.spec.regex.size import check_size
from ai_data_engineer.spec.regex.writers import Java, Re2, Rust

__all__ = ["Capture", "Regex", "RegexError", "Replacement", "parse", "replacement"]


@dataclass(frozen=True)
class Capture:
    """A capturing group: whether a match can pass it by, and whether it can take nothing.

    For both, and for no match at all, DuckDB and Spark extract an empty text. What we mean is null
    without a match, and null for an optional group that takes nothing.
    """

    name: str | None
    is_optional: bool
    can_be_empty: bool

    @property
    def empty_is_null(self) -> bool:
        """Whether an extracted empty text means null; if not, only no match means null."""
        return self.is_optional or not self.can_be_empty


@dataclass(frozen=True)
class Regex:
    """A pattern that has been read; `only` is the one group that captures, then number 1."""

    source: str
    root: Node = field(repr=False)
    only: int | None = None

    @cached_property
    def captures(self) -> tuple[Capture, ...]:
        """The match as a whole, and its capturing groups in the order of their opening brackets."""
        found = groups_of(self.root)
        if self.only is not None:
            found = {self.only: found[self.only]}
        return Capture(None, False, self.can_be_empty), *(
            Capture(group.name, is_optional, can_be_empty(group.body))
            for _, (group, is_optional) in sorted(found.items())
        )

    @property
    def groups(self) -> int:
        """How many capturing groups it has."""
        return len(self.captures) - 1

    @property
    def can_be_empty(self) -> bool:
        """Whether it can match without taking a character."""
        return can_be_empty(self.root)

    def capturing(self, group: int) -> Regex:
        """Return the same pattern with this group alone capturing, for engines that count to 9."""
        return Regex(self.source, self.root, group)

    @cached_property
    def polars(self) -> str:
        """For Rust's regex crate; group numbers stay."""
        return Rust(self.only).pattern(self.root)

    @cached_property
    def duckdb(self) -> str:
        """For RE2, with DuckDB's default options; group numbers stay."""
        return Re2(self.only).pattern(self.root)

    @cached_property
    def spark(self) -> str:
        """For java.util.regex; group numbers stay, names do not."""
        return Java(self.only).pattern(self.root)


def parse(pattern: str) -> Regex:
    """Read a pattern; raises RegexError for what is not in the dialect, or too large."""
    root = Parser(pattern).parse()
    check_size(root)
    return Regex(pattern, root)
