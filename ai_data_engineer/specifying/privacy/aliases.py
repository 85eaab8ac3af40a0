"""Stand-ins for what must not leave the machine, and the way back.

A name that is data becomes `column_7`, `field_2` or `source_1`, a piece of a text `private_1`. No
stand-in is a name that is there, and equal things have equal stand-ins in all of a prompt. What a
model writes with them is turned back. The same sources, goal and order of questions give the same
stand-ins, so that a recorded answer can be read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from ai_data_engineer.sources.location import file_name
from ai_data_engineer.specifying.privacy.column_names import kind_of_name, private_names
from ai_data_engineer.specifying.privacy.matches import Match
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.specifying.privacy.revealing import STAND_IN, Original, revealed
from ai_data_engineer.specifying.privacy.words import common_words
from ai_data_engineer.types import LogicalType

_KEYED: Final = frozenset({"json", "ndjson", "xml", "avro", "parquet"})
"""Formats that say the name of each value: there a header is never a record."""
_TOKEN: Final = re.compile(r"\w+")
_LONG_NUMBER: Final = re.compile(
    r"(?<![\w.])(?!(?:19|20)\d{6}(?!\d))(?![1-9]\d?0{6,}(?!\d))\d{8,}(?![\w]|\.\d)"
)
_QUOTE: Final = re.compile(r"[\"'`]")
_LEAST: Final = 4
"""Characters of a value of personal data that is looked for in a goal."""
_NEAR: Final = 200
"""Characters around a piece of a text in which quotes are looked for."""


class Aliases:
    """A reversible substitution for what varies in a prompt."""

    def __init__(self, sources: Sequence[tuple[str, FileProfile]] = (), goal: str = "") -> None:
        """Bind the names of the sources that are data, and what is private in the goal.

        Args:
            sources: The ids that a spec gives them, and their profiles.
            goal: What a person wants, in plain words.
        """
        self._stand_ins: dict[str, str] = {}
        """What is hidden → its stand-in."""
        self._originals: dict[str, Original] = {}
        """Stand-in → what it stands for."""
        self._kinds: dict[str, str] = {}
        """Stand-in of a value → what kind of thing it is, such as `email`."""
        self._known: dict[str, list[tuple[int, str, str]]] = {}
        """First word → (where it begins, form, stand-in) of each thing hidden, in lower case."""
        self._harmless: set[str] = set()
        self._next: dict[str, int] = {}
        self._taken = set(_taken(sources, goal))
        for source_id, profile in sources:
            self._bind_source(source_id, profile)
        for _, profile in sources:
            self._bind_columns(profile.columns, may_be_record=profile.format not in _KEYED)
        self._bind_people(sources, goal)
        self.hide(goal)

    def hide_name(self, name: str) -> str:
        """Return a name of a column, field, source or step, or the stand-in of one that is data.

        The written form of a type may stand in its place.
        """
        if name in self._stand_ins:
            return self._stand_ins[name]
        if name in self._harmless:
            return name
        if "<" in name and name.startswith(("struct<", "list<")):
            return self.hide_type(name)
        kind = kind_of_name(name)
        if kind is None:
            self._harmless.add(name)
            return name
        return self._bind(name, "column", (name,), is_name=True)

    def hide_type(self, kind: LogicalType | str) -> str:
        """Return the written form of a type with the names of its fields hidden where they must."""
        try:
            parsed = kind if isinstance(kind, LogicalType) else LogicalType.parse(kind)
        except ValueError:
            return self.hide(str(kind))
        return str(self._hidden_type(parsed))

    def hide(self, text: str) -> str:
        """Return a text with a stand-in for each name hidden and all that is private in it."""
        spans = list(self._known_in(text))
        found = [m for m in find(text) if not self._is_harmless(text, m.start, m.end)]
        spans += [(m.start, m.end, "") for m in found]
        spans += [(m.start(), m.end(), "") for m in _LONG_NUMBER.finditer(text)]
        return self._replaced(text, spans, found)

    def hide_value(self, value: Any) -> Any:
        """Return JSON that a model wrote, turned back, as the model wrote it.

        Only what has a stand-in is hidden, numbers too: the rest is the model's own, and a new
        stand-in would be known to nobody who reads its next answer with other Aliases of the same
        sources and goal.
        """
        match value:
            case str():
                return self._replaced(value, self._known_in(value))
            case list() | tuple():
                return [self.hide_value(item) for item in value]
            case dict():
                return {self.hide_value(str(k)): self.hide_value(v) for k, v in value.items()}
            case bool() | None:
                return value
            case int() | float():
                hidden = self.hide_value(str(value))
                return value if hidden == str(value) else hidden
            case _:
                return value

    def reveal(self, value: Any) -> Any:
        """Return what a model wrote, as JSON, with every stand-in turned back."""
        return revealed(value, self._original)

    def _replaced(
        self, text: str, spans: Iterable[tuple[int, int, str]], found: Sequence[Match] = ()
    ) -> str:
        done: list[str] = []
        at = 0
        for start, end, stand_in in _united(_whole(text, spans)):
            piece = text[start:end]
            if not stand_in and (STAND_IN.fullmatch(piece) or _is_json_number(text, start, end)):
                continue
            if not stand_in:
                stand_in = self._bind(piece, "private", (piece,))
                kinds = (m.kind for m in found if start <= m.start and m.end <= end)
                self._kinds.setdefault(stand_in, next(kinds, "number"))
            done += [text[at:start], stand_in]
            at = end
        return "".join(done) + text[at:]

    def kinds_in(self, hidden: str) -> dict[str, list[str]]:
        """Return the stand-ins of values in a text that was hidden, by kind: `{"email": […]}`.

        A model that does not know what a value is cannot know which column to compare it with.
        """
        kinds: dict[str, list[str]] = {}
        for stand_in in dict.fromkeys(m[0] for m in STAND_IN.finditer(hidden)):
            if stand_in in self._kinds:
                kinds.setdefault(self._kinds[stand_in], []).append(stand_in)
        return kinds

    def reveal_prose(self, text: str) -> str:
        """Return a text for people with every stand-in turned back."""
        return str(revealed(text, self._original, "message"))

    def _original(self, found: re.Match[str]) -> Original | None:
        if found[0] not in self._originals and found[0].casefold() in self._taken:
            return None  # a name that is there
        return self._originals.get(f"{found['base'].lower()}_{found['number']}")

    def _bind_source(self, source_id: str, profile: FileProfile) -> None:
        stem = file_name(profile.uri)
        # Where the ending of a file's name begins is not certain: `12.03.1985.csv.gz`.
        stems = (stem, stem.rpartition(".")[0], stem.partition(".")[0])
        if kind_of_name(source_id) or any(private_names([part]) for part in stems if part):
            self._bind(source_id, "source", (source_id, profile.name, stem), is_name=True)
        else:
            self._harmless.add(source_id)

    def _bind_columns(self, columns: Sequence[ColumnProfile], *, may_be_record: bool) -> None:
        found = [part for column in columns for part in _parts(column)]
        private = private_names(found, may_be_record=may_be_record)
        for column in columns:
            parts = _parts(column)
            if any(part in private for part in parts):
                forms = (column.name, column.source_name, *(p for p in parts if p in private))
                self._bind(column.name, "column", forms, is_name=True)
            else:
                self._harmless.update((column.name, column.source_name))
            if column.type.is_nested:
                self._bind_fields(column.type)

    def _bind_people(self, sources: Sequence[tuple[str, FileProfile]], goal: str) -> None:
        """Bind what a goal says of values that only their column shows to be personal data."""
        lower = goal.lower()
        said = set(_TOKEN.findall(lower))
        for _, profile in sources:
            for column in profile.columns:
                for count in column.top_values if column.pii is not None else ():
                    value = str(count.value)
                    if len(value) >= _LEAST and value.lower() in lower:
                        self._bind_value(value, str(column.pii))
                    for name in _TOKEN.findall(value) if column.pii == "name" else ():
                        # People are called by a part of their name too.
                        plain = name.lower()
                        if len(name) >= _LEAST and plain in said - common_words():
                            self._bind_value(name, "name")

    def _bind_value(self, value: str, kind: str) -> None:
        stand_in = self._bind(value, "private", (value,))
        self._kinds.setdefault(stand_in, kind)

    def _bind_fields(self, kind: LogicalType) -> None:
        if kind.item is not None:
            self._bind_fields(kind.item)
        private = private_names([name for name, _ in kind.fields], may_be_record=False)
        for name, field in kind.fields:
            if name in private:
                self._bind(name, "field", (name,), is_name=True)
            else:
                self._harmless.add(name)
            if field.is_nested:
                self._bind_fields(field)

    def _hidden_type(self, kind: LogicalType) -> LogicalType:
        if kind.item is not None:
            return LogicalType("list", item=self._hidden_type(kind.item))
        if not kind.fields:
            return kind
        return LogicalType(
            "struct",
            fields=tuple((self.hide_name(n), self._hidden_type(t)) for n, t in kind.fields),
        )

    def _bind(self, text: str, base: str, forms: Iterable[str], *, is_name: bool = False) -> str:
        """Return the stand-in of a thing, also a new one; `forms` are its spellings."""
        if text in self._stand_ins:
            return self._stand_ins[text]
        number = self._next.get(base, 1)
        while f"{base}_{number}" in self._taken:
            number += 1
        self._next[base] = number + 1
        stand_in = f"{base}_{number}"
        self._originals[stand_in] = Original(text, is_name)
        for form in dict.fromkeys((text, *forms)):
            if form:
                self._stand_ins.setdefault(form, stand_in)
                self._remember(form, stand_in)
        return stand_in

    def _remember(self, form: str, stand_in: str) -> None:
        spellings = {
            form, form.replace("'", "''"), form.replace('"', '""'), re.escape(form),
            json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1],
        }  # fmt: skip
        digits = "".join(c for c in form if c.isdigit())
        if len(digits) >= 7 and len(digits) * 2 > len(form):
            spellings.add(digits)
        for spelling in sorted(spellings):
            lower = spelling.lower()
            word = _TOKEN.search(lower)
            if word is None:
                continue
            self._known.setdefault(word[0], []).append((word.start(), lower, stand_in))

    def _known_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        if not self._known:
            return
        lower = text.lower()
        if len(lower) != len(text):
            lower = text
        for word in _TOKEN.finditer(lower):
            for offset, form, stand_in in self._known.get(word[0], ()):
                start = word.start() - offset
                end = start + len(form)
                if start >= 0 and lower.startswith(form, start) and _ends(lower, end):
                    yield start, end, stand_in

    def _is_harmless(self, text: str, start: int, end: int) -> bool:
        """Return whether a piece of a text is within a name, in quotes or alone, that is shown."""
        if text in self._harmless:
            return True
        first, last = start, end
        while first > 0 and _is_of_word(text[first - 1]):
            first -= 1
        while last < len(text) and _is_of_word(text[last]):
            last += 1
        if text[first:last] in self._harmless:
            return True
        before = _QUOTE.search(text[max(0, first - _NEAR) : first][::-1])
        behind = _QUOTE.search(text, last, last + _NEAR)
        if before is None or behind is None:
            return False
        return text[first - before.start() : behind.start()] in self._harmless


def _parts(column: ColumnProfile) -> tuple[str, ...]:
    """Return the names as found that a column's name is made of."""
    if column.path:
        return tuple(part.removeprefix("@") for part in column.path)
    return (column.source_name or column.name,)


def _taken(sources: Sequence[tuple[str, FileProfile]], goal: str) -> Iterator[str]:
    """Yield the names that are there, in lower case: none of them may be a stand-in."""
    for source_id, profile in sources:
        yield from (source_id, profile.name)
        for column in profile.columns:
            yield from (column.name.casefold(), column.source_name.casefold())
            yield from _fields(column.type)
    yield from (m[0].casefold() for m in STAND_IN.finditer(goal))


def _fields(kind: LogicalType) -> Iterator[str]:
    if kind.item is not None:
        yield from _fields(kind.item)
    for name, field in kind.fields:
        yield name.casefold()
        yield from _fields(field)


def _ends(text: str, end: int) -> bool:
    """Return whether a word ends there."""
    return end >= len(text) or not (_is_of_word(text[end]) and _is_of_word(text[end - 1]))


def _whole(text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield spans that end where words end: a stand-in within a word could not be found again."""
    for start, end, stand_in in spans:
        first, last = start, end
        while first > 0 and _is_of_word(text[first - 1]):
            first -= 1
        while last < len(text) and _is_of_word(text[last]):
            last += 1
        yield first, last, stand_in if (first, last) == (start, end) else ""


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _united(spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield spans in order, none over another: the wider one, or both together as a new one."""
    kept: list[tuple[int, int, str]] = []
    for start, end, stand_in in sorted(spans, key=lambda s: (s[0], -s[1], not s[2])):
        if kept and start < kept[-1][1]:
            first, last, known = kept[-1]
            if end > last:
                kept[-1] = (first, end, "")
            elif first == start and end == last:
                kept[-1] = (first, last, known or stand_in)
        else:
            kept.append((start, end, stand_in))
    yield from kept


def _is_json_number(text: str, start: int, end: int) -> bool:
    """Return whether digits are a number of JSON: behind `":` and no part of a text."""
    return (
        text[start:end].isdigit()
        and text[max(0, start - 2) : start].strip().endswith(":")
        and (text[:start].rstrip().endswith('":'))
    )
