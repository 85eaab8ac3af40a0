"""Reading XML: records one by one, in flat memory, from documents that may be hostile.

No tree is built: the parser's events go straight into dicts. A DOCTYPE is refused before anything
in it can act; depth, attributes, text and the size of a record are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import polars as pl
from lxml import etree

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch, Field
from ai_data_engineer.io.records import TEXT_KEY, Numbered, to_batches

CHUNK = 64 * 1024
BATCH = 5_000
MAX_DEPTH = 64
MAX_ATTRIBUTES = 1000
MAX_RECORD = 64 * 1024 * 1024
"""Most characters of text and attributes in one record."""
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_UTF7 = re.compile(
    rb"\A\s*<\?xml[^>]*encoding\s*=\s*['\"]\s*(?:utf-?7|x-?utf-?7|unicode-?1-1-utf-?7)", re.I
)

Record = dict[str, Any]


def read_xml(stream: BinaryIO, *, record_path: str, columns: Sequence[Field]) -> Iterator[Batch]:
    """Yield the records of one XML document; see `iter_xml_records`.

    Names in the columns' paths that have their namespace (`{urn:media}title`) are told apart from
    the same local name without one.
    """
    records = iter_xml_records(stream, record_path, qualified=_qualified_names(columns))
    return to_batches(records, columns, BATCH)


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

    The path counts local names from the root. See `element_to_record` for what a record holds.
    Elements and attributes in `qualified` (`{urn:media}title`, `@{urn:link}type`) keep their
    namespace in the record.

    Raises:
        SourceError: `E_XML_DOCTYPE`; `E_XML_LIMIT` beyond a bound; `E_BROKEN_XML` with the line
            where the document is not well formed or breaks off, records before it being yielded.
    """
    target = _Target(tuple(record_path.strip("/").split("/")), qualified)
    parser = etree.XMLParser(
        target=cast(Any, target), resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, attribute_defaults=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    number = 0
    first = True
    while True:
        chunk = stream.read(CHUNK)
        if first and _UTF7.match(chunk):
            raise SourceError(
                "XML in UTF-7 is not read.",
                code="E_ENCODING",
                location="line 1",
                hint="Save the document as UTF-8.",
            )
        first = False
        error = None
        try:
            if chunk:
                parser.feed(chunk)
            else:
                parser.close()
        except etree.XMLSyntaxError as problem:
            error = _broken(problem)
        except etree.LxmlError:
            error = _broken(None)
        for record in target.take():
            number += 1
            yield number, record
        target.gather()
        if error is not None:
            raise error
        if not chunk:
            return


def element_to_record(element: etree._Element) -> Record:
    """Return an element as a record.

    Attributes are `@name`; a child is its text, or a record where it has attributes or children of
    its own; children of one name are a list; own text beside these is `#text`. Names are local,
    without namespace. An empty element is `""`, one with `xsi:nil="true"` None.
    """
    builder = _Builder()
    _replay(element, builder)
    value = builder.result
    return value if isinstance(value, dict) else {TEXT_KEY: value}


def _replay(element: etree._Element, builder: _Builder) -> None:
    builder.begin(str(element.tag), element.attrib)
    builder.data(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            _replay(child, builder)
        builder.data(child.tail or "")
    builder.finish()


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

    def __init__(self, qualified: Set[str] = frozenset()) -> None:
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


def _broken(problem: etree.XMLSyntaxError | None) -> SourceError:
    # The parser's own text may quote content; the line is enough to find the place.
    line = problem.lineno if problem is not None and problem.lineno else 0
    return SourceError(
        "The XML is not well formed or breaks off.",
        code="E_BROKEN_XML",
        location=f"line {line}" if line else "",
        hint="Write or download the file again, or mend it at this line.",
    )
