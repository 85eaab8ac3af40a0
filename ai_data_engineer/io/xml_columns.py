"""Blocks of flat XML records straight into columns: no parser, but a proof that none is needed.

Where records have nothing but children without attributes, which hold nothing but text, XML is
little more than a table: `<` begins a row, `>` parts name and text. Polars reads it so, and its
columns show whether the block is exactly that. Whatever is more (attributes, comments, CDATA,
deeper elements, repeated ones) is left to the parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.records import TEXT_KEY

_NAME = r"^[A-Za-z_][A-Za-z0-9_.\-]{0,200}$"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_OTHER_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The last one last: `&amp;lt;` is `&lt;`."""
_TAG, _TEXT, _ROW = "tag", "text", "row"


class FlatRecords:
    """Takes columns of text out of blocks of whole records."""

    def __init__(self, record: str, columns: Sequence[Field]) -> None:
        self._record = record
        self._columns = columns
        self._asked = {field.path[0] for field in columns}
        self.are_texts = bool(columns) and all(
            field.dtype is None or field.dtype == pl.String for field in columns
        )

    def read(self, block: bytes, first: int) -> Batch | None:
        """Return the records of a block, the first of which has that number; None: it has more."""
        block = block.strip(b" \t\r\n")
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not _is_text(block):
            return None
        tokens = _tokens(block)
        if tokens is None:
            return None
        is_record = tokens[_TAG] == self._record
        is_end = tokens[_TAG] == f"/{self._record}"
        numbered = tokens.with_columns((is_record.cum_sum().cast(pl.Int64) - 1).alias(_ROW))
        inner = numbered.filter(~(is_record | is_end))
        if not (self._are_between(numbered, is_record, is_end) and _are_elements(inner)):
            return None
        return self._batch(inner.gather_every(2), int(is_record.sum()), first)

    def _are_between(self, tokens: pl.DataFrame, is_record: pl.Series, is_end: pl.Series) -> bool:
        """Return whether records follow each other, none without a child, and blanks between."""
        begins, ends = is_record.arg_true(), is_end.arg_true()
        if len(begins) != len(ends) or not len(begins) or begins[0] != 0:
            return False
        if ends[-1] != tokens.height - 1 or (ends - begins < 3).any():
            return False
        if not (begins[1:] == ends[:-1] + 1).all():
            return False
        return _are_blank(tokens[_TEXT].gather(begins)) and _are_blank(tokens[_TEXT].gather(ends))

    def _batch(self, children: pl.DataFrame, records: int, first: int) -> Batch | None:
        names = children[_TAG].unique(maintain_order=True)
        if not names.str.contains(_NAME).all():
            return None
        children = children.with_columns(_unescaped(children[_TEXT]))
        found = dict(zip(names, children.partition_by(_TAG, maintain_order=True), strict=True))
        if any(rows[_ROW].n_unique() < rows.height for rows in found.values()):
            return None  # repeated: a list
        columns = [pl.int_range(first, first + records, dtype=pl.Int64, eager=True).alias(LINE)]
        for field in self._columns:
            rows = found.get(field.path[0]) if field.path[1:] in ((), (TEXT_KEY,)) else None
            if rows is not None and rows.height == records:
                texts = rows[_TEXT]
            else:
                texts = pl.repeat(None, records, dtype=pl.String(), eager=True)
                if rows is not None:
                    texts.scatter(rows[_ROW], rows[_TEXT])  # in place
            columns.append(texts.alias(field.name))
        unread = {name: rows.height for name, rows in found.items() if name not in self._asked}
        return Batch(pl.DataFrame(columns), unread=Counter(unread))


def _is_text(block: bytes) -> bool:
    """Return whether nothing stands here that XML does not allow in text, or that means more."""
    return (
        len(block.translate(None, _CONTROLS)) == len(block)
        and b"]]>" not in block
        and b"\xef\xbf\xbe" not in block
        and b"\xef\xbf\xbf" not in block
        and not (b"&" in block and _OTHER_REFERENCE.search(block))
    )


def _tokens(block: bytes) -> pl.DataFrame | None:
    """Return tag and text behind each `<`; None where there is a `>` too much or too little."""
    if not block.startswith(b"<"):
        return None
    try:
        tokens = pl.read_csv(
            block[1:], has_header=False, separator=">", eol_char="<", quote_char=None,
            new_columns=[_TAG, _TEXT], infer_schema=False, raise_if_empty=False,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if tokens.columns != [_TAG, _TEXT] or not tokens.height == block.count(b">") == block.count(
        b"<"
    ):
        return None
    return tokens


def _are_elements(tokens: pl.DataFrame) -> bool:
    """Return whether each element is closed at once, and nothing but blanks stands behind it."""
    opened, closed = tokens.gather_every(2), tokens.gather_every(2, 1)
    if opened.height != closed.height:
        return False
    is_end = closed[_TAG].str.starts_with("/")
    if not (is_end & (closed[_TAG].str.slice(1) == opened[_TAG])).all():
        return False
    return bool((opened[_ROW] == closed[_ROW]).all()) and _are_blank(closed[_TEXT])


def _are_blank(texts: pl.Series) -> bool:
    return not texts.unique().str.contains(r"[^ \t\n]").any()  # few differ


def _unescaped(texts: pl.Series) -> pl.Series:
    texts = texts.fill_null("")
    if texts.str.contains("&", literal=True).any():
        for entity, character in _ENTITIES.items():
            texts = texts.str.replace_all(entity, character, literal=True)
    return texts
