"""Workbooks of Excel's binary formats (`.xls`, `.xlsb`), read by calamine in a process of its own.

calamine holds a whole sheet in memory, and may panic on a malformed file.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.archives import encrypted
from ai_data_engineer.io.isolation import isolated, isolated_stream
from ai_data_engineer.io.sheet_values import Cell
from ai_data_engineer.io.sheet_xml import broken_workbook

_AT_ONCE = 5_000
_SECONDS = 20.0


class OldSheet:
    """A sheet of a workbook in a file."""

    def __init__(self, path: str, name: str, *, hidden: bool) -> None:
        self.name = name
        self.is_hidden = hidden
        self._path = path
        self.size = self.consumed = 0
        """Not known: a sheet is read as a whole."""

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the number of each row, from 1, and its cells from column A on.

        Raises SourceError `E_BROKEN_WORKBOOK`, `E_PARSER_CRASHED`, `E_PARSER_TIMEOUT`.
        """
        for rows in isolated_stream(_rows, self._path, self.name, seconds=_SECONDS):
            yield from rows


class OldWorkbook:
    """A workbook in a file."""

    def __init__(self, path: str) -> None:
        """Find the sheets; raises SourceError `E_ENCRYPTED` and as `OldSheet.rows` does."""
        self.sheets = [
            OldSheet(path, name, hidden=hidden)
            for name, hidden in isolated(_sheets, path, seconds=_SECONDS)
        ]


@contextmanager
def open_old_workbook(stream: BinaryIO) -> Iterator[OldWorkbook]:
    """Copy a workbook to a temporary file, where the other process finds it, and open it."""
    with tempfile.NamedTemporaryFile(prefix="ade-") as copy:
        shutil.copyfileobj(stream, copy, 1024 * 1024)
        copy.flush()
        yield OldWorkbook(copy.name)


def _calamine() -> Any:
    """Return the parser, which only these formats need."""
    try:
        return importlib.import_module("python_calamine")
    except ImportError:
        pass
    raise SourceError(
        "To read workbooks of this kind takes the package python-calamine.",
        code="E_DEPENDENCY",
        hint="Install it, or save the workbook as .xlsx.",
    )


def _open(path: str) -> Any:
    calamine = _calamine()
    problem: SourceError
    try:
        return calamine.load_workbook(path)
    except calamine.PasswordError:
        problem = encrypted("The workbook", "")
    except calamine.CalamineError:
        problem = broken_workbook()
    raise problem


def _sheets(path: str) -> list[tuple[str, bool]]:
    calamine = _calamine()
    return [
        (sheet.name, sheet.visible != calamine.SheetVisibleEnum.Visible)
        for sheet in _open(path).sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _rows(path: str, name: str) -> Iterator[list[tuple[int, list[Cell]]]]:
    calamine = _calamine()
    try:
        sheet = _open(path).get_sheet_by_name(name)
    except calamine.CalamineError:
        sheet = None
    if sheet is None:
        raise broken_workbook()
    left = [None] * (sheet.start[1] if sheet.start else 0)
    rows = enumerate(sheet.iter_rows(), 1)
    while some := list(islice(rows, _AT_ONCE)):
        yield [(number, [*left, *map(_cell, row)]) for number, row in some]


def _cell(value: Any) -> Cell:
    if value == "":  # errors come so too
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value  # type: ignore[no-any-return]
