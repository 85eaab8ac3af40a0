"""Excel workbooks (`.xlsx`, `.xlsm`): their sheets, row by row in bounded memory.

Of the Office Open XML parts (ECMA-376) only those that hold values are read: the workbook's list of
sheets, the number formats that tell dates from numbers, the shared texts, the rows.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator

from lxml import etree

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.archives import open_member
from ai_data_engineer.io.sheet_values import (
    CELL_ERROR,
    Cell,
    Kind,
    column_index,
    moment,
    number,
    number_kind,
)
from ai_data_engineer.io.sheet_xml import (
    MAX_PART,
    Elements,
    broken_workbook,
    local,
    parse_part,
)

MAX_COLUMNS = 16_384
_MAX_TEXTS = 512 * 1024 * 1024
"""Bytes of the shared texts, which are in memory while rows are read."""
_MOMENTS = 50_000
"""Dates that are kept to be looked up."""
_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""A character that XML cannot hold; half of a pair is none by itself."""
_HIDDEN = ("hidden", "veryHidden")
_DIGITS = "0123456789"


class XlsxSheet:
    """A sheet of a workbook."""

    def __init__(self, workbook: XlsxWorkbook, name: str, part: str, *, hidden: bool) -> None:
        self.name = name
        self.is_hidden = hidden
        self._workbook = workbook
        self._member = workbook.member(part)
        self.size = self._member.file_size
        """Bytes of its XML."""
        self.consumed = 0
        """Bytes of it that were read for the rows so far."""

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the number of each row, from 1, and its cells from column A on.

        Raises SourceError `E_BROKEN_WORKBOOK`, `E_XML_LIMIT`, `E_XML_DOCTYPE` and what
        `open_member` raises.
        """
        with open_member(self._workbook.archive, self._member) as stream:
            elements = Elements(stream, ("{*}row", "{*}sheetData"), ())
            cells_of = _Cells(self._workbook)
            row_number = 0
            for _, element in elements:
                self.consumed = elements.consumed
                if local(element.tag) == "sheetData":
                    return  # what comes behind says how the sheet looks
                row_number = _whole(element.get("r"), row_number + 1)
                yield row_number, cells_of(element)


class XlsxWorkbook:
    """A workbook in an open container."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read the list of sheets; raises SourceError as `XlsxSheet.rows` does."""
        self.archive = archive
        self._members = {info.filename.lower(): info for info in archive.infolist()}
        main = self._target("_rels/.rels", "officeDocument") or "xl/workbook.xml"
        root = self._part(main)
        self.from_1904 = any(e.get("date1904") in ("1", "true") for e in root.iter("{*}workbookPr"))
        parts = self._relations(main)
        self.sheets = [
            XlsxSheet(self, e.get("name") or "", parts[key][1], hidden=e.get("state") in _HIDDEN)
            for e in root.iter("{*}sheet")
            if (key := _relation(e)) in parts and parts[key][0] == "worksheet"
        ]
        self.kinds = self._number_kinds(self._part_of(parts, "styles"))
        self.texts = _Texts(self, self._part_of(parts, "sharedStrings"))

    def member(self, part: str) -> zipfile.ZipInfo:
        """Return a part's entry; raises SourceError `E_BROKEN_WORKBOOK`."""
        found = self._members.get(part.lower())
        if found is None:
            raise broken_workbook()
        return found

    def _part(self, part: str) -> etree._Element:
        with open_member(self.archive, self.member(part)) as stream:
            data = stream.read(MAX_PART + 1)
        if len(data) > MAX_PART:
            raise broken_workbook()
        return parse_part(data)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id → kind and part of what another part points to."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations.lower() not in self._members:
            raise broken_workbook()
        return {
            e.get("Id", ""): (
                e.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, e.get("Target", ""))).lstrip("/"),
            )
            for e in self._part(relations)
            if e.get("TargetMode") != "External"
        }

    def _target(self, relations: str, kind: str) -> str | None:
        if relations not in self._members:
            return None
        for e in self._part(relations):
            if e.get("Type", "").endswith(f"/{kind}"):
                return posixpath.normpath(e.get("Target", "")).lstrip("/")
        return None

    def _part_of(self, parts: dict[str, tuple[str, str]], kind: str) -> str | None:
        found = (part for k, part in parts.values() if k == kind and part.lower() in self._members)
        return next(found, None)

    def _number_kinds(self, part: str | None) -> list[Kind | None]:
        """Return what each cell style makes of numbers."""
        if part is None:
            return []
        root = self._part(part)
        codes = {
            _whole(e.get("numFmtId"), -1): e.get("formatCode", "") for e in root.iter("{*}numFmt")
        }
        styles = root.find("{*}cellXfs")
        ids = [_whole(e.get("numFmtId"), 0) for e in styles] if styles is not None else []
        return [number_kind(id, codes.get(id)) for id in ids]


class _Texts:
    """The shared texts, read as far as cells ask for them: most stand in the order of the rows."""

    def __init__(self, workbook: XlsxWorkbook, part: str | None) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])
        self._coming = self._read(workbook, part) if part is not None else iter(())

    def __getitem__(self, index: int) -> str:
        while index >= len(self._ends) - 1:
            text = next(self._coming, None)
            if text is None:
                raise broken_workbook()
            self._data += text.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._data))
            if len(self._data) + 8 * len(self._ends) > _MAX_TEXTS:
                raise SourceError(
                    f"The texts of the workbook need more than {_MAX_TEXTS // 1024**2} MiB.",
                    code="E_XML_LIMIT",
                    hint="Export the table as CSV.",
                )
        if index < 0:
            raise broken_workbook()
        return self._data[self._ends[index] : self._ends[index + 1]].decode("utf-8", "replace")

    @staticmethod
    def _read(workbook: XlsxWorkbook, part: str) -> Iterator[str]:
        with open_member(workbook.archive, workbook.member(part)) as stream:
            for _, element in Elements(stream, ("{*}si",), ()):
                yield _rich_text(element)


class _Cells:
    """Turns row elements into values; what cells have in common is worked out once."""

    def __init__(self, workbook: XlsxWorkbook) -> None:
        self._texts = workbook.texts
        self._kinds = workbook.kinds
        self._from_1904 = workbook.from_1904
        self._columns: dict[str, int] = {}
        self._styles: dict[str, Kind | None] = {}
        self._moments: dict[tuple[str, Kind], Cell] = {}

    def __call__(self, row: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        value_tag = f"{row.tag[:-3]}v"
        for element in row:
            reference = element.get("r")
            if reference is not None:
                letters = reference.rstrip(_DIGITS)
                column = self._columns.get(letters)
                if column is None:
                    column = self._columns[letters] = _column(letters)
                if column > len(cells):
                    cells.extend([None] * (column - len(cells)))
            kind = element.get("t")
            text = None
            for child in element:
                if child.tag == value_tag:
                    text = child.text
                elif kind == "inlineStr":
                    text = _rich_text(child)
            if not text:
                cells.append(None)
            elif kind == "inlineStr":
                cells.append(text)
            elif kind == "s":
                cells.append(self._texts[_whole(text, -1)] or None)
            elif kind is None or kind == "n":
                cells.append(self._number(text, element.get("s")))
            else:
                cells.append(_typed(kind, text))
        return cells

    def _number(self, text: str, style: str | None) -> Cell:
        kind = None
        if style is not None:
            try:
                kind = self._styles[style]
            except KeyError:
                index = _whole(style, 0)
                kind = self._kinds[index] if index < len(self._kinds) else None
                self._styles[style] = kind
        try:
            return number(text) if kind is None else self._moment(text, kind)
        except ValueError:
            return text.strip() or None

    def _moment(self, text: str, kind: Kind) -> Cell:
        """Days repeat: most are looked up."""
        found = self._moments.get((text, kind))
        if found is None:
            if len(self._moments) > _MOMENTS:
                self._moments.clear()
            found = moment(number(text), kind, from_1904=self._from_1904)
            self._moments[text, kind] = found
        return found


def _column(letters: str) -> int:
    try:
        column = column_index(letters)
    except ValueError:
        column = MAX_COLUMNS
    if column >= MAX_COLUMNS:
        raise broken_workbook()
    return column


def _typed(kind: str, text: str) -> Cell:
    match kind:
        case "b":
            return text.strip() in ("1", "true")
        case "e":
            return CELL_ERROR
        case "d":
            return _iso(text.strip())
    return _unescaped(text) or None


def _iso(text: str) -> Cell:
    text = text.removesuffix("Z")
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text or None


def _rich_text(element: etree._Element) -> str:
    """Return the text of its runs; how it is pronounced is left out."""
    text = ""
    for child in element:
        tag = child.tag
        if tag[-2:] == "}t":
            text += child.text or ""
        elif tag[-2:] == "}r":
            text += "".join(run.text or "" for run in child if run.tag[-2:] == "}t")
    return _unescaped(text)


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _relation(element: etree._Element) -> str:
    return next((str(value) for name, value in element.items() if local(name) == "id"), "")


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isdecimal() and len(text) < 10):
        raise broken_workbook()
    return int(text)
