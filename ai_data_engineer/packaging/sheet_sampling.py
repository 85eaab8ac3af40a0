"""Cuts the first rows of a sheet into a workbook of its own, with all that stands above them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from ai_data_engineer.io.opening import LITTLE, open_source
from ai_data_engineer.io.sheet_reader import Row, filled_rows, without_footer
from ai_data_engineer.io.sheet_values import Cell, CellError, cell_text, column_letters
from ai_data_engineer.io.workbooks import find_sheet, open_workbook
from ai_data_engineer.sources.dialect import SheetLayout
from ai_data_engineer.spec.spec import Source

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE, _DATETIME, _TIME, _DURATION = range(1, 5)
_FORMATS = (0, 14, 22, 21, 46)
"""Built-in number formats, by style."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = dt.datetime(1899, 12, 30)
_DAY = dt.timedelta(days=1)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def cut_sheet(uri: str, source: Source, rows: int) -> bytes:
    """Return a workbook with the first `rows` rows of the table and what stands above it.

    Raises what `open_workbook` and the rows of a sheet raise.
    """
    layout = source.sheet or SheetLayout(name="Sheet1")
    kept: list[Row] = []
    with (
        open_source(
            uri, compression=source.compression, random_access=True, ahead=LITTLE
        ) as stream,
        open_workbook(stream) as sheets,
    ):
        found = filled_rows(find_sheet(sheets, layout.name).rows())
        taken = 0
        for row in without_footer(found, layout.footer_rows):
            kept.append(row)
            taken += row[0] >= layout.first_row
            if taken == rows:
                break
    if layout.footer_rows and kept:
        # The reader leaves out as many rows at the end as the sheet has behind its table.
        kept.append((kept[-1][0] + layout.footer_rows, ["end of the sample"]))
    return write_xlsx(layout.name, kept)


def write_xlsx(sheet: str, rows: Iterable[Row]) -> bytes:
    """Return a workbook of one sheet with these rows; the same rows give the same bytes."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + _content("/xl/workbook.xml", "sheet.main")
        + _content("/xl/worksheets/sheet1.xml", "worksheet")
        + _content("/xl/styles.xml", "styles")
        + "</Types>",
        "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(_writable(sheet))} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml"}
        ),
        "xl/styles.xml": _styles(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>'
        + "".join(map(_row, rows))
        + "</sheetData></worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            data = (_HEAD + text).encode("utf-8", "replace")
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _content(part: str, kind: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
    return f'<Override PartName="{part}" ContentType="{kind}"/>'


def _relationships(targets: dict[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _styles() -> str:
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
        for number in _FORMATS
    )
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(_FORMATS)}">{formats}</cellXfs></styleSheet>'
    )


def _row(row: Row) -> str:
    number, cells = row
    written = "".join(
        _cell(f"{column_letters(index)}{number}", cell)
        for index, cell in enumerate(cells)
        if cell is not None
    )
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, cell: Cell) -> str:
    match cell:
        case str():
            return (
                f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">'
                f"{escape(_writable(cell))}</t></is></c>"
            )
        case bool():
            return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        case CellError():
            return f'<c r="{place}" t="e"><v>#N/A</v></c>'
        case dt.datetime() if cell >= dt.datetime(1900, 3, 1):
            return _serial(place, (cell - _EPOCH) / _DAY, _DATETIME)
        case dt.date() if not isinstance(cell, dt.datetime) and cell >= dt.date(1900, 3, 1):
            return _serial(place, (cell - _EPOCH.date()) / _DAY, _DATE)
        case dt.time():
            since = dt.datetime.combine(_EPOCH, cell) - _EPOCH
            return _serial(place, since / _DAY, _TIME)
        case dt.timedelta() if cell >= dt.timedelta():
            return _serial(place, cell / _DAY, _DURATION)
        case int() | float():
            return f'<c r="{place}"><v>{cell!r}</v></c>'
        case _:  # before the calendar of workbooks begins
            return _cell(place, cell_text(cell))


def _serial(place: str, value: float, style: int) -> str:
    return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'


def _writable(text: str) -> str:
    """Escape what XML cannot hold as workbooks do: `_x0007_`."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
