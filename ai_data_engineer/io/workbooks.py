"""Opening workbooks of every kind; what a file is, its content says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, Literal, Protocol, cast

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.archives import ZIP, encrypted, open_archive, open_member
from ai_data_engineer.io.ods import CONTENT, OdsWorkbook
from ai_data_engineer.io.old_workbooks import open_old_workbook
from ai_data_engineer.io.sheet_values import Cell
from ai_data_engineer.io.sheet_xml import broken_workbook
from ai_data_engineer.io.xlsx import XlsxWorkbook

Kind = Literal["xlsx", "xlsb", "xls", "ods"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What a compound file begins with: old Office documents, and encrypted ones of today."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_DIRECTORY = 8 * 1024 * 1024


class Sheet(Protocol):
    """A sheet; `consumed` of its `size` in bytes were read, both 0 where that is not known."""

    name: str
    is_hidden: bool
    size: int
    consumed: int

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the number of each row, from 1, and its cells from column A on."""
        ...


@contextmanager
def open_workbook(stream: BinaryIO) -> Iterator[Sequence[Sheet]]:
    """Yield the sheets of a workbook.

    Raises SourceError `E_BROKEN_WORKBOOK`, `E_ENCRYPTED`, `E_ARCHIVE` and what `open_member`
    raises.
    """
    head = cast(io.BufferedReader, stream).peek(8)
    with ExitStack() as stack:
        if not head.startswith(ZIP):
            yield stack.enter_context(open_old_workbook(stream)).sheets
            return
        archive = stack.enter_context(open_archive(stream))
        match kind_of_archive(archive):
            case "xlsx":
                yield XlsxWorkbook(archive).sheets
            case "ods":
                yield OdsWorkbook(archive).sheets
            case "xlsb":
                stream.seek(0)
                yield stack.enter_context(open_old_workbook(stream)).sheets
            case None:
                raise broken_workbook()


def kind_of_archive(archive: zipfile.ZipFile) -> Kind | None:
    """Return which workbook a ZIP container is by its members; None: it is none."""
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if CONTENT in names and "mimetype" in names:
        with open_member(archive, archive.getinfo("mimetype")) as stream:
            if stream.read(100).startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return "ods"
    return None


def kind_of_compound(data: bytes, place: str) -> Kind | None:
    """Return `xls` for a compound file that holds a workbook; None: it holds something else.

    `data` is its beginning. Raises SourceError `E_ENCRYPTED`.
    """
    beginning = data[:_DIRECTORY]
    if _ENCRYPTED in beginning:
        raise encrypted("The workbook", place)
    return "xls" if any(name in beginning for name in _XLS) else None


def find_sheet(sheets: Sequence[Sheet], name: str) -> Sheet:
    """Return the sheet of that name; where there is only one, that one, whatever its name.

    Raises SourceError `E_NO_SHEET`.
    """
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    if len(sheets) == 1:
        return sheets[0]
    raise SourceError(
        f"There is no sheet `{name}`.",
        code="E_NO_SHEET",
        hint="The workbook has changed: profile it again.",
    )
