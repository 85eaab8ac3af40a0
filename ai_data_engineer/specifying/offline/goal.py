"""From the words of a goal to wishes, and to what was left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ai_data_engineer.specifying.offline import (
    aggregation,
    columns,
    deduplication,
    filling,
    filters,
    having,
    joining,
    ordering,
    outputs,
    privacy,
    scheduling,
    top,
)
from ai_data_engineer.specifying.offline.intents import Intent
from ai_data_engineer.specifying.offline.phrases import word_set
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.tokens import Sentence, Token
from ai_data_engineer.specifying.offline.vocabulary import Ref, Vocabulary

Reading = Callable[[Reader], Intent | None]

READINGS: tuple[Reading, ...] = (
    joining.read,
    privacy.read,
    deduplication.read,
    columns.read_rename,
    filling.read,
    outputs.read,
    having.read,
    top.read,
    ordering.read,
    aggregation.read,
    scheduling.read,
    filters.read_relative_time,
    filters.read,
    columns.read_drop,
    columns.read_keep,
)
"""Tried in this order at each place; the first that makes sense of what stands there takes it."""

_FILLERS = word_set(
    "a about all also an and any are as at be build but by can clean cleaned cleanup "
    "could create data dataset display do everything file files finally first following "
    "for from further get give good have hello hey hi i i'd if in input into is it its "
    "just kindly let lets like load make me my need next now of off on only our out "
    "output over per pipeline please prepare process read record records result results "
    "row rows see should show so some source table take thank thanks that the their them "
    "then there these they this those tidy to transform up us use using want we we'd what's will "
    "with would you your"
)
"""Words that say nothing by themselves; what is left over besides them was not understood."""
_CHANGES_THE_SENSE = word_set(
    "not no never nor neither without except don't doesn't isn't unless exclude pivot unpivot "
    "cumulative running rolling moving percentage percent share ratio proportion fraction growth "
    "change difference weighted split add derive calculate round convert predict forecast "
    "interpolate resample transpose explode flatten cast extract replace compare correlate "
    "correlation normalise normalize standardise standardize bin bucket rank translate bottom "
    "if unlike instead lag lead sample random every"
)
"""Words for denials and for operations beyond this planner: what follows them means more than it
seems to by itself."""
_SPLITTERS = frozenset({"and", "then", "also", "but"})


@dataclass(frozen=True)
class Understanding:
    """The wishes of one turn, in the order of the words, and the clauses that no one could read."""

    intents: tuple[Intent, ...]
    not_understood: tuple[str, ...]


def understand(goal: str, sentences: Sequence[Sentence], vocabulary: Vocabulary) -> Understanding:
    """Read sentences with the columns at hand."""
    vocabulary = _with_new_names(goal, sentences, vocabulary)
    intents: list[Intent] = []
    left_over: list[str] = []
    for sentence in sentences:
        found, rest = _read(Reader(sentence.tokens, vocabulary, goal))
        intents.extend(found)
        left_over.extend(_clauses(goal, rest, vocabulary))
    return Understanding(tuple(_first_of_sorted(intents)), tuple(left_over))


def _first_of_sorted(intents: Sequence[Intent]) -> list[Intent]:
    """Take `sort by amount descending, top 20` as the first 20 rows in that order."""
    found: list[Intent] = []
    for intent in intents:
        is_sorted = any(isinstance(i, ordering.Sort) for i in found)
        if is_sorted and isinstance(intent, top.Top) and intent.says_only_how_many:
            found.append(ordering.Limit(words=intent.words, n=intent.n))
        else:
            found.append(intent)
    return found


def _read(r: Reader) -> tuple[list[Intent], list[list[Token]]]:
    intents: list[Intent] = []
    rest: list[list[Token]] = [[]]
    while not r.done:
        start = r.at
        for reading in READINGS:
            r.at = start
            intent = reading(r)
            if intent is not None and r.at > start:
                if _means_something_else(rest[-1]):
                    # Better not met than met in another sense.
                    rest[-1].extend(r.tokens[start : r.at])
                else:
                    intents.append(intent)
                    rest.append([])
                break
        else:
            r.at = start + 1
            rest[-1].append(r.tokens[start])
    return intents, rest


def _means_something_else(before: list[Token]) -> bool:
    """Whether what was not understood right before changes the sense of what follows it."""
    clause: list[Token] = []
    for token in before:
        clause = [] if _ends_a_clause(token) else [*clause, token]
    return any(token.lower in _CHANGES_THE_SENSE for token in clause)


def _ends_a_clause(token: Token) -> bool:
    mark = token.kind == "mark" and (token.text in ",:" or token.text.startswith("\n"))
    return mark or token.lower in _SPLITTERS


def _clauses(goal: str, runs: list[list[Token]], vocabulary: Vocabulary) -> list[str]:
    """Return the runs of tokens that say something, word for word, cut where clauses end."""
    clauses: list[str] = []
    for run in runs:
        clause: list[Token] = []
        for token in [*run, None]:
            ends = token is None or _ends_a_clause(token)
            if token is not None and not ends:
                clause.append(token)
                continue
            if any(_says_something(t, vocabulary) for t in clause):
                clauses.append(goal[clause[0].start : clause[-1].end])
            clause = []
    return clauses


def _says_something(token: Token, vocabulary: Vocabulary) -> bool:
    if token.kind == "mark":
        return token.text.isalnum() or not token.text.isascii()
    return token.lower not in _FILLERS and not vocabulary.is_rows(token.value)


def _with_new_names(goal: str, sentences: Sequence[Sentence], vocabulary: Vocabulary) -> Vocabulary:
    """Let the rest of the goal speak of columns by the names that it gives them."""
    aliases: dict[str, Ref] = {}
    for sentence in sentences:
        r = Reader(sentence.tokens, vocabulary, goal)
        while not r.done:
            start = r.at
            renaming = columns.read_rename(r)
            if renaming is not None:
                for name in (renaming.new, renaming.new.replace("_", " ")):
                    aliases[name] = replace(renaming.column, phrase=name, score=1.0, rivals=())
            else:
                r.at = start + 1
    return Vocabulary(vocabulary.tables, aliases)
