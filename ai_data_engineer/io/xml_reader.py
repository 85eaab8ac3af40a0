"""Reading XML: records one by one, in flat memory, from documents that may be hostile.

No tree is built: the parser's events go straight into dicts. A DOCTYPE is refused before anything
in it can act; depth, attributes, text and the size of a record are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, BinaryIO, cast

import polars as pl
from lxml import etree

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch, Field
from ai_data_engineer.io.records import TEXT_KEY, Numbered, to_batch, to_batches
from ai_data_engineer.io.xml_columns import FlatRecords

CHUNK = 64 * 1024
BATCH = 5_000
MAX_DEPTH = 64
MAX_ATTRIBUTES = 1000
MAX_RECORD = 64 * 1024 * 1024
"""Most characters of text and attributes in one record."""
BLOCK = 3 * 1024 * 1024
"""Bytes of flat records that are taken at a time."""
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_UTF7 = re.compile(
    rb"\A\s*<\?xml[^>]*encoding\s*=\s*['\"]\s*(?:utf-?7|x-?utf-?7|unicode-?1-1-utf-?7)", re.I
)

_UTF8 = re.compile(
    rb"\A(?:\xef\xbb\xbf)?<(?:[^?\0]|\?xml(?:[^>]*encoding\s*=\s*['\"]utf-8['\"]|"
    rb"(?![^>]*encoding)))",
    re.I,
)

Record = dict[str, Any]


def read_xml(stream: BinaryIO, *, record_path: str, columns: Sequence[Field]) -> Iterator[Batch]:
    """Yield the records of one XML document; see `iter_xml_records`.

    Names in the columns' paths that have their namespace (`{urn:media}title`) are told apart from
    the same local name without one. Blocks of flat records do not go through the parser, which
    stands between two records meanwhile; all others do.
    """
    qualified = _qualified_names(columns)
    parser = _Parser(record_path, qualified)
    flat = FlatRecords(parser.record, columns)
    if qualified or not flat.are_texts:
        records = iter_xml_records(stream, record_path, qualified=qualified)
        yield from to_batches(records, columns, BATCH)
        return
    end_tag = parser.end_tag
    number = 1
    waiting = b""
    has_yielded = False
    while True:
        chunk = stream.read(BLOCK if parser.may_skip else min(BLOCK, 4 * CHUNK))
        waiting += chunk
        cut = _end_of_records(waiting, end_tag) if chunk else len(waiting)
        if not cut and len(waiting) < 2 * BLOCK and chunk:
            continue
        block, waiting = (waiting[:cut], waiting[cut:]) if cut else (waiting, b"")
        batch = flat.read(block, number) if parser.may_skip else None
        error = None
        if batch is not None:
            parser.skip(block)
            number += batch.rows.height
            has_yielded = True
            yield batch
        elif block:
            found, error = parser.feed(block)
            for batch in to_batches(iter(enumerate(found, number)), columns, BATCH):
                if batch.rows.height or batch.rejected:
                    has_yielded = True
                    yield batch
            number += len(found)
        if not chunk and error is None:
            error = parser.close()
        if error is not None:
            raise error
        if not chunk:
            break
    if not has_yielded:
        yield to_batch([], columns)


def _end_of_records(data: bytes, end_tag: bytes) -> int:
    """Return where the last record seems to end, 0 for nowhere; some have no end tag."""
    for end in (end_tag, b"/>"):
        if (last := data.rfind(end)) >= 0:
            return last + len(end)
    return 0


def _qualified_names(columns: Sequence[Field]) -> frozenset[str]:
    names = [key for column in columns for key in column.path]
    types = [column.dtype for column in columns]
    while types:
        match types.pop():
            case pl.List() as type_:
                types.append(cast(pl.DataType, type_.inner))
            case pl.Struct() as type_:
                names += [field.name for field in type_.fields]
                types += [cast(pl.DataType, field.dtype) for field in type_.fields]
    return frozenset(name for name in names if name.startswith(("{", "@{")))


def iter_xml_records(
    stream: BinaryIO, record_path: str, *, qualified: Set[str] = frozenset()
) -> Iterator[Numbered]:
    """Yield number and record for each element at `record_path`, such as `/catalog/book`.

    The path counts local names from the root. In a record attributes are `@name`; a child is its
    text, or a record where it has attributes or children of its own; children of one name are a
    list; own text beside these is `#text`. An empty element is `""`, one with `xsi:nil="true"`
    None. Names are local; elements and attributes in `qualified` (`{urn:media}title`,
    `@{urn:link}type`) keep their namespace.

    Raises:
        SourceError: `E_XML_DOCTYPE`; `E_XML_LIMIT` beyond a bound; `E_BROKEN_XML` with the line
            where the document is not well formed or breaks off, records before it being yielded.
    """
    parser = _Parser(record_path, qualified)
    number = 0
    while True:
        chunk = stream.read(CHUNK)
        records, error = parser.feed(chunk) if chunk else ([], parser.close())
        for record in records:
            number += 1
            yield number, record
        if error is not None:
            raise error
        if not chunk:
            return


class _Parser:
    """Takes a document in pieces and gives back the records that end in each."""

    def __init__(self, record_path: str, qualified: Set[str]) -> None:
        path = tuple(record_path.strip("/").split("/"))
        self.record = path[-1]
        self._target = _Target(path, qualified)
        self._parser = etree.XMLParser(
            target=cast(Any, self._target), resolve_entities=False, no_network=True,
            load_dtd=False, dtd_validation=False, attribute_defaults=False, huge_tree=False,
            recover=False, remove_comments=True, remove_pis=True, collect_ids=False,
        )  # fmt: skip
        self.end_tag = f"</{self.record}>".encode()
        self.may_skip = False
        """Whether it stands between two records of a document in UTF-8, and waits for nothing."""
        self._is_utf8: bool | None = None
        self._skipped_lines = 0

    def skip(self, block: bytes) -> None:
        """Pass over whole records that are taken otherwise."""
        self._skipped_lines += block.count(b"\n")

    def feed(self, data: bytes) -> tuple[list[Record], SourceError | None]:
        """Return the records that end in some data, and the error behind them."""
        if self._is_utf8 is None:
            if _UTF7.match(data):
                raise SourceError(
                    "XML in UTF-7 is not read.",
                    code="E_ENCODING",
                    location="line 1",
                    hint="Save the document as UTF-8.",
                )
            self._is_utf8 = _UTF8.match(data) is not None
        # The last byte apart: when a record comes out with it, then the parser has come that far
        # and keeps nothing to itself (`&` without `;`, an open comment).
        # In pieces, as the parser refuses a text of 10 MB only if it gets that at once.
        records: list[Record] = []
        last: list[Record] = []
        error = None
        ends = [*range(CHUNK, len(data) - 1, CHUNK), len(data) - 1, len(data)]
        for start, end in pairwise([0, *ends]):
            records += last
            last, error = self._do(partial(self._parser.feed, data[start:end]))
            if error is not None:
                break
        self.may_skip = (
            self._is_utf8
            and error is None
            and self._target.is_between_records
            and data.endswith((self.end_tag, b"/>"))
            and len(last) == 1
        )
        return records + last, error

    def close(self) -> SourceError | None:
        """Return the error, if the document ends too early."""
        return self._do(self._parser.close)[1]

    def _do(self, work: Callable[[], object]) -> tuple[list[Record], SourceError | None]:
        error = None
        try:
            work()
        except etree.XMLSyntaxError as problem:
            error = _broken(problem, self._skipped_lines)
        except etree.LxmlError:
            error = _broken(None, 0)
        records = self._target.take()
        self._target.gather()
        return records, error


@dataclass(slots=True)
class _Open:
    """An element whose end has not come; most have neither attributes nor children."""

    name: str
    is_nil: bool
    record: Record | None = None
    texts: list[str] | None = None


class _Builder:
    """Builds one record out of the events of its element.

    These are the calls that reading XML consists of: text is taken by `list.append` itself.
    """

    def __init__(self, qualified: Set[str]) -> None:
        self.result: Any = None
        self._qualified = qualified
        self._open: list[_Open] = []
        self._size = 0
        self._texts: list[str] = []
        self.data = self._texts.append

    def begin(self, tag: str, attributes: Any) -> None:
        if self._texts:
            self.gather()
        opened = _Open(tag if tag in self._qualified else _local(tag), False)
        if attributes:
            self._take_attributes(opened, attributes)
        self._open.append(opened)
        self._count(len(tag))

    def finish(self) -> None:
        opened = self._open.pop()
        text = "".join(self._texts)
        self._texts.clear()
        self._count(len(text))
        if opened.texts is not None:
            text = "".join((*opened.texts, text))
        value: Any = text
        if opened.record:
            if text.strip():
                opened.record[TEXT_KEY] = text
            value = opened.record
        elif opened.is_nil:
            value = None
        if not self._open:
            self.result = value
            return
        above = self._open[-1]
        if above.record is None:
            above.record = {}
        name, parent = opened.name, above.record
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]

    def gather(self) -> None:
        """Give the text that has come to the element that is open, if one is."""
        text = "".join(self._texts)
        self._texts.clear()
        if self._open and text:
            self._count(len(text))
            opened = self._open[-1]
            if opened.texts is None:
                opened.texts = []
            opened.texts.append(text)

    def _take_attributes(self, opened: _Open, attributes: Any) -> None:
        for name, value in attributes.items():
            self._count(len(name) + len(value))
            if name == f"{_XSI}nil":
                opened.is_nil = value.strip() in ("true", "1")
            elif not name.startswith(_XSI):
                if opened.record is None:
                    opened.record = {}
                key = f"@{name}"
                opened.record[key if key in self._qualified else f"@{_local(name)}"] = value

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_RECORD:
            raise _limit(f"A record of more than {MAX_RECORD // 1024**2} MiB")


class _Target(_Builder):
    """Receives the parser's events and keeps the records at one path."""

    def __init__(self, path: tuple[str, ...], qualified: Set[str]) -> None:
        super().__init__(qualified)
        self._path = path
        self._above: list[str] = []
        self._done: list[Record] = []

    @property
    def is_between_records(self) -> bool:
        """Whether records may follow here, and what came before has ended."""
        return not self._open and tuple(self._above) == self._path[:-1]

    def take(self) -> list[Record]:
        done, self._done = self._done, []
        return done

    def doctype(self, *_: object) -> None:
        raise SourceError(
            "The document has a DOCTYPE, which may pull in or blow up content.",
            code="E_XML_DOCTYPE",
            hint="Remove the <!DOCTYPE …> declaration.",
        )

    def start(self, tag: str, attributes: Any) -> None:
        if len(self._above) + len(self._open) >= MAX_DEPTH:
            raise _limit(f"Elements nested deeper than {MAX_DEPTH}")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _limit(f"An element with more than {MAX_ATTRIBUTES} attributes")
        if not self._open:
            self._texts.clear()
            self._above.append(_local(tag))
            if len(self._above) != len(self._path) or tuple(self._above) != self._path:
                return
            self._above.pop()
            self._size = 0
        self.begin(tag, attributes)

    def end(self, tag: str) -> None:
        if not self._open:
            self._above.pop()
            return
        self.finish()
        if not self._open:
            value = self.result
            self._done.append(value if isinstance(value, dict) else {TEXT_KEY: value})

    def close(self) -> None:
        """Nothing is left to return: records have been taken as they came."""


def _local(name: str) -> str:
    return name.rpartition("}")[2] if name[0] == "{" else name


def _limit(what: str) -> SourceError:
    return SourceError(
        f"{what}.", code="E_XML_LIMIT", hint="Such a document is not read; split or flatten it."
    )


def _broken(problem: etree.XMLSyntaxError | None, lines_before: int) -> SourceError:
    # The parser's own text may quote content; the line is enough to find the place.
    line = problem.lineno + lines_before if problem is not None and problem.lineno else 0
    return SourceError(
        "The XML is not well formed or breaks off.",
        code="E_BROKEN_XML",
        location=f"line {line}" if line else "",
        hint="Write or download the file again, or mend it at this line.",
    )
