"""The expectations a spec may hold: each is one `register` call in a module of this package.

Great Expectations drops what it does not know without a word, so a type outside this registry is
refused before it gets there. The checks, the rendered code, the prompt and the tests read it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec import expectations
from ai_data_engineer.spec.code import Code
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import LogicalType

Kwargs = Mapping[str, Any]
Wants = Literal["any", "orderable", "numeric", "numeric or temporal", "string"]


class KwargError(SpecError):
    """A kwarg that has the right form and yet cannot be meant; `kwarg` is its name."""

    def __init__(self, kwarg: str, message: str, *, code: str = "E_TYPE", hint: str = "") -> None:
        self.kwarg = kwarg
        super().__init__(message, code=code, hint=hint)


@dataclass(frozen=True)
class Rule:
    """A rule of the rendered `quality.py`: a class of its `expectations.py`, and its arguments."""

    kind: str
    arguments: Mapping[str, Code | None] = field(default_factory=dict)
    """None stands for the class's own default."""


Compile = Callable[[Kwargs, Schema], Rule]


@dataclass(frozen=True)
class ExpectationType:
    """One expectation type of Great Expectations."""

    name: str
    properties: Mapping[str, Mapping[str, Any]]
    """Kwarg → its JSON Schema. `column`, `column_A` and `column_B` name a column of the table."""
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    """Kwargs of which at least one has a value."""
    wants: Wants
    """What the columns' types must be."""
    compile: Compile | None
    """Gives the rule in polars; None: only Great Expectations judges it, and only the sample."""
    example: Mapping[str, Any]
    on_pandas: Callable[[Kwargs, Schema], bool]
    """Whether Great Expectations judges it on pandas, with the meaning that it has here."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its kwargs."""
        return {
            "type": "object",
            "properties": dict(self.properties),
            "required": list(self.required),
            "additionalProperties": False,
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """The kwargs that name one column of the table."""
        return tuple(k for k in self.properties if k in ("column", "column_A", "column_B"))

    @property
    def column_lists(self) -> tuple[str, ...]:
        """The kwargs that name several columns of the table."""
        if self.name.startswith("expect_table_"):
            return ()  # they say which columns there should be
        return tuple(k for k in self.properties if k == "column_list")

    def fits(self, kind: LogicalType) -> bool:
        """Whether the expectation makes sense on a column of that type."""
        match self.wants:
            case "orderable":
                return kind.is_orderable
            case "numeric":
                return kind.is_numeric
            case "numeric or temporal":
                return kind.is_numeric or kind.name in ("date", "datetime")
            case "string":
                return kind.name == "string"
            case _:
                return True


_REGISTRY: dict[str, ExpectationType] = {}


def register(
    name: str,
    properties: Mapping[str, Mapping[str, Any]],
    compile: Compile | None,
    example: Mapping[str, Any],
    *,
    optional: tuple[str, ...] = (),
    one_of: tuple[str, ...] = (),
    wants: Wants = "any",
    on_pandas: Callable[[Kwargs, Schema], bool] | bool = True,
) -> None:
    """Add a type; kwargs that are neither `optional` nor in `one_of` are required."""
    judged = on_pandas if callable(on_pandas) else lambda kwargs, schema: on_pandas
    required = tuple(k for k in properties if k not in optional and k not in one_of)
    _REGISTRY[name] = ExpectationType(
        name, properties, required, one_of, wants, compile, example, judged
    )


@cache
def all_expectations() -> dict[str, ExpectationType]:
    """Return name → type, sorted by name."""
    for module in pkgutil.iter_modules(expectations.__path__):
        importlib.import_module(f"{expectations.__name__}.{module.name}")
    return dict(sorted(_REGISTRY.items()))
