"""Tables laid out as people and programs do: titles above, several header rows, totals below.

Each text is made of a table whose names are known, so the place of everything is known. The tables
are parts of `vega_datasets` and those of `benchmarks.written_tables`.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.written_tables import KINDS, Table, made_table, real_table


@dataclass(frozen=True)
class LaidOut:
    """A text, where its table lies in it, and how it was laid out.

    `header_row` is the physical line of the first row of names, None when there is none.
    """

    text: str
    delimiter: str
    header_row: int | None
    header_rows: int
    preamble_lines: int
    footer_lines: int
    records: int
    above: str
    header: str
    below: str


def lay_out(count: int, seed: int) -> Iterator[LaidOut]:
    """Yield `count` texts, the same ones for the same seed."""
    chance = random.Random(seed)
    while count:
        rows = chance.choice([4, 8, 20, 60])
        table = (
            real_table(rows, chance)
            if chance.random() < 0.6
            else made_table(chance.choice(KINDS), rows, chance)
        )
        if len(table[0]) < 2 or len(table) < 4:
            continue
        count -= 1
        yield _lay_out(table, chance)


def _lay_out(table: Table, chance: random.Random) -> LaidOut:
    delimiter = chance.choice([",", ",", ",", ";", "\t", "|"])
    above = chance.choice(["nothing", "nothing", *_ABOVE])
    header = chance.choice(["one row", "one row", "one row", "none", *_HEADERS])
    below = chance.choice(["nothing", "nothing", *_BELOW])
    names, rows = table[0], table[1:]
    head = {"one row": [names], "none": []}.get(header) or (
        _HEADERS[header](names, rows, chance) if header in _HEADERS else []
    )
    width = len(names)
    preamble = _ABOVE[above](width, chance) if above in _ABOVE else []
    footer = _BELOW[below](rows, chance) if below in _BELOW else []
    before, after = _written(preamble, delimiter), _written(footer, delimiter)
    text = before + _written([*head, *rows], delimiter) + after
    lines = before.count("\n")
    return LaidOut(
        text=text,
        delimiter=delimiter,
        header_row=lines if head else None,
        header_rows=len(head),
        preamble_lines=lines,
        footer_lines=after.lstrip("\n").count("\n"),
        records=len(rows),
        above=above,
        header=header if head else "none",
        below=below,
    )


def _written(rows: list[list[str] | str], delimiter: str) -> str:
    """Write rows; a text is a line as it is."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    for row in rows:
        if isinstance(row, str):
            out.write(row + "\n")
        else:
            writer.writerow(row)
    return out.getvalue()


_TITLES = [
    "Quarterly sales report", "Umsatz nach Filiale, 2. Quartal", "Table 4: Population by district",
    "Résultats de l'enquête annuelle (provisoire)", "Monthly averages for the station at the mill",
    "Bevölkerungsstand; Fortschreibung", "Export of customer accounts, all branches",
]  # fmt: skip
_NOTES = [
    "All amounts in thousands, unless stated otherwise.", "Made 2024-03-05 10:22 by export 3.1",
    "Period: 01.01.2023 - 31.12.2023", "Figures are provisional and may be revised",
    "User: reporting", "Stand: März 2024", "Confidential", "Version 2", "Page 1 of 1",
]  # fmt: skip
_ENDS = [
    "Source: statistical office", "Note: figures may not add up due to rounding.", "End of report",
    "* provisional", "(c) 2024 The office", "Quelle: eigene Erhebung, 2024",
    "Generated on 5 March 2024", "1) without the islands",
]  # fmt: skip


def _title(width: int, chance: random.Random) -> list[list[str] | str]:
    return [chance.choice(_TITLES)]


def _title_and_gap(width: int, chance: random.Random) -> list[list[str] | str]:
    return [chance.choice(_TITLES), ""]


def _several_notes(width: int, chance: random.Random) -> list[list[str] | str]:
    notes = chance.sample(_NOTES, chance.randint(2, 5))
    return [chance.choice(_TITLES), *notes, *([""] * chance.randint(0, 2))]


def _padded(width: int, chance: random.Random) -> list[list[str] | str]:
    """Titles as a spreadsheet writes them: as wide as the table."""
    lines = [chance.choice(_TITLES), *chance.sample(_NOTES, chance.randint(0, 3))]
    padded: list[list[str] | str] = [[line] + [""] * (width - 1) for line in lines]
    return [*padded, [""] * width] if chance.random() < 0.5 else padded


def _pairs(width: int, chance: random.Random) -> list[list[str] | str]:
    """Settings and their values in two cells."""
    pairs = [
        ["Report", "Sales"], ["Created", "2024-03-05"], ["Currency", "EUR"], ["Rows", "100"],
        ["Filter", "none"], ["Region", "North"],
    ]  # fmt: skip
    return [*chance.sample(pairs, chance.randint(2, 4)), ""]


def _comments(width: int, chance: random.Random) -> list[list[str] | str]:
    mark = chance.choice(["# ", "#", "// ", "% ", "! "])
    return [mark + note for note in chance.sample([*_TITLES, *_NOTES], chance.randint(1, 4))]


def _gap(width: int, chance: random.Random) -> list[list[str] | str]:
    return [""] * chance.randint(1, 3)


_ABOVE = {
    "a title": _title,
    "a title and a blank line": _title_and_gap,
    "several lines": _several_notes,
    "lines as wide as the table": _padded,
    "settings": _pairs,
    "comments": _comments,
    "blank lines": _gap,
}


def _groups(names: list[str], rows: Table, chance: random.Random) -> Table:
    """A row of groups, each over two or more names, as merged cells are written."""
    if len(names) < 4:
        return [names]
    above = [""] * len(names)
    for number, start in enumerate(range(1, len(names) - 1, 2)):
        above[start] = ["North", "South", "East", "West", "Centre"][number % 5]
    return [above, names]


def _units(names: list[str], rows: Table, chance: random.Random) -> Table:
    """A row of units below the names of the columns of numbers, where there are two or more."""
    below = [_unit(column, chance) for column in zip(*rows, strict=True)]
    return [names, below] if sum(map(bool, below)) > 1 else [names]


def _unit(column: tuple[str, ...], chance: random.Random) -> str:
    try:
        for cell in filter(None, column):
            float(cell)
    except ValueError:
        return ""
    return chance.choice(["kg", "EUR", "km/h", "%", "(m)", "[s]", "°C", "thousands"])


def _unnamed_first(names: list[str], rows: Table, chance: random.Random) -> Table:
    return [["", *names[1:]]]


def _repeated_names(names: list[str], rows: Table, chance: random.Random) -> Table:
    return [[*names[:-1], names[0]]] if len(names) > 2 else [names]


def _long_names(names: list[str], rows: Table, chance: random.Random) -> Table:
    return [
        [f"{name.replace('_', ' ').title()} (as reported, {n})" for n, name in enumerate(names)]
    ]


def _years(names: list[str], rows: Table, chance: random.Random) -> Table:
    if len(names) < 3:
        return [names]
    first = chance.randint(1990, 2015)
    return [[names[0], *(str(first + n) for n in range(len(names) - 1))]]


_HEADERS = {
    "groups above": _groups,
    "units below": _units,
    "first name empty": _unnamed_first,
    "a name twice": _repeated_names,
    "long names": _long_names,
    "years": _years,
}


def _total(rows: Table, chance: random.Random) -> list[list[str] | str]:
    word = chance.choice(["Total", "TOTAL", "Summe", "Grand total", "Gesamt", "Sum"])
    return [[word, *(_sum(column) for column in list(zip(*rows, strict=True))[1:])]]


def _sum(column: tuple[str, ...]) -> str:
    try:
        return str(round(sum(float(cell) for cell in column if cell), 2))
    except ValueError:
        return ""


def _note(rows: Table, chance: random.Random) -> list[list[str] | str]:
    return [chance.choice(_ENDS)]


def _gap_and_notes(rows: Table, chance: random.Random) -> list[list[str] | str]:
    return ["", *chance.sample(_ENDS, chance.randint(1, 3))]


def _padded_note(rows: Table, chance: random.Random) -> list[list[str] | str]:
    return [[chance.choice(_ENDS)] + [""] * (len(rows[0]) - 1)]


_BELOW = {
    "a total": _total,
    "a note": _note,
    "a blank line and notes": _gap_and_notes,
    "a note as wide as the table": _padded_note,
}
