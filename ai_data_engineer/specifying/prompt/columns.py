"""A column in a line of facts: what a model needs to know of it, and no cell of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.specifying.privacy.shapes import safe_shape
from ai_data_engineer.specifying.prompt.marking import Names, quoted
from ai_data_engineer.types import LogicalType

MAX_FIELDS = 12
"""Fields of a struct that are shown."""
_MEANING = {"key": "identifier"}
"""Where a word of profiles could be taken for another thing: an identifier may well repeat."""
_MAX_DEPTH = 3
_MAX_SHAPE = 24
_MAX_UNIT = 12

Examples = Callable[[ColumnProfile], Sequence[str]]


def short(column: ColumnProfile, names: Names) -> str:
    """Return name and type alone."""
    return f"{names.name(column.name)} {type_text(column.type, names)}"


def full(column: ColumnProfile, read: int, names: Names, examples: Examples | None = None) -> str:
    """Return name, type and facts; `read` is how many records the facts are of.

    Minimum, maximum, quantiles and frequent values are not among them: each is a cell's value.
    `examples` gives values that may be shown.
    """
    facts = [*_facts(column, read, names)]
    if examples is not None and (shown := examples(column)):
        facts.append("such as " + " ".join(names.text(value, 40) for value in shown))
    return f"{short(column, names)}{': ' if facts else ''}{', '.join(facts)}"


def _facts(column: ColumnProfile, read: int, names: Names) -> list[str]:
    facts = []
    if column.could_be_key:
        facts.append("could be key")
    elif column.is_constant:
        facts.append("constant")
    elif column.is_unique:
        facts.append("unique")
    else:
        facts.append(f"{'' if column.distinct_is_exact else '~'}{column.distinct_count} distinct")
    if column.null_count:
        facts.append(f"{share(column.null_count, read)} null")
    if column.unparsed_count:
        facts.append(f"{share(column.unparsed_count, read)} not {column.type.name}")
    if column.semantic is not None and column.semantic != column.pii:
        facts.append(_MEANING.get(column.semantic, column.semantic))
    if column.pii is not None:
        facts.append(f"personal {column.pii}")
    if column.unit:
        facts.append(f"unit {names.text(column.unit, _MAX_UNIT)}")
    if column.cadence is not None and column.cadence.name != "irregular":
        facts.append(column.cadence.name)
    if column.monotonic is not None and not column.is_constant:
        facts.append(column.monotonic.replace("_", " "))
    if column.shapes and column.pii is None:
        # Not hidden: `999-99-9999` is no number of anyone, and looks like one.
        shapes = dict.fromkeys(safe_shape(str(shape.value)) for shape in column.shapes[:3])
        shown = [quoted(shape, _MAX_SHAPE) for shape in shapes if shape]
        facts += [f"shapes {' '.join(shown)}"] if shown else []
    if not _is_told_by(column.name, column.source_name):
        facts.append(f"found as {names.label(column.source_name)}")
    return facts


def share(count: int, of: int) -> str:
    """Return a share in percent, at least `<1%`."""
    percent = 100 * count / max(of, count, 1)
    return f"{percent:.0f}%" if percent >= 1 else "<1%"


def type_text(kind: LogicalType, names: Names, depth: int = 1) -> str:
    """Return a type; the names of a struct's fields are data too, and may be thousands."""
    if kind.item is not None:
        return f"list<{type_text(kind.item, names, depth + 1)}>"
    if kind.name != "struct":
        return str(kind)
    if depth > _MAX_DEPTH:
        return f"struct<… {len(kind.fields)} fields>"
    shown = [
        f"{names.name(name)}: {type_text(field, names, depth + 1)}"
        for name, field in kind.fields[:MAX_FIELDS]
    ]
    if (more := len(kind.fields) - MAX_FIELDS) > 0:
        shown.append(f"… {more} more")
    return f"struct<{', '.join(shown)}>"


def _is_told_by(name: str, source_name: str) -> bool:
    return re.sub(r"[^a-z0-9]", "", source_name.lower()) == name.replace("_", "") or not source_name
