"""OpenDocument spreadsheets (`.ods`): their sheets, row by row in bounded memory.

All sheets stand in one document, `content.xml` (OASIS OpenDocument 1.3, part 3, chapter 9).
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from ai_data_engineer.io.archives import encrypted, open_member
from ai_data_engineer.io.sheet_values import CELL_ERROR, Cell, number
from ai_data_engineer.io.sheet_xml import Elements, broken_workbook, local

CONTENT = "content.xml"
MAX_COLUMNS = 16_384
_MAX_ROWS = 2**24
_LISTED = 8 * 1024 * 1024
_MANIFEST = "META-INF/manifest.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:[.,](\d{1,9}))?S)?"
)


class OdsSheet:
    """A sheet of a workbook; it is looked for from the beginning of the document."""

    def __init__(self, workbook: OdsWorkbook, name: str, *, hidden: bool = False) -> None:
        self.name = name
        self.is_hidden = hidden
        self._workbook = workbook
        self.size = workbook.member.file_size
        """Bytes of the document, in which all sheets are."""
        self.consumed = 0
        """Bytes of it that were read for the rows so far."""

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the number of each row, from 1, and its cells from column A on.

        Raises SourceError `E_BROKEN_WORKBOOK`, `E_XML_LIMIT`, `E_XML_DOCTYPE` and what
        `open_member` raises.
        """
        with open_member(self._workbook.archive, self._workbook.member) as stream:
            elements = Elements(stream, (f"{_TABLE}table-row",), (f"{_TABLE}table",))
            row_number, is_here = 1, False
            for event, element in elements:
                self.consumed = elements.consumed
                if element.tag == f"{_TABLE}table":
                    if is_here:
                        return
                    is_here = event == "start" and element.get(f"{_TABLE}name") == self.name
                elif is_here and event == "end":
                    cells = _cells(element)
                    repeated = _count(element, "number-rows-repeated")
                    for offset in range(repeated if cells else 0):
                        yield row_number + offset, cells
                    row_number += repeated
                    if row_number > _MAX_ROWS:
                        return


class OdsWorkbook:
    """A workbook in an open container."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Find the sheets; raises SourceError `E_ENCRYPTED` and as `OdsSheet.rows` does."""
        self.archive = archive
        names = set(archive.namelist())
        if _MANIFEST in names:
            with open_member(archive, archive.getinfo(_MANIFEST)) as stream:
                for _ in Elements(stream, ("{*}encryption-data",), ()):
                    raise encrypted("The workbook", "")
        if CONTENT not in names:
            raise broken_workbook()
        self.member = archive.getinfo(CONTENT)
        self.sheets = self._sheets()

    def _sheets(self) -> list[OdsSheet]:
        """Return those that begin within the first 8 MiB: to find the others takes reading all."""
        found: list[OdsSheet] = []
        hiding: set[str | None] = set()
        with open_member(self.archive, self.member) as stream:
            elements = Elements(
                stream, (f"{_STYLE}style", f"{_TABLE}table-row"), (f"{_TABLE}table",)
            )
            for event, element in elements:
                if event == "start" and element.tag == f"{_TABLE}table":
                    hidden = element.get(f"{_TABLE}style-name") in hiding
                    name = element.get(f"{_TABLE}name") or ""
                    found.append(OdsSheet(self, name, hidden=hidden))
                elif event == "end" and element.tag == f"{_STYLE}style":
                    if any(e.get(f"{_TABLE}display") == "false" for e in element):
                        hiding.add(element.get(f"{_STYLE}name"))
                elif found and elements.consumed > _LISTED:
                    break
        return found


def _cells(row: etree._Element) -> list[Cell]:
    """Return the cells up to the last that holds something."""
    cells: list[Cell] = []
    waiting = 0
    for element in row:
        if local(element.tag) not in ("table-cell", "covered-table-cell"):
            continue
        repeated = _count(element, "number-columns-repeated")
        value = _value(element)
        if value is None:
            waiting += repeated
            continue
        if len(cells) + waiting + repeated > MAX_COLUMNS:
            raise broken_workbook()
        cells.extend([None] * waiting)
        cells.extend([value] * repeated)
        waiting = 0
    return cells


def _value(element: etree._Element) -> Cell:
    kind = element.get(f"{_OFFICE}value-type")
    if kind is None:
        return None
    if any(local(name) == "value-type" and value == "error" for name, value in element.items()):
        return CELL_ERROR
    try:
        match kind:
            case "float" | "percentage" | "currency":
                return number(element.get(f"{_OFFICE}value") or "")
            case "date":
                return _date(element.get(f"{_OFFICE}date-value") or "")
            case "time":
                return _time(element.get(f"{_OFFICE}time-value") or "")
            case "boolean":
                return element.get(f"{_OFFICE}boolean-value") == "true"
    except (ValueError, OverflowError):
        pass  # what is shown says it too
    stated = element.get(f"{_OFFICE}string-value")
    paragraphs = [_paragraph(e) for e in element if e.tag == f"{_TEXT}p"]
    return (stated if stated is not None else "\n".join(paragraphs)) or None


def _date(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _time(text: str) -> Cell:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError
    days, hours, minutes, seconds = (int(found[i] or 0) for i in range(2, 6))
    value = dt.timedelta(days, seconds, int((found[6] or "0").ljust(6, "0")[:6]), 0, minutes, hours)
    if found[1] or value >= dt.timedelta(days=1):
        return -value if found[1] else value
    return (dt.datetime.min + value).time()


def _paragraph(element: etree._Element) -> str:
    """Return a paragraph's text; blanks, tabs and line ends are elements."""
    parts = [element.text or ""]
    for child in element:
        match local(child.tag):
            case "s":
                parts.append(" " * min(int(child.get(f"{_TEXT}c") or 1), 1000))
            case "tab":
                parts.append("\t")
            case "line-break":
                parts.append("\n")
            case "annotation":
                pass
            case _:
                parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(element: etree._Element, attribute: str) -> int:
    text = element.get(f"{_TABLE}{attribute}")
    if text is None:
        return 1
    if not (text.isdecimal() and len(text) < 9):
        raise broken_workbook()
    return max(int(text), 1)
