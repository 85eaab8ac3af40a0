"""Blocks of flat XML records straight into columns: no parser, but a proof that none is needed.

Where records have attributes and children, which hold nothing but text, XML is little more than a
table: `<` begins a row, `>` parts tag and text. Polars reads it so, each tag becomes a number, and
the numbers show whether the block is exactly that. Whatever is more (comments, CDATA, attributes
of children, deeper elements, repeated ones, prefixes) is left to the parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.records import TEXT_KEY

_NAME = r"[A-Za-z_][A-Za-z0-9_.\-]{0,200}"
_TAG = rf"^/?({_NAME})(?: ?/)?$"
_ATTRIBUTE = rf"[ \t\n]+{_NAME}[ \t\n]*=[ \t\n]*(?:\"[^\"]*\"|'[^']*')"
_ATTRIBUTE_PARTS = r"(?s)^[ \t\n]+([^ \t\n=]+)[ \t\n]*=[ \t\n]*.(.*).$"
_MOST_BYTES, _MOST_NAMES, _MOST_ATTRIBUTES = 9_000_000, 5_000, 500
"""Beyond these the parser decides, which has bounds of its own."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_OTHER_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The last one last: `&amp;lt;` is `&lt;`."""
_ROW, _NAMED, _TEXT = "row", "name", "text"

# Each name has four tags in a row: `a`, `/a`, `a/` and `a /`. The record is the first name; of its
# last two, which without attributes are for the parser, the numbers go to tags with attributes.
_BEGIN, _END, _WITH_ATTRIBUTES_EMPTY, _WITH_ATTRIBUTES = range(4)
_OPEN, _CLOSE, _EMPTY, _EMPTY_BLANK = range(4, 8)
"""Kinds of the children's tags."""
_CHILD = (_OPEN, _EMPTY, _EMPTY_BLANK)
_NEXT_RECORD = (_BEGIN, _WITH_ATTRIBUTES, _WITH_ATTRIBUTES_EMPTY)
_MAY_FOLLOW = {
    _BEGIN: _CHILD,
    _WITH_ATTRIBUTES: (*_CHILD, _END),
    _WITH_ATTRIBUTES_EMPTY: _NEXT_RECORD,
    _END: _NEXT_RECORD,
    _OPEN: (_CLOSE,),
    _CLOSE: (*_CHILD, _END),
    _EMPTY: (*_CHILD, _END),
    _EMPTY_BLANK: (*_CHILD, _END),
}
_PAIRS = {kind * 8 + behind for kind, others in _MAY_FOLLOW.items() for behind in others}


class FlatRecords:
    """Takes columns of text out of blocks of whole records."""

    def __init__(self, record: str, columns: Sequence[Field]) -> None:
        self._record = record
        self._columns = columns
        self._asked = {field.path[0] for field in columns}
        self._names = [record]
        self._tags = _tags_of(self._names)
        self.are_texts = bool(columns) and all(
            field.dtype is None or field.dtype == pl.String for field in columns
        )

    def read(self, block: bytes, first: int) -> Batch | None:
        """Return the records of a block, the first of which has that number; None: it has more."""
        block = block.strip(b" \t\r\n")
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        tokens = _tokens(block) if _is_text(block) else None
        if tokens is None:
            return None
        tags, texts = tokens
        codes, heads = self._codes(tags)
        if codes is None or not _are_records(codes, texts):
            return None
        is_record = (codes < _OPEN) & (codes != _END)
        rows = is_record.cast(pl.Int32).cum_sum() - 1
        has_references = b"&" in block
        found: dict[str, pl.DataFrame] | None = {}
        if heads is not None:
            found = self._attributes(heads, rows.filter(is_record & (codes != _BEGIN)))
        if found is None:
            return None
        is_child = (codes >= _OPEN) & (codes & 3 != _END)
        children = pl.DataFrame({_ROW: rows, _NAMED: codes // 4, _TEXT: texts}).filter(is_child)
        is_empty = codes.filter(is_child) & 3 != _BEGIN
        if is_empty.any():
            children = children.with_columns(_blanked(children[_TEXT], is_empty))
        for (name,), part in children.partition_by(
            _NAMED, maintain_order=True, as_dict=True, include_key=False
        ).items():
            found[self._names[name]] = part
        return self._batch(found, int(is_record.sum()), first, has_references=has_references)

    def _codes(self, tags: pl.Series) -> tuple[pl.Series | None, pl.Series | None]:
        """Return the number of each tag, and the tags of records that have attributes.

        The first is None where a tag is neither a name nor that of a record, the second where
        there are none.
        """
        codes = _numbered(tags, self._tags)
        unknown = codes.is_null().arg_true()
        others = tags.gather(unknown)
        is_head = others.str.contains(rf"^{re.escape(self._record)}[ \t\n]")
        new = others.filter(~is_head).unique()
        if len(new):
            names = new.str.extract(_TAG).unique()
            if names.has_nulls() or len(self._names) + len(names) > _MOST_NAMES:
                return None, None
            self._names += sorted(set(names) - set(self._names))
            self._tags = _tags_of(self._names)
            codes = _numbered(tags, self._tags)
        if codes.is_in([_WITH_ATTRIBUTES, _WITH_ATTRIBUTES_EMPTY]).any():
            return None, None  # without any
        heads = others.filter(is_head)
        if len(heads):
            kinds = heads.str.ends_with("/").cast(pl.Int32)
            kinds = _WITH_ATTRIBUTES + kinds * (_WITH_ATTRIBUTES_EMPTY - _WITH_ATTRIBUTES)
            codes = codes.scatter(unknown.filter(is_head), kinds)
        return (None if codes.has_nulls() else codes), (heads if len(heads) else None)

    def _attributes(self, heads: pl.Series, rows: pl.Series) -> dict[str, pl.DataFrame] | None:
        """Return row and text of each attribute; None where a tag is more than attributes."""
        written = heads.str.strip_prefix(self._record).str.strip_suffix("/")
        written = written.str.strip_chars_end(" \t\n")
        attributes = written.str.extract_all(_ATTRIBUTE)
        counts = attributes.list.len()
        if int(counts.min()) < 1 or int(counts.max()) > _MOST_ATTRIBUTES:  # type: ignore[arg-type]
            return None
        if not (attributes.list.join("") == written).all():
            return None
        parts = attributes.explode().str.extract_groups(_ATTRIBUTE_PARTS).struct.unnest()
        parts.columns = [_NAMED, _TEXT]
        texts = parts[_TEXT]
        if texts.str.contains(r"[\t\n]").any():
            texts = texts.str.replace_all(r"[\t\n]", " ")
        of_row = rows.gather(pl.int_range(len(rows), eager=True).repeat_by(counts).explode())
        parts = parts.with_columns(of_row.alias(_ROW), texts)
        found = parts.partition_by(_NAMED, maintain_order=True, as_dict=True, include_key=False)
        if ("xmlns",) in found:
            return None
        return {f"@{name}": part for (name,), part in found.items()}

    def _batch(
        self, found: dict[str, pl.DataFrame], records: int, first: int, *, has_references: bool
    ) -> Batch | None:
        columns = [pl.int_range(first, first + records, dtype=pl.Int64, eager=True).alias(LINE)]
        for part in found.values():
            if (part[_ROW].diff() == 0).any():
                return None  # repeated: a list, or an error
        if has_references:
            for name, part in found.items():
                texts = _unescaped(part[_TEXT])
                if texts is None:
                    return None
                found[name] = part.with_columns(texts)
        for field in self._columns:
            cells = found.get(field.path[0]) if field.path[1:] in ((), (TEXT_KEY,)) else None
            if cells is not None and cells.height == records:
                texts = cells[_TEXT]
            else:
                texts = pl.repeat(None, records, dtype=pl.String(), eager=True)
                if cells is not None:
                    texts.scatter(cells[_ROW], cells[_TEXT])  # in place
            columns.append(texts.alias(field.name))
        unread = {name: part.height for name, part in found.items() if name not in self._asked}
        return Batch(pl.DataFrame(columns), unread=Counter(unread))


def _tags_of(names: Sequence[str]) -> pl.Enum:
    return pl.Enum([tag for n in names for tag in (n, f"/{n}", f"{n}/", f"{n} /")])


def _numbered(tags: pl.Series, known: pl.Enum) -> pl.Series:
    return tags.cast(known, strict=False).to_physical().cast(pl.Int32)


def _is_text(block: bytes) -> bool:
    """Return whether nothing stands here that XML does not allow in text, or that means more."""
    return (
        len(block) <= _MOST_BYTES
        and len(block.translate(None, _CONTROLS)) == len(block)
        and not (b"]" in block and b"]]>" in block)  # one byte is looked for much faster
        and not (b"\xef" in block and (b"\xef\xbf\xbe" in block or b"\xef\xbf\xbf" in block))
        and not (b"&" in block and _OTHER_REFERENCE.search(block))
    )


def _tokens(block: bytes) -> tuple[pl.Series, pl.Series] | None:
    """Return tag and text behind each `<`; None where there is a `>` too much or too little."""
    if not block.startswith(b"<"):
        return None
    try:
        tokens = pl.read_csv(
            block[1:], has_header=False, separator=">", eol_char="<", quote_char=None,
            new_columns=[_NAMED, _TEXT], infer_schema=False, raise_if_empty=False,
            empty_string_is_null=False,
        ).rechunk()  # fmt: skip
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if tokens.columns != [_NAMED, _TEXT] or tokens.height != block.count(b"<"):
        return None
    tags, texts = tokens[_NAMED], tokens[_TEXT].fill_null("")
    # No row is lost, and more than one `>` in a row is an error; does each have one?
    lengths = tags.str.len_bytes() + texts.str.len_bytes() + 2
    if lengths.sum() != len(block):
        return None
    return tags, texts


def _are_records(codes: pl.Series, texts: pl.Series) -> bool:
    """Return whether records follow each other, closed elements in each, and text in these only."""
    kinds = (codes & 3) + (codes >= _OPEN).cast(pl.Int32) * _OPEN
    if kinds[0] not in _NEXT_RECORD or kinds[-1] not in (_END, _WITH_ATTRIBUTES_EMPTY):
        return False
    if not _PAIRS.issuperset((kinds[:-1] * 8 + kinds[1:]).unique()):
        return False
    is_open = kinds == _OPEN
    opened = is_open.arg_true()
    if not (codes.gather(opened + 1) == codes.gather(opened) + 1).all():
        return False
    return not texts.filter(~is_open).unique().str.contains(r"[^ \t\n]").any()  # few differ


def _blanked(texts: pl.Series, where: pl.Series) -> pl.Series:
    return pl.repeat("", len(texts), eager=True).zip_with(where, texts).alias(texts.name)


def _unescaped(texts: pl.Series) -> pl.Series | None:
    """Return texts with the characters that references stand for; None: one stands for none."""
    places = texts.str.contains("&", literal=True).arg_true()
    if not len(places):
        return texts
    escaped = texts.gather(places)
    if escaped.str.contains("&#", literal=True).any():
        try:
            plain = pl.Series([_REFERENCE.sub(_character, text) for text in escaped])
        except ValueError:
            return None
    else:
        plain = escaped
        for entity, character in _ENTITIES.items():
            plain = plain.str.replace_all(entity, character, literal=True)
    return texts.clone().scatter(places, plain)


def _character(reference: re.Match[str]) -> str:
    """Return the character of a reference; raises ValueError where XML has none."""
    if reference[3]:
        return _ENTITIES[reference[0]]
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    if not (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    ):
        raise ValueError
    return chr(number)
