"""The XML parts of workbooks, piece by piece in flat memory, from documents that may be hostile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, cast

from lxml import etree

from ai_data_engineer.errors import SourceError

_CHUNK = 64 * 1024
MAX_ELEMENT = 16 * 1024 * 1024
"""Bytes of XML between two elements that are asked for, such as rows: their tree is in memory."""
MAX_PART = 32 * 1024 * 1024
"""Bytes of a part that is read as a whole."""
_HARDENED: Any = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False,
    "attribute_defaults": False, "huge_tree": False, "recover": False, "remove_comments": True,
    "remove_pis": True, "collect_ids": False,
}  # fmt: skip


class Elements:
    """The elements of one document with certain tags, in its order; each is emptied behind use.

    `consumed` are the bytes read so far.
    """

    def __init__(self, stream: BinaryIO, tags: tuple[str, ...], starts: tuple[str, ...]) -> None:
        self.consumed = 0
        self._stream = stream
        self._parser = etree.XMLPullParser(
            events=("start", "end") if starts else ("end",), tag=(*tags, *starts), **_HARDENED
        )
        self._starts = starts
        self._is_checked = False

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield `start` or `end` and the element.

        Raises SourceError `E_BROKEN_WORKBOOK`, `E_XML_LIMIT`, `E_XML_DOCTYPE`.
        """
        since = 0
        final = False
        while not final:
            chunk = self._stream.read(_CHUNK)
            self.consumed += len(chunk)
            since += len(chunk)
            final = not chunk
            is_broken = not self._feed(chunk)
            for event, found in self._parser.read_events():
                since = 0
                element = cast(etree._Element, found)
                self._check_doctype(element)
                yield event, element
                if event == "end":
                    _forget(element)
            if is_broken:
                raise broken_workbook()
            if since > MAX_ELEMENT:
                raise SourceError(
                    f"A row of the workbook has more than {MAX_ELEMENT // 1024**2} MiB.",
                    code="E_XML_LIMIT",
                    hint="Such a workbook is not read; export the table as CSV.",
                )

    def _feed(self, chunk: bytes) -> bool:
        try:
            if chunk:
                self._parser.feed(chunk)
            else:
                self._parser.close()
        except etree.LxmlError:
            return False
        return True

    def _check_doctype(self, element: etree._Element) -> None:
        if not self._is_checked and has_doctype(element):
            raise SourceError(
                "A part of the workbook has a DOCTYPE, which may pull in or blow up content.",
                code="E_XML_DOCTYPE",
                hint="Save the workbook again.",
            )
        self._is_checked = True


def parse_part(data: bytes) -> etree._Element:
    """Return the root of a small document; raises SourceError `E_BROKEN_WORKBOOK`."""
    root = None
    with suppress(etree.LxmlError, ValueError):
        root = etree.fromstring(data, etree.XMLParser(**_HARDENED))
    if root is None or has_doctype(root):
        raise broken_workbook()
    return root


def has_doctype(element: etree._Element) -> bool:
    """Whether the element's document declares one."""
    info: Any = element.getroottree().docinfo
    return bool(info.doctype)


def broken_workbook() -> SourceError:
    """Return the error for a workbook that cannot be read."""
    return SourceError(
        "The workbook is damaged or breaks off.",
        code="E_BROKEN_WORKBOOK",
        hint="Open and save it again, or copy or download it again.",
    )


def local(tag: object) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
