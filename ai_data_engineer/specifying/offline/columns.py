"""Which columns: `keep only id and amount`, `drop notes`, `rename cust_nm to customer_name`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import word_set
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref

_KEEP = (
    "keep only | only keep | keep just | just keep | keep | keeping | keeping only | select | "
    "select only | only | just | show | show me | show only | show me only | give me | give me "
    "only | i only need | i only want | i need only | i just need | we only need | only need | "
    "only the columns | with columns | with only | return | project | retain | restrict to | "
    "limit to | use only | only use | extract | pick | i need | i want | we need | get | include "
    "only | only include | take | columns"
)
_DROP = (
    "drop | remove | delete | exclude | excluding | omit | discard | ignore | without | leave out "
    "| get rid of | except | everything except | everything but | all columns except | all "
    "columns but | keep everything except | keep everything but | keep all columns except | all "
    "but | skip | throw away | strip | strip out | dropping | removing | do not keep | don't keep "
    "| do not include | don't include | i don't need | we don't need | no need for | take out | "
    "keep all columns but | keep all except | keep all but | minus | hide"
)
_BEHIND_A_LIST = word_set(
    "and then also but or from for where with without when as in into to on if of only please "
    "sort sorted order ordered newest latest oldest every each daily hourly weekly monthly nightly "
    "run after before since until between partitioned partition limit limited top first save "
    "write export keep drop remove rename mask hash grouped group which that whose at using "
    "entirely completely altogether instead thanks thank at all columns column fields everywhere"
)
_ENDS_A_NAME = word_set(
    "and then by with where sort order group keep drop remove rename in on for every as "
    "to but save write also filter join mask hash deduplicate call"
)


@dataclass(frozen=True, kw_only=True)
class Keep(Intent):
    """Keep these columns and no others."""

    columns: tuple[Ref, ...]
    unknown: tuple[str, ...] = ()
    """Words in the list that name no column."""

    stage: ClassVar[Stage] = Stage.COLUMNS

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.columns

    def apply(self, draft: Draft) -> str:
        done: list[str] = []
        for chain in chains_with_any(draft, self.columns):
            names = chain.find_all(self.columns)
            if names != list(chain.schema):
                draft.add(chain, "select", "select", self.note, columns=names)
            done.extend(names)
        gone = _gone(draft, self.columns)
        return f"keeps only {listed(list(dict.fromkeys(done)))}{gone}{_strange(self.unknown)}"


@dataclass(frozen=True, kw_only=True)
class Drop(Intent):
    """Leave these columns out."""

    columns: tuple[Ref, ...]
    unknown: tuple[str, ...] = ()
    """Words in the list that name no column."""

    stage: ClassVar[Stage] = Stage.COLUMNS

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.columns

    def apply(self, draft: Draft) -> str:
        done: list[str] = []
        for chain in draft.chains:
            names = chain.find_all(self.columns)
            if set(names) == set(chain.schema):
                raise NotPossible("no column would be left")
            if names:
                draft.add(chain, "trim", "drop", self.note, columns=names)
                done.extend(names)
        if not done:
            return "nothing to drop: the result does not have these columns"
        return f"drops {listed(list(dict.fromkeys(done)))}{_strange(self.unknown)}"


@dataclass(frozen=True, kw_only=True)
class Rename(Intent):
    """Give a column another name."""

    column: Ref
    new: str

    stage: ClassVar[Stage] = Stage.RENAME

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.column,)

    def apply(self, draft: Draft) -> str:
        old = ""
        for chain in chains_with_any(draft, (self.column,)):
            old = chain.name_of(self.column)
            if old == self.new:
                continue
            if self.new in chain.schema:
                raise NotPossible(f"there is already a column `{self.new}`")
            _rename(draft, chain, old, self)
        return f"renames `{old}` to `{self.new}`"


def _rename(draft: Draft, chain: Chain, old: str, intent: Rename) -> None:
    """Add a rename, or widen the one that stands at the end."""
    profile, is_key = chain.profiles.get(old), old in chain.key
    places = [p for p in intent.column.places if p[0] in chain.tables]
    last = draft.last(chain, "rename")
    if last is not None and last["id"] == chain.node and old not in last["columns"].values():
        draft.change(
            chain,
            last,
            note=f"{last['note']}; {intent.note}",
            columns={**last["columns"], old: intent.new},
        )
    else:
        draft.add(chain, "rename_columns_of", "rename", intent.note, columns={old: intent.new})
    chain.renamed.update(dict.fromkeys(places, intent.new))
    if profile is not None:
        chain.profiles[intent.new] = profile
    if is_key:
        chain.key = tuple(intent.new if k == old else k for k in chain.key)


def chains_with_any(draft: Draft, refs: tuple[Ref, ...]) -> list[Chain]:
    """Return the chains that have one of the columns; raises NotPossible when none has."""
    found = [chain for chain in draft.chains if any(chain.find(ref) for ref in refs)]
    if not found:
        raise NotPossible(f"{listed([ref.name for ref in refs])} cannot be found at this point")
    return found


def _strange(words: tuple[str, ...]) -> str:
    return f"; not understood: {listed(list(words))} names no column" if words else ""


def _gone(draft: Draft, refs: tuple[Ref, ...]) -> str:
    gone = [ref.name for ref in refs if not any(chain.find(ref) for chain in draft.chains)]
    return f"; {listed(gone)} cannot be had in the result" if gone else ""


def read_drop(r: Reader) -> Drop | None:
    """Take `drop notes and comments`, `everything except email`."""
    start = r.at
    if r.take(_DROP) is None:
        return None
    columns = r.columns()
    if not columns or not _ends(r):
        return None
    return Drop(words=r.said(start), columns=tuple(columns), unknown=tuple(r.unknown))


def read_keep(r: Reader) -> Keep | None:
    """Take `keep only id and amount`, `just the names`."""
    start = r.at
    if r.take(_KEEP) is None:
        return None
    r.take("only | just")
    columns = r.columns()
    if not columns or not _ends(r):
        return None
    return Keep(words=r.said(start), columns=tuple(columns), unknown=tuple(r.unknown))


def read_rename(r: Reader) -> Rename | None:
    """Take `rename a to b`, `call a b`, or `a to b` behind another renaming."""
    start = r.at
    if r.take("rename | renaming | change the name of | relabel"):
        column = r.column()
        if column is None or not r.take("to | as | into | → | ->"):
            return None
    elif r.take("call"):
        column = r.column()
        r.take("as")
    elif _follows_a_renaming(r):
        column = r.column()
        if column is None or not r.take("to | as | into"):
            return None
    else:
        return None
    new = _new_name(r)
    if column is None or new is None:
        return None
    return Rename(words=r.said(start), column=column, new=new)


def _ends(r: Reader) -> bool:
    """Whether the list of columns ends here; `drop email duplicates` means no column."""
    token = r.peek()
    return token is None or token.kind != "word" or token.lower in _BEHIND_A_LIST


def _follows_a_renaming(r: Reader) -> bool:
    return any(t.lower in ("rename", "renaming", "relabel") for t in r.tokens[: r.at])


def _new_name(r: Reader) -> str | None:
    """Take the words of a new name up to the end of the wish, as a safe column name."""
    words: list[str] = []
    while (token := r.peek()) and len(words) < 4:
        if token.kind == "quoted" and not words:
            r.at += 1
            words.append(token.value)
            break
        if token.kind != "word" or token.lower in _ENDS_A_NAME:
            break
        r.at += 1
        words.append(token.text)
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"([a-z])([A-Z])", r"\1_\2", " ".join(words)).lower())
    name = name.strip("_")
    return name[:63] if name[:1].isalpha() else None
