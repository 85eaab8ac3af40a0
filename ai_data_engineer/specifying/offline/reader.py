"""A cursor over the tokens of one sentence, which knows the columns it may meet."""

from __future__ import annotations

from collections.abc import Iterable

from ai_data_engineer.specifying.column_matching import CERTAIN
from ai_data_engineer.specifying.offline.phrases import by_first_word, word_set
from ai_data_engineer.specifying.offline.tokens import Token
from ai_data_engineer.specifying.offline.vocabulary import (
    Field,
    Fits,
    Ref,
    Vocabulary,
    is_number_of_a_thing,
)

ARTICLES = frozenset(
    {"the", "a", "an", "their", "its", "our", "all", "any", "each", "every", "this"}
)
_COLUMN_NOUNS = frozenset({"column", "columns", "field", "fields"})
_LINKS = word_set(
    "and or by per of in on is are was were with without where than as to from then for "
    "not over under above below after before between into at equal equals keep keeping "
    "drop sort sorted partitioned every only when if but that which whose who until since"
)
"""Words that join wishes: a column's name holds one only when it is said in full."""
_SAYING = frozenset({"word", "mark", "compare"})
_LONGEST_NAME = 4


def anything(_: Field) -> bool:
    """Fit every column."""
    return True


def is_number(field: Field) -> bool:
    """Fit columns that can be summed."""
    return field.type.is_numeric


def is_quantity(field: Field) -> bool:
    """Fit what can be added up with sense: no ids, codes or years."""
    return field.type.is_numeric and not is_number_of_a_thing(field)


def is_dated(field: Field) -> bool:
    """Fit dates and moments."""
    return field.type.name in ("date", "datetime")


class Reader:
    """The place in a sentence. What a reading function takes moves it on; `at` can be set back."""

    def __init__(self, tokens: Iterable[Token], vocabulary: Vocabulary, goal: str) -> None:
        self.tokens = tuple(tokens)
        self.vocabulary = vocabulary
        self.goal = goal
        self.at = 0
        self.unknown: list[str] = []
        """Words in the latest list of columns that name none."""
        self.subject: Ref | None = None
        """The column that a condition without one speaks of: `below 5 or above 500`."""

    def peek(self, ahead: int = 0) -> Token | None:
        """Return a token without taking it."""
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def peek_is(self, *words: str) -> bool:
        """Whether one of these words stands here."""
        token = self.peek()
        return token is not None and token.kind == "word" and token.lower in words

    def peek_kind(self, kind: str) -> bool:
        """Whether a token of this kind stands here."""
        token = self.peek()
        return token is not None and token.kind == kind

    @property
    def done(self) -> bool:
        """Whether the sentence has ended."""
        return self.at >= len(self.tokens)

    def said(self, start: int) -> str:
        """Return what was said from a place to here, word for word."""
        if start >= self.at:
            return ""
        return self.goal[self.tokens[start].start : self.tokens[self.at - 1].end]

    def take(self, *texts: str) -> str | None:
        """Take the longest phrase (lower case; `|` between alternatives) that stands here."""
        token = self.peek()
        if token is None or token.kind not in _SAYING:
            return None
        for words in by_first_word(texts).get(token.lower, ()):
            here = self.tokens[self.at : self.at + len(words)]
            if len(here) == len(words) and all(
                t.lower == w and t.kind in _SAYING for t, w in zip(here, words, strict=True)
            ):
                self.at += len(words)
                return " ".join(words)
        return None

    def skip(self, words: Iterable[str]) -> None:
        """Pass over any of these words."""
        known = set(words)
        while (token := self.peek()) and token.kind == "word" and token.lower in known:
            self.at += 1

    def number(self) -> int | float | None:
        """Take a number, in digits or in words."""
        token = self.peek()
        if token is None or (number := token.number) is None:
            return None
        self.at += 1
        return number

    def count(self) -> int | None:
        """Take a whole number that counts something."""
        start = self.at
        number = self.number()
        if isinstance(number, int) and 0 < number < 2**31:
            return number
        self.at = start
        return None

    def rows(self) -> bool:
        """Take a word for rows: `rows`, `records`, the name of a table."""
        start = self.at
        self.skip(ARTICLES)
        token = self.peek()
        if token and token.kind in ("word", "quoted") and self.vocabulary.is_rows(token.value):
            column = self.vocabulary.column(token.value)
            if column is None or column.score < 0.95:
                self.at += 1
                return True
        self.at = start
        return False

    def column(self, fits: Fits = anything, *, entity: bool = False) -> Ref | None:
        """Take the phrase here that names a column best; the longer one when equal.

        A table's own name is not taken for one of its columns unless `entity` says that a thing
        is spoken of (`by customer` in a table of customers).
        """
        start = self.at
        self.skip(ARTICLES)
        first = self.at
        best: Ref | None = None
        for length in range(1, _LONGEST_NAME + 1):
            tokens = self.tokens[first : first + length]
            if len(tokens) < length or any(t.kind not in ("word", "quoted") for t in tokens):
                break
            if length > 1 and any(t.kind == "quoted" for t in tokens):
                break
            phrase = " ".join(t.value for t in tokens)
            ref = self.vocabulary.column(phrase, fits)
            if ref is None or (best is not None and ref.score <= best.score):
                continue
            doubtful = any(t.kind == "word" and t.lower in _LINKS for t in tokens)
            names_rows = not entity and self.vocabulary.is_rows(phrase)
            if (doubtful and ref.score < 0.95) or (names_rows and ref.score < CERTAIN):
                continue
            best, self.at = ref, first + length
        if best is None:
            self.at = start
            return None
        if (token := self.peek()) and token.lower in _COLUMN_NOUNS and token.kind == "word":
            self.at += 1
        return best

    def columns(self, fits: Fits = anything, *, entity: bool = False) -> list[Ref]:
        """Take a list of columns: `id, name and amount`.

        A word in the middle of the list that names none is passed over, and kept in `unknown`.
        """
        self.unknown = []
        refs: list[Ref] = []
        self.skip(ARTICLES)
        self.skip(_COLUMN_NOUNS)
        self.take(":")
        while True:
            start = self.at
            if refs and not self.separator():
                # "order id amount" goes without commas where each is named beyond doubt.
                ref = self.column(fits, entity=entity)
                if ref is None or ref.score < CERTAIN:
                    self.at = start
                    break
                refs.append(ref)
                continue
            ref = self.column(fits, entity=entity) or self._column_behind_a_stranger(fits, entity)
            if ref is None:
                self.at = start
                break
            refs.append(ref)
        return refs

    def _column_behind_a_stranger(self, fits: Fits, entity: bool) -> Ref | None:
        start, token = self.at, self.peek()
        if token is None or token.kind != "word" or token.lower in _LINKS:
            return None
        self.at += 1
        ref = self.column(fits, entity=entity) if self.separator() else None
        if ref is None:
            self.at = start
            return None
        self.unknown.append(token.value)
        return ref

    def separator(self) -> bool:
        """Take what stands between the items of a list."""
        start = self.at
        while (token := self.peek()) and (
            (token.kind == "mark" and (token.text in ",&+/" or token.text.startswith("\n")))
            or (token.kind == "word" and token.lower in ("and", "or", "nor", "plus"))
        ):
            self.at += 1
        return self.at > start
