"""Values in words: numbers, frequent values, texts in quotes, runs of capitalised words."""

from __future__ import annotations

from ai_data_engineer.specifying.offline.phrases import word_set
from ai_data_engineer.specifying.offline.predicates import Literal
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Field, Ref, frequent_value

ENDS_A_VALUE = word_set(
    "and or by per sort sorted order ordered group grouped then as to in into with "
    "without where from for on only keep drop remove every daily hourly weekly monthly "
    "partitioned partition save write export which that but top at when is are was were "
    "if"
)


def read_literal(r: Reader, field: Field) -> Literal | None:
    """Take a value that fits the column's type."""
    token = r.peek()
    if token is None:
        return None
    if field.type.is_numeric:
        share = token.text.endswith("%")
        number = r.number()
        highest = field.profile.max if field.profile else None
        if number is not None and share and isinstance(highest, int | float) and highest <= 1:
            return number / 100
        return number
    if field.type.name == "string":
        return _text(r, field)
    return None


def _text(r: Reader, field: Field) -> str | None:
    """Take a text: in quotes, a frequent value, a run of capitalised words, or one word."""
    token = r.peek()
    if token is None or (token.kind == "mark" and token.text not in "-"):
        return None
    r.skip(("the",))
    if (value := read_frequent_value(r, field)) is not None:
        return value
    token = r.peek()
    if token is None or token.kind in ("mark", "compare"):
        return None
    if token.kind == "word" and token.lower in ENDS_A_VALUE:
        return None
    r.at += 1
    text = token.value
    while (
        token.kind == "word"
        and text[:1].isupper()
        and (following := r.peek()) is not None
        and following.kind == "word"
        and following.text[:1].isupper()
    ):
        text = f"{text} {following.text}"
        r.at += 1
    return text


def read_frequent_value(r: Reader, field: Field) -> str | None:
    """Take a frequent value of this column, the longest that stands here."""
    for length in (4, 3, 2, 1):
        tokens = r.tokens[r.at : r.at + length]
        if len(tokens) == length:
            text = r.goal[tokens[0].start : tokens[-1].end] if length > 1 else tokens[0].value
            if (value := frequent_value(field, text)) is not None:
                r.at += length
                return value
    return None


def read_value_anywhere(r: Reader) -> tuple[Ref, Literal] | None:
    """Take a frequent value of any column, and say of which; `gift` is `is_gift = true`."""
    for length in (3, 2, 1):
        tokens = r.tokens[r.at : r.at + length]
        if len(tokens) < length or any(t.kind not in ("word", "quoted") for t in tokens):
            continue
        text = " ".join(t.value for t in tokens)
        if length == 1 and (len(text) < 2 or text.lower() in ENDS_A_VALUE):
            continue
        if (found := r.vocabulary.value(text)) is not None:
            r.at += length
            return found
    return None


def skip_unit(r: Reader) -> None:
    """Pass over a unit behind a number: `100 EUR`."""
    r.take(
        "euro | euros | eur | usd | dollars | dollar | gbp | pounds | kg | percent | € | $ | "
        "years old"
    )
