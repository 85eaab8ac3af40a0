"""The figures of a column, each with its name."""

from __future__ import annotations

from collections.abc import Iterator

from ai_data_engineer.profiling.profile import Cadence, ColumnProfile
from ai_data_engineer.profiling.report_html.text import count, share, value

Fact = tuple[str, str]

NOT_SHOWN = "not shown: personal data"


def facts(column: ColumnProfile, rows: int, *, is_hidden: bool) -> list[Fact]:
    """Return name and text of all that is known of a column but its distribution.

    `rows` are the records that were read. Where the column `is_hidden`, no value of it is told.
    """
    return [*_counts(column, rows), *_range(column, is_hidden), *_meaning(column), *_parse(column)]


def _counts(column: ColumnProfile, rows: int) -> Iterator[Fact]:
    present = rows - column.null_count
    missing = f"{count(column.null_count)} ({share(column.null_count, rows)})"
    yield "Missing", missing if column.null_count else "none"
    if column.nullable and not column.null_count:
        yield "May be missing", "likely, though none is among the records read"
    if column.unparsed_count:
        of_all = share(column.unparsed_count, present)
        yield "Not of the type", f"{count(column.unparsed_count)} ({of_all})"
    distinct = count(column.distinct_count, is_exact=column.distinct_is_exact)
    if column.distinct_error:
        distinct += f" (standard error {100 * column.distinct_error:.1f} %)"
    yield "Distinct", distinct
    if column.is_unique:
        yield "Unique", "yes" if column.could_be_key else "yes, though unlikely to be a key"
    elif column.is_constant:
        yield "Constant", "yes"
    if column.is_grouped:
        yield "Grouped", "equal values stand together"


def _range(column: ColumnProfile, is_hidden: bool) -> Iterator[Fact]:
    figures = (("Least", column.min), ("Greatest", column.max), ("Mean", column.mean),
               ("Standard deviation", column.std), ("Skew", column.skew))  # fmt: skip
    if is_hidden:
        if any(figure is not None for _, figure in figures):
            yield "Range and mean", NOT_SHOWN
    else:
        yield from ((name, value(figure)) for name, figure in figures if figure is not None)
    if column.min_length is not None and column.max_length is not None:
        ends = sorted({column.min_length, column.max_length})
        yield "Length", " to ".join(map(count, ends)) + " characters"
    if column.monotonic:
        yield "Order", column.monotonic.replace("_", " ")
    if column.outlier_count is not None:
        fences = column.outlier_fences
        told = count(column.outlier_count) if column.outlier_count else "none"
        if fences is not None and not is_hidden:
            told += f" below {value(fences[0])} or above {value(fences[1])}"
        yield "Outliers", told
    if column.off_shape_count:
        yield "Off the shape", count(column.off_shape_count)
    if column.cadence is not None:
        yield "Cadence", _cadence(column.cadence)
        if column.cadence.schedule:
            yield "Could be fetched on", f"{column.cadence.schedule} (cron, UTC)"


def _meaning(column: ColumnProfile) -> Iterator[Fact]:
    if column.semantic:
        support = column.semantic_support
        by = "by its name" if support is None else f"{share(support, 1)} of the values"
        yield "Meaning", f"{column.semantic.replace('_', ' ')} ({by})"
    if column.pii:
        because = f" ({column.pii_reason})" if column.pii_reason else ""
        yield "Personal data", f"{column.pii.replace('_', ' ')}{because}"
    if column.unit:
        yield "Unit", column.unit


def _parse(column: ColumnProfile) -> Iterator[Fact]:
    parse = column.parse
    if parse.date_format:
        language = f", language {parse.date_language}" if parse.date_language else ""
        yield "Written as", f"{parse.date_format}{language}"
    if parse.thousands_mark or parse.decimal_mark != ".":
        thousands = f", {parse.thousands_mark!r} between thousands" if parse.thousands_mark else ""
        yield "Marks in numbers", f"{parse.decimal_mark!r} before the fraction{thousands}"
    if parse.negative:
        yield (
            "Negative numbers",
            {
                "parentheses": "in parentheses",
                "behind": "sign behind the number",
                "typographic": "sign U+2212",
            }[parse.negative],
        )
    if parse.true_tokens or parse.false_tokens:
        yield "True, false", f"{_listed(parse.true_tokens)}; {_listed(parse.false_tokens)}"
    if tokens := [token for token in parse.null_tokens if token]:
        yield "Read as missing", _listed(tokens)
    if column.support < 1:
        yield "Support of the type", share(column.support, 1)


def _listed(texts: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def _cadence(found: Cadence) -> str:
    told = found.name.replace("_", " ")
    if found.period is not None:
        told += f", step {found.period}"
    if found.missing:
        told += f", {count(found.missing)} missing ({share(found.missing_share, 1)})"
    return told if found.is_regular else f"{told}; not evenly"
