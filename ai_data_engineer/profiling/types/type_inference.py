"""From texts to a type: a type is taken when nearly every value has its written form.

Whatever could lose something stays text: leading zeros, long digit strings, numbers that are
names of things (telephone, postcode, account).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.meaning.check_digits import is_ean, is_luhn
from ai_data_engineer.profiling.names import words
from ai_data_engineer.profiling.texts import SEPARATOR, Texts
from ai_data_engineer.profiling.types import null_tokens
from ai_data_engineer.profiling.types.booleans import boolean, flags
from ai_data_engineer.profiling.types.inference import (
    UNKNOWN,
    Custom,
    Inference,
    allowed_misses,
    warned_of_misses,
)
from ai_data_engineer.profiling.types.moments import dated, epoch, serial_days
from ai_data_engineer.profiling.types.negatives import with_plain_signs
from ai_data_engineer.profiling.types.numbers import (
    NumberForm,
    has_real_exponents,
    loses_digits,
    number_form,
    number_type,
    units,
)
from ai_data_engineer.profiling.types.sentinels import sentinels
from ai_data_engineer.types import BOOLEAN, FLOAT64, STRING

__all__ = ["Custom", "Inference", "infer"]

_CODE_LIKE = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_\-/.]+")


def infer(
    texts: Texts,
    name: str = "",
    json_kinds: frozenset[str] = frozenset(),
    custom: Custom = UNKNOWN,
) -> Inference:
    """Return the type of a column of trimmed texts without empty ones.

    `name` is the safe name, whose words are hints; `json_kinds` the kinds that the values had in
    JSON, empty for text formats.
    """
    found = null_tokens.markers(texts) if not json_kinds or "string" in json_kinds else frozenset()
    values = texts.without(found)
    tokens = null_tokens.tokens_of_typed(texts, found)
    if not values:
        return _text(texts, found)
    kinds = json_kinds - {"null"}
    if kinds:
        typed = _infer_json(values, kinds, tokens, name, custom)
    else:
        typed = (
            boolean(values, words(name), tokens)
            or _infer_forms(values, name, tokens, custom)
            or _infer_without_word(texts, values, found, name, custom)
        )
    return _warned_of_sentinels(typed) if typed else _text(texts, found, kinds)


def _infer_without_word(
    texts: Texts, values: Texts, found: frozenset[str], name: str, custom: Custom
) -> Inference | None:
    """Return the type that all values have but one word, which then stands for "no value"."""
    word = null_tokens.strange_word(values)
    if word is None:
        return None
    rest, gone = values.without({word}), found | {word}
    typed = _infer_forms(rest, name, null_tokens.tokens_of_typed(texts, gone), custom)
    if typed is None or typed.warnings or not typed.type.is_numeric | typed.type.is_temporal:
        return None
    message = "A word that repeats among them is taken for a missing value."
    return replace(typed, warnings=(("W_NULL_TOKEN", message),))


def _infer_json(
    values: Texts, kinds: frozenset[str], tokens: tuple[str, ...], name: str, custom: Custom
) -> Inference | None:
    if kinds == {"boolean"}:
        return Inference(BOOLEAN, Parse(), values)
    if kinds == {"string"}:
        return dated(values, words(name), tokens, custom)
    if kinds <= {"integer", "number"}:
        form = number_form(values, 0, ".")
        if form is not None:
            moment = epoch(values, words(name), tokens) if form.is_whole else None
            return moment or _number(values, form, frozenset(), tokens)
    return None


def _infer_forms(
    values: Texts, name: str, tokens: tuple[str, ...], custom: Custom
) -> Inference | None:
    hints = words(name)
    if (date := dated(values, hints, tokens, custom)) is not None:
        return date
    if (date := serial_days(values, hints, tokens)) is not None:
        return date
    signed, negative = with_plain_signs(values)
    form = number_form(signed, allowed_misses(values), custom.decimal_mark)
    if form is None or (form.has_exponent and not has_real_exponents(signed)):
        return None
    form = replace(form, negative=negative)
    has_affix = bool(form.prefix or form.suffix or negative)
    if not has_affix and _is_name_of_a_thing(values, form, hints):
        return None
    if form.misses and any(_CODE_LIKE.fullmatch(t) for t in signed.counts if not _is_numeric(t)):
        # A few codes with letters among digits: they are all codes.
        return None
    if form.is_whole and not has_affix:
        if (noughts_and_ones := flags(values, hints, tokens)) is not None:
            return noughts_and_ones
        if (moment := epoch(values, hints, tokens)) is not None:
            return moment
    number = _number(signed, form, hints, tokens)
    if number is None:
        return None
    number = replace(number, values=values)
    if custom.decimal_mark or not form.is_ambiguous:
        return number
    return _warned_of_marks(number, form)


def _warned_of_marks(number: Inference, form: NumberForm) -> Inference:
    """Add a warning where a mark that is not plainly a point decides what the numbers are."""
    if form.decimal_mark == "." and not form.thousands_mark:
        return number
    reading = "thousands" if form.thousands_mark else "a fraction"
    warning = ("W_AMBIGUOUS_NUMBER", f"The marks were read as those of {reading}.")
    return replace(number, warnings=(*number.warnings, warning))


def _number(
    values: Texts, form: NumberForm, hints: frozenset[str], tokens: tuple[str, ...]
) -> Inference | None:
    is_money = (
        bool(hints & vocabulary.MONEY) and form.suffix != "%" and not hints & {"rate", "percent"}
    )
    kind = number_type(form, values, is_money)
    if kind is None:
        return None
    warnings = warned_of_misses(form.misses, kind)
    if kind == FLOAT64 and not form.has_exponent and loses_digits(form, values):
        warnings += (
            (
                "W_LOST_PRECISION",
                f"Up to {form.significant_digits} digits, read as a 64-bit float.",
            ),
        )
    return Inference(kind, form.parse(tokens), values, warnings, number=form)


def _text(
    texts: Texts, found: frozenset[str], json_kinds: frozenset[str] = frozenset()
) -> Inference:
    tokens = null_tokens.tokens_of_text(texts, found)
    values = texts.without(set(tokens))
    warnings: tuple[tuple[str, str], ...] = ()
    if len(json_kinds) > 1:
        kinds = " and ".join(f"{kind}s" for kind in sorted(json_kinds))
        warnings += (("W_MIXED_TYPES", f"The values are {kinds}: all are read as text."),)
    if not json_kinds and values and _has_leading_zeros(values):
        warnings += (("W_LEADING_ZEROS", "Digits with leading zeros are kept as text."),)
    if not json_kinds and len(several := units(values)) > 1:
        message = f"Numbers have {len(several)} different units or currencies: kept as text."
        warnings += (("W_MIXED_UNITS", message),)
    return Inference(STRING, Parse(null_tokens=tokens), values, warnings)


def _warned_of_sentinels(typed: Inference) -> Inference:
    """Add a warning where values that often stand for "no value" lie far from all others."""
    count = sentinels(typed.values, typed.type, typed.parse)
    if not count:
        return typed
    kind = "numbers" if typed.type.is_numeric else "dates"
    message = f"{count:,} {kind} far from the others look as if they stood for a missing value."
    return replace(typed, warnings=(*typed.warnings, ("W_SENTINEL", message)))


def _is_name_of_a_thing(values: Texts, form: NumberForm, hints: frozenset[str]) -> bool:
    """Return whether digits stand for something that is not a quantity, so text must be kept."""
    if _has_leading_zeros(values):
        return True
    if (
        hints & vocabulary.THING_NUMBER
        and not hints & vocabulary.MONEY
        and not hints & vocabulary.COUNT
    ):
        return form.is_whole or "version" in hints
    if not form.is_whole or form.thousands_mark:
        return False
    lengths = {len(shape) for shape in values.shapes}
    if form.whole_digits > 18:
        return len(lengths) == 1 or bool(hints & vocabulary.IDENTIFIER)
    if len(lengths) > 4 or len(values.counts) < 10:
        return False
    if min(lengths) >= 8 and all(shape.startswith("+") for shape in values.shapes):
        return True
    # Numbers that end in a check digit: one in ten passes by chance, ten of ten do not.
    if lengths <= {13, 14, 15, 16, 19} and all(is_luhn(t) for t in values.counts):
        return True
    return lengths <= {8, 12, 13, 14} and all(is_ean(t) for t in values.counts)


_LEADING_ZERO = re.compile(rf"{SEPARATOR}[+-]?0[0-9]")


def _has_leading_zeros(values: Texts) -> bool:
    """Return whether digits alone begin with a nought that is not all there is."""
    if not _LEADING_ZERO.search(values.joined):
        return False
    return any(re.fullmatch(r"[+-]?0[0-9]+", t) for t in values.counts) and all(
        "9" in shape for shape in values.shapes
    )


def _is_numeric(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?", text) is not None
