"""The first records of an XML document: a prefix of its bytes, closed."""

from __future__ import annotations

import contextlib
import re
from xml.parsers import expat

from ai_data_engineer.errors import SourceError


class _Enough(Exception):
    """The last record that is wanted has ended."""


class _Finder:
    """Follows the elements and notes where the wanted records end."""

    def __init__(self, path: list[str], rows: int, encoding: str | None = None) -> None:
        self.path = path
        self.rows = rows
        self.open: list[str] = []
        self.records = 0
        self.ended = False
        self.end = 0
        self.behind: list[str] = []
        self.encoding = "utf-8"
        self.parser = expat.ParserCreate(encoding)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.XmlDeclHandler = self._declared
        self.parser.DefaultHandler = self._other

    def follow(self, data: bytes) -> None:
        """Parse until enough records have ended, or the data break off.

        Raises ValueError for an encoding of several bytes a character that expat does not know.
        """
        # Where it breaks off, here or in the source itself, what ended before is the sample.
        with contextlib.suppress(_Enough, expat.ExpatError):
            self.parser.Parse(data, True)

    def _mark(self) -> None:
        """Take the place of the event behind a record's end tag as the end of the record."""
        if self.ended:
            self.end = self.parser.CurrentByteIndex
            self.behind = list(self.open)
            self.ended = False
            if self.records >= self.rows:
                raise _Enough

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._mark()
        self.open.append(name)

    def _end(self, name: str) -> None:
        self._mark()
        if [local(n) for n in self.open] == self.path:
            self.records += 1
            self.ended = True
        self.open.pop()

    def _other(self, text: str) -> None:
        self._mark()

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def _refuse(self, *declaration: object) -> None:
        raise SourceError(
            "The document has a DOCTYPE.",
            code="E_XML_DOCTYPE",
            hint="Remove the <!DOCTYPE …> declaration.",
        )


def cut_xml(data: bytes, record_path: str, rows: int) -> tuple[bytes, int]:
    """Return the document up to the end of the last wanted record, all elements closed.

    `record_path` is as `/catalog/book`; `data` may break off behind the records.
    Raises SourceError for a document with a DOCTYPE.
    """
    path = [local(p) for p in _steps(record_path)]
    finder = _Finder(path, rows)
    try:
        finder.follow(data)
    except ValueError:
        encoding = _without_mark(data, finder.encoding)
        plain = data.decode(encoding, "ignore").encode()
        finder = _Finder(path, rows, "utf-8")
        finder.follow(plain)
        cut, records = _cut(finder, plain, "utf-8")
        return cut.decode().encode(encoding), records
    return _cut(finder, data, _without_mark(data, finder.encoding))


def _cut(finder: _Finder, data: bytes, encoding: str) -> tuple[bytes, int]:
    if not finder.behind:
        return data, finder.records
    closing = "".join(f"</{name}>" for name in reversed(finder.behind))
    return data[: finder.end] + f"\n{closing}\n".encode(encoding), min(finder.records, finder.rows)


def _steps(record_path: str) -> list[str]:
    """Split a path at its slashes, not at those inside `{namespace}`."""
    return re.findall(r"(?:\{[^}]*\}|[^/{}])+", record_path)


def local(name: str) -> str:
    """Return a name without its prefix or namespace."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _without_mark(data: bytes, declared: str) -> str:
    """Return the encoding to write the closing tags in, without another byte order mark."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return name
    return declared
