"""Columns of two words that mean yes and no, or of noughts and ones."""

from __future__ import annotations

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling import vocabulary
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.inference import Inference, allowed_misses, warned_of_misses
from ai_data_engineer.types import BOOLEAN

_TRUE_FALSE = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), (".t.", ".f."),
    ("ja", "nein"), ("j", "n"), ("wahr", "falsch"),
    ("oui", "non"), ("o", "n"), ("vrai", "faux"),
    ("sí", "no"), ("si", "no"), ("s", "n"), ("verdadero", "falso"),
    ("sì", "no"), ("vero", "falso"),
    ("sim", "não"), ("sim", "nao"), ("verdadeiro", "falso"),
    ("ja", "nee"), ("waar", "onwaar"),
    ("ja", "nej"), ("ja", "nei"), ("sant", "falskt"), ("sandt", "falsk"), ("sann", "usann"),
    ("kyllä", "ei"), ("tosi", "epätosi"), ("jah", "ei"), ("jā", "nē"), ("taip", "ne"),
    ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("pravda", "nepravda"), ("áno", "nie"),
    ("da", "ne"), ("igen", "nem"), ("igaz", "hamis"), ("da", "nu"), ("adevărat", "fals"),
    ("да", "нет"), ("истина", "ложь"), ("так", "ні"), ("да", "не"), ("ναι", "όχι"),
    ("evet", "hayır"), ("doğru", "yanlış"), ("ya", "tidak"), ("có", "không"),
    ("是", "否"), ("はい", "いいえ"), ("예", "아니오"), ("نعم", "لا"), ("כן", "לא"), ("✓", "✗"),
)  # fmt: skip


_BOOLEAN_WORDS = frozenset(word for pair in _TRUE_FALSE for word in pair)


def boolean(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    """Return the type of values that are two words for yes and no, in one of the languages."""
    if len(values.counts) > 8 or not any(t.lower() in _BOOLEAN_WORDS for t in values.counts):
        return None
    found = {t.lower() for t in values.counts}
    for true, false in _TRUE_FALSE:
        if found == {true, false} or (found <= {true, false} and _may_stand_alone(found, hints)):
            plain = (true, false) == ("true", "false")
            parse = Parse(
                null_tokens=tokens,
                true_tokens=() if plain else (true,),
                false_tokens=() if plain else (false,),
            )
            return Inference(BOOLEAN, parse, values)
    misses = sum(n for t, n in values.counts.items() if t.lower() not in ("true", "false"))
    if {"true", "false"} <= found and misses <= allowed_misses(values):
        return Inference(
            BOOLEAN, Parse(null_tokens=tokens), values, warned_of_misses(misses, BOOLEAN)
        )
    return None


def _may_stand_alone(found: set[str], hints: frozenset[str]) -> bool:
    """Return whether one word alone will do: `yes` does, `no` in a column named like a flag."""
    return found <= {"true", "false", "yes"} or bool(hints & vocabulary.FLAG)


def flags(values: Texts, hints: frozenset[str], tokens: tuple[str, ...]) -> Inference | None:
    """Return the type of noughts and ones in a column that is named like a flag."""
    if (
        set(values.counts) <= {"0", "1"}
        and hints & vocabulary.FLAG
        and not hints & vocabulary.COUNT
    ):
        parse = Parse(null_tokens=tokens, true_tokens=("1",), false_tokens=("0",))
        return Inference(BOOLEAN, parse, values)
    return None
