"""Clean tables, and files that hold them with one pollution each at each position.

The kinds are those of Pollock (Vitagliano et al., *Pollock: A Data Loading Benchmark*, VLDB 2023)
and further ones of the same sort. The tables are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

Grid = list[list[str]]


@dataclass(frozen=True)
class Layout:
    """How a grid is written; RFC 4180 unless told otherwise."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    line_end: str = "\r\n"
    quoted: frozenset[int] = frozenset()
    """Columns whose cells are always in quotes."""

    def cell(self, text: str, column: int) -> str:
        """Return one cell as it is written."""
        marks = (self.delimiter, self.quote, "\r", "\n")
        if column not in self.quoted and not any(mark in text for mark in marks):
            return text
        return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote

    def cells(self, row: Sequence[str]) -> list[str]:
        """Return the cells of a row as they are written."""
        return [self.cell(text, column) for column, text in enumerate(row)]

    def line(self, row: Sequence[str]) -> str:
        """Return a row as it is written, with its line end."""
        return self.delimiter.join(self.cells(row)) + self.line_end

    def text(self, grid: Sequence[Sequence[str]]) -> str:
        """Return a whole grid as it is written."""
        return "".join(map(self.line, grid))


@dataclass(frozen=True)
class CleanTable:
    """A table before anything happens to it; its first row are the names."""

    name: str
    grid: Grid
    layout: Layout


@dataclass(frozen=True)
class PollutedFile:
    """A file and what a reader should get out of it, the header first."""

    table: str
    kind: str
    name: str
    data: bytes
    clean: Grid


def tables() -> list[CleanTable]:
    """Return the clean tables: a shop's orders, a weather station's readings, a club's members."""
    return [
        CleanTable("orders", _orders(), Layout(quoted=frozenset({6, 7}))),
        CleanTable("readings", _readings(), Layout()),
        CleanTable("members", _members(), Layout(quoted=frozenset({1}))),
    ]


def pollock_files(table: CleanTable) -> Iterator[PollutedFile]:
    """Yield a file for each of Pollock's pollutions, at each row and column where it has one."""
    yield from _whole_file(table)
    for row in range(len(table.grid)):
        yield _other_delimiter(table, row, " ", "row_field_delimiter")
        for column in range(len(table.grid[0])):
            yield _more_delimiters(table, row, column)
            if column:
                yield _less_delimiters(table, row, column)
            yield _stray_quote(table, row, column, "row_extra_quote", lambda text: '"' + text)


def further_files(table: CleanTable) -> Iterator[PollutedFile]:
    """Yield files with pollutions of the same sort that Pollock leaves out."""
    yield from _other_dialects(table)
    for row in range(len(table.grid)):
        yield _other_delimiter(table, row, ";", "row_semicolons")
        yield _other_layout(table, row, "row_quotation_char", quote="'", escape="'")
        yield _other_layout(table, row, "row_escape_char", escape="\\")
        yield _other_layout(table, row, "row_record_delimiter", line_end="\n")
        yield _blank_line(table, row)
        for column in range(len(table.grid[0])):
            yield _stray_quote(table, row, column, "row_quote_behind", lambda text: text + '"')
            yield _stray_quote(table, row, column, "row_quote_inside", _with_quote_inside)


def _file(
    table: CleanTable, kind: str, text: str, clean: Grid, *, place: str = "", encoding: str = "utf8"
) -> PollutedFile:
    return PollutedFile(table.name, kind, f"{kind}{place}", text.encode(encoding), clean)


def _whole_file(table: CleanTable) -> Iterator[PollutedFile]:
    grid, layout = table.grid, table.layout
    header, rows, text = grid[0], grid[1:], layout.text(grid)
    several = [" ".join([name] * 2) for name in header], [" ".join([name] * 3) for name in header]
    empty = [""] * len(header)
    title = ["PREAMBLE", *empty[1:]]
    yield _file(table, "source", text, grid)
    yield _file(table, "file_no_payload", "", [])
    yield _file(table, "file_no_trailing_newline", text.removesuffix(layout.line_end), grid)
    yield _file(table, "file_double_trailing_newline", text + layout.line_end, grid)
    yield _file(table, "file_no_header", layout.text(rows), rows)
    yield _file(table, "file_header_multirow_2", layout.line(header) + text, [several[0], *rows])
    more = layout.line(header) * 2 + text
    yield _file(table, "file_header_multirow_3", more, [several[1], *rows])
    yield _file(table, "file_preamble", layout.text([title, empty, *grid]), grid)
    for kind, change in (("less", -1), ("same", 0), ("more", 1)):
        other = [_widened(row, change, number) for number, row in enumerate(grid)]
        plain = replace(layout, quoted=frozenset())
        yield _file(table, f"file_multitable_{kind}", text + plain.text(other), grid + other)
    yield _file(table, "file_header_only", layout.line(header), [header])
    yield _file(table, "file_one_data_row", layout.text(grid[:2]), grid[:2])
    for mark in ("\n", "\r"):
        yield _written(table, "file_record_delimiter", replace(layout, line_end=mark))
    for mark in (";", "\t", ", ", " "):
        yield _written(table, "file_field_delimiter", replace(layout, delimiter=mark))
    yield _written(table, "file_quotation_char", replace(layout, quote="'", escape="'"))
    yield _written(table, "file_escape_char", replace(layout, escape="\\"))
    yield _written(table, "file_escape_char", replace(layout, escape=""))


def _other_dialects(table: CleanTable) -> Iterator[PollutedFile]:
    grid, layout = table.grid, table.layout
    text = layout.text(grid)
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252"):
        yield _file(table, "file_encoding", text, grid, place=f"_{encoding}", encoding=encoding)
    for mark in ("|", "||", "::", "\t\t", "~"):
        yield _written(table, "file_field_delimiter_other", replace(layout, delimiter=mark))
    everything = frozenset(range(len(grid[0])))
    yield _written(table, "file_all_quoted", replace(layout, quoted=everything))
    note = "Prepared by the office\r\nAll figures are provisional\r\n\r\n"
    yield _file(table, "file_notes_before", note + text, grid)
    yield _file(table, "file_notes_behind", text + "\r\nSource: the office\r\n", grid)
    yield _file(table, "file_comments", "# made by hand\r\n" + text, grid)
    ending = "".join(layout.line([*row, ""]) for row in grid)
    yield _file(table, "file_trailing_delimiter", ending, grid)
    column = [row[:1] for row in grid]
    yield _file(table, "file_one_column", layout.text(column), column)


def _written(table: CleanTable, kind: str, layout: Layout) -> PollutedFile:
    changed = {
        name: new
        for name, new in vars(layout).items()
        if new != vars(table.layout)[name] and name in ("delimiter", "quote", "escape", "line_end")
    }
    mark = changed.get("quote") or next(iter(changed.values()), "")
    place = "".join(f"_0x{ord(character):X}" for character in mark)
    return _file(table, kind, layout.text(table.grid), table.grid, place=place or "_none")


def _widened(row: list[str], change: int, number: int) -> list[str]:
    if change < 0:
        return row[:change]
    return row + [f"col{n + 1}" if number == 0 else "" for n in range(change)]


def _with_line(table: CleanTable, row: int, line: str) -> str:
    lines = [table.layout.line(cells) for cells in table.grid]
    lines[row] = line
    return "".join(lines)


def _with_row(table: CleanTable, row: int, cells: list[str]) -> Grid:
    return [cells if number == row else found for number, found in enumerate(table.grid)]


def _other_delimiter(table: CleanTable, row: int, delimiter: str, kind: str) -> PollutedFile:
    """The cells stay as they were written: what holds the new delimiter is not put in quotes."""
    written = table.layout.cells(table.grid[row])
    text = _with_line(table, row, delimiter.join(written) + table.layout.line_end)
    return _file(table, kind, text, table.grid, place=f"_{row}")


def _other_layout(table: CleanTable, row: int, kind: str, **changes: str) -> PollutedFile:
    line = replace(table.layout, **changes).line(table.grid[row])
    return _file(table, kind, _with_line(table, row, line), table.grid, place=f"_{row}")


def _blank_line(table: CleanTable, row: int) -> PollutedFile:
    line = table.layout.line_end + table.layout.line(table.grid[row])
    return _file(table, "row_blank_line", _with_line(table, row, line), table.grid, place=f"_{row}")


def _more_delimiters(table: CleanTable, row: int, column: int) -> PollutedFile:
    cells = table.grid[row]
    written = table.layout.cells(cells)
    written.insert(column, "")
    text = _with_line(table, row, ",".join(written) + table.layout.line_end)
    clean = _with_row(table, row, [*cells[:column], "", *cells[column:]])
    return _file(table, "row_more_sep", text, clean, place=f"_row{row}_col{column}")


def _less_delimiters(table: CleanTable, row: int, column: int) -> PollutedFile:
    cells = table.grid[row]
    written = table.layout.cells(cells)
    written[column - 1 : column + 1] = ["".join(written[column - 1 : column + 1])]
    text = _with_line(table, row, ",".join(written) + table.layout.line_end)
    joined = cells[column - 1] + cells[column]
    clean = _with_row(table, row, [*cells[: column - 1], joined, *cells[column + 1 :]])
    return _file(table, "row_less_sep", text, clean, place=f"_row{row}_col{column}")


def _stray_quote(
    table: CleanTable, row: int, column: int, kind: str, pollute: Callable[[str], str]
) -> PollutedFile:
    cells = table.grid[row]
    written = table.layout.cells(cells)
    quoted = written[column].startswith('"')
    inner = written[column][1:-1] if quoted else written[column]
    written[column] = f'"{pollute(inner)}"' if quoted else pollute(inner)
    text = _with_line(table, row, ",".join(written) + table.layout.line_end)
    stray = [*cells[:column], pollute(cells[column]), *cells[column + 1 :]]
    return _file(table, kind, text, _with_row(table, row, stray), place=f"_row{row}_col{column}")


def _with_quote_inside(text: str) -> str:
    return text[: len(text) // 2] + '"' + text[len(text) // 2 :]


def _orders() -> Grid:
    goods = [
        ("Trail Shoes", "Light and quick, with a sole that holds on wet rock."),
        ("Throw Pillow, Paddles", "A pop of colour for bed, chair or sofa."),
        ('Dining Table, Round 48"', "Made to last outdoors, all year round."),
        ("Wool Socks", "Warm, thin and soft."),
        ("Fly Rod 8' 9\"", "Crisp action; remarkably light in the hand."),
        ("Heated Insoles", "Water-resistant, remote-controlled, made for long winters."),
    ]
    notes = cycle(["", "", "", "gift", "", "fragile, handle with care", ""])
    grid = [["DATE", "TIME", "Qty", "ORDERID", "Price", "Product", "Description", "URL", "Note"]]
    for n in range(32):
        name, words = goods[n * 5 % len(goods)]
        grid.append(
            [
                f"{n % 28 + 1:02}/{n % 9 + 1:02}/2021",
                f"{n * 3 % 24:02}:{n * 15 % 60:02}",
                str(n * 7 % 5),
                f"{'ABGR'[n % 4]}{'MINZ'[n // 4 % 4]}-{1000 + n * 397 % 9000}",
                f"${n * 1237 % 9000 / 100:.2f}",
                name,
                words,
                f"https://shop.example/item/{1000 + n}.html",
                next(notes),
            ]
        )
    return grid


def _readings() -> Grid:
    places = cycle(["Zürich", "Graz, Schlossberg", "Málaga", "Åre", 'Station "Nord"', "Brno"])
    remarks = cycle(
        ["calm", "gusts, rain later", "sensor cleaned\nand set back", "-", 'reads "high"', "ok"]
    )
    grid = [["id", "place", "measured_at", "temperature", "humidity", "valid", "remark"]]
    for n, place in enumerate(islice(places, 30)):
        grid.append(
            [
                str(n + 1),
                place,
                f"2023-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:30:00",
                f"{n * 37 % 400 / 10 - 12:.1f}",
                str(n * 13 % 100),
                "true" if n % 3 else "false",
                next(remarks),
            ]
        )
    return grid


def _members() -> Grid:
    people = cycle(["Ana O'Brien", "Li Wei", "Smith, John", "Zoë van Dijk", "Per Ågren"])
    streets = cycle(["12 High Street", "Rua 5, flat 2", "Am Markt 7", "1 Rue d'Or", "Box 9"])
    grid = [["Member No", "Full Name", "Born", "E-mail", "Address", "Fee (EUR)", "Share", "Since"]]
    for n, person in enumerate(islice(people, 28)):
        grid.append(
            [
                f"{n + 17:05}",
                person,
                f"{n % 28 + 1}.{n % 12 + 1}.{1950 + n}",
                f"member{n}@club.example",
                next(streets),
                f"{20 + n * 7 % 60},{n * 5 % 100:02}",
                f"{n % 10 * 10}%",
                str(1990 + n),
            ]
        )
    return grid
