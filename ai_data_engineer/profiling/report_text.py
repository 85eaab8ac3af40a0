"""A profile as a readable table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ai_data_engineer.errors import on_one_line
from ai_data_engineer.profiling.profile import Cadence, ColumnProfile, FileProfile, Scalar

_LONGEST = 20
"""Characters of a value that are shown."""
_MOST_LINES = 10
"""Bad records whose lines are shown."""
_MOST_LISTED = 6
"""Findings of a kind that are shown."""


def render(profile: FileProfile, width: int = 120) -> RenderableType:
    """Return the profile for rich to print: the file, a row for each column, what to look out for.

    `width` is that of the terminal, in characters. Values of columns with personal data are not
    shown.
    """
    parts: list[RenderableType] = [_header(profile), _columns(profile, width)]
    parts += [_child_tables(profile)] if profile.child_tables else []
    if profile.mode == "full":
        parts += _full(profile, width)
    parts += [
        Text.assemble((f"{title}: ", "bold"), on_one_line(_listed(told)))
        for title, told in _findings(profile)
        if told
    ]
    if profile.warnings:
        parts.append(Text("Warnings", style="bold"))
        parts += [
            Text.assemble(
                ("  " + warning.code, "yellow"),
                on_one_line(f" {warning.column}:" if warning.column else ""),
                on_one_line(f" {warning.message}"),
            )
            for warning in profile.warnings
        ]
    return Group(*parts)


def _header(profile: FileProfile) -> Text:
    records = profile.records
    form: list[str] = [profile.format]
    if profile.compression != "none":
        form.append(profile.compression)
    if profile.encoding:
        form.append(profile.encoding)
    if (dialect := profile.dialect) is not None and dialect.column_starts:
        form.append(f"columns at {', '.join(map(str, dialect.column_starts))}")
    elif dialect is not None:
        form.append(f"delimiter {dialect.delimiter!r}")
    if (sheet := profile.sheet) is not None:
        names = "no names" if sheet.header_row is None else f"names in row {sheet.header_row}"
        form.append(on_one_line(f"sheet {sheet.name!r}, {names}"))
    if profile.record_path is not None and profile.format in ("json", "xml"):
        form.append(f"records at {profile.record_path or 'the top'}")
    total = f"{records.total:,}" if records.total_is_exact else f"about {records.total:,}"
    read = [f"{records.read:,} records read of {total}", f"{profile.size_bytes:,} bytes"]
    for count, what in (
        (records.ragged, "of another width"),
        (records.rejected, "set aside"),
        (records.duplicate, "repeated"),
    ):
        if count:
            read.append(f"{count:,} {what}")
    return Text.assemble(
        (on_one_line(profile.uri), "bold"), "\n", ", ".join(form), "\n", ", ".join(read)
    )


def _findings(profile: FileProfile) -> list[tuple[str, list[str]]]:
    """Return what was found in columns and between them, a line for each kind."""
    columns = profile.columns
    dependents: dict[str, list[str]] = {}
    for found in profile.functional_dependencies:
        share = "" if found.share == 1 else f" ({found.share:.1%})"
        dependents.setdefault(found.determinant, []).append(found.dependent + share)
    return [
        ("Candidate keys", [" + ".join(key) for key in profile.candidate_keys]),
        ("References", [
            f"{r.column} → {r.source}.{r.source_column} ({r.containment:.0%} of its values)"
            for r in profile.references
        ]),
        ("Determined", [
            f"{one} → {_listed(by, ', ')}" for one, by in dependents.items()
        ]),
        ("The same", [
            f"{' = '.join(r.columns)} ({r.kind.replace('_', ' ')})"
            for r in profile.repeated_columns
        ]),
        ("In order", [
            f"{c.name} {c.monotonic.replace('_', ' ')}" for c in columns if c.monotonic
        ]),
        ("Cadence", [f"{c.name} {_cadence(c.cadence)}" for c in columns if c.cadence]),
        ("Outliers", [f"{c.name} {c.outlier_count:,}" for c in columns if c.outlier_count]),
        ("Off the shape", [
            f"{c.name} {c.off_shape_count:,}" for c in columns if c.off_shape_count
        ]),
    ]  # fmt: skip


def _cadence(found: Cadence) -> str:
    told = found.name.replace("_", " ")
    if found.period is not None and not found.period.endswith(("1D", "1W", "1M", "1Y", "T1H")):
        told = f"{told} {found.period}"
    return f"{told}, {found.missing:,} missing" if found.missing else told


def _listed(told: list[str], mark: str = "; ") -> str:
    shown = mark.join(told[:_MOST_LISTED])
    more = len(told) - _MOST_LISTED
    return f"{shown}{mark}and {more:,} more" if more > 0 else shown


def _child_tables(profile: FileProfile) -> Text:
    """Return a line that names the lists inside records that could be tables of their own."""
    found = [f"{table.path} ({table.rows:,} rows)" for table in profile.child_tables]
    return Text.assemble(("Lists inside records: ", "bold"), on_one_line("; ".join(found)))


def _columns(profile: FileProfile, width: int) -> Table:
    """Return the table of columns; where it is narrow, the range gives way, then the meaning."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("column", no_wrap=True, max_width=width * 2 // 5)
    table.add_column("type", no_wrap=True, max_width=width // 4, style="cyan")
    table.add_column("nulls", no_wrap=True, justify="right")
    table.add_column("distinct", no_wrap=True, justify="right")
    table.add_column("range", overflow="ellipsis")
    table.add_column("meaning", overflow="ellipsis")
    for column in profile.columns:
        # Names come from the file: as Text, so that no bracket in them is read as markup.
        table.add_row(
            Text(on_one_line(column.name)),
            Text(on_one_line(str(column.type))),
            _share(column.null_count, profile.records.read),
            f"{column.distinct_count:,}"
            if column.distinct_is_exact
            else f"~{column.distinct_count:,}",
            # rich narrows the columns that may wrap; this one shall, and be cut.
            Text(_range(column), no_wrap=True),
            _meaning(column),
        )
    return table


def _full(profile: FileProfile, width: int) -> list[RenderableType]:
    """Return what only a full profile tells: the numbers' distribution, and the bad records."""
    parts: list[RenderableType] = []
    numeric = [column for column in profile.columns if column.quantiles and not column.pii]
    if numeric:
        parts.append(_distributions(numeric, width))
    if profile.records.rejects:
        parts.append(Text("Set aside", style="bold"))
        for reason, count in profile.records.rejected_reasons.items():
            parts.append(Text(on_one_line(f"  {count:,} × {reason}")))
        shown = profile.records.rejects[:_MOST_LINES]
        places = ", ".join(f"{r.file}:{r.line}" if r.file else f"{r.line:,}" for r in shown)
        more = ", …" if profile.records.rejected > len(shown) else ""
        parts.append(Text(on_one_line(f"  at line {places}{more}")))
    return parts


def _distributions(columns: Sequence[ColumnProfile], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("column", no_wrap=True, max_width=width * 2 // 5)
    shares = list(columns[0].quantiles)
    titles = ("mean", "deviation", "skew", *(f"{float(share):.0%}" for share in shares))
    for title in titles:
        table.add_column(title, no_wrap=True, justify="right")
    for column in columns:
        figures = (column.mean, column.std, column.skew, *column.quantiles.values())
        cells = ("" if figure is None else f"{figure:.4g}" for figure in figures)
        table.add_row(Text(on_one_line(column.name)), *cells)
    return table


def _share(count: int, total: int) -> str:
    if not count or not total:
        return ""
    share = 100 * count / total
    return f"{share:.0f} %" if share >= 1 else "< 1 %"


def _range(column: ColumnProfile) -> str:
    if column.pii or column.min is None or column.max is None:
        return ""
    if column.min == column.max:
        return _short(column.min)
    return f"{_short(column.min)} … {_short(column.max)}"


def _short(value: Scalar) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    text = on_one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _meaning(column: ColumnProfile) -> Text:
    meaning = Text()
    if column.could_be_key:
        meaning.append("unique ", style="green")
    elif column.is_constant:
        meaning.append("constant ", style="dim")
    if column.semantic and column.semantic != column.pii:
        meaning.append(f"{column.semantic} ")
    if column.pii:
        meaning.append(f"personal: {column.pii} ", style="red")
    if column.parse.date_format:
        meaning.append(column.parse.date_format, style="dim")
    meaning.rstrip()
    return meaning
