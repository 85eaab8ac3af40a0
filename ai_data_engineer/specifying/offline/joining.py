"""Sources put together: `join orders with customers on customer_id`, `append both files`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ai_data_engineer.specifying.column_matching import words_of
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import alternatives, meanings
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref, Table

_JOIN = meanings(
    {
        "left": (
            "join | left join | enrich | merge | combine | look up | lookup | match | link | "
            "connect | joined | joining | left outer join | blend"
        ),
        "inner": "inner join",
        "full": "full join | full outer join | outer join",
        "right": "right join | right outer join",
        "anti": "anti join",
        "semi": "semi join",
    }
)
_UNION = "append | stack | union | concatenate | concat | put together | pool | stack up | unite"
_EITHER = "combine | merge | put together"
_BOTH = (
    "both files | both tables | both sources | the two files | the two tables | both | them | all "
    "files | all sources | all tables | the files | the tables | the sources | these files | both "
    "datasets | these tables | the two | the two sources | these | all of them | everything | the "
    "data | two files | all the files | both of them | the datasets | the two datasets | two "
    "tables"
)
_WITH = "with | to | and | onto | by | from | , | against | & | plus | using | in"
_ON = (
    "on | by | using | via | through | where | over | matching on | with key | on the column | "
    "based on | when"
)


@dataclass(frozen=True, kw_only=True)
class Join(Intent):
    """Put the columns of tables side by side."""

    tables: tuple[str, ...]
    """Ids, the left one first."""
    how: str = "left"
    keys: tuple[tuple[Ref, Ref], ...] = ()
    """Pairs that the goal names; empty: a shared key is looked for."""

    stage: ClassVar[Stage] = Stage.COMBINE

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(ref for pair in self.keys for ref in pair))

    def apply(self, draft: Draft) -> str:
        chains = _chains(draft, self.tables)
        said: list[str] = []
        left = chains[0]
        for right in chains[1:]:
            pairs = self._named(left, right) or _shared_key(left, right)
            if not pairs:
                raise NotPossible(
                    f"`{left.name}` and `{right.name}` have no key in common; say `on a = b`"
                )
            said.append(join(draft, left, right, pairs, self.how, self.note))
        return "; ".join(said)

    def _named(self, left: Chain, right: Chain) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for a, b in self.keys:
            for one, other in ((a, b), (b, a)):
                if (x := left.find(one)) and (y := right.find(other)):
                    pairs.append((x, y))
                    break
        return pairs


@dataclass(frozen=True, kw_only=True)
class Union(Intent):
    """Put the rows of tables one behind the other."""

    tables: tuple[str, ...]

    stage: ClassVar[Stage] = Stage.COMBINE

    def apply(self, draft: Draft) -> str:
        chains = _chains(draft, self.tables)
        first, names = chains[0], [c.name for c in chains]
        profiles = {**first.profiles}
        name = "_and_".join(names)
        step_id = draft.free_id(f"combine_{name}"[:63])
        draft.add_named(first, step_id, "union", self.note, [c.node for c in chains])
        _merge(draft, first, chains[1:], name)
        first.profiles = {n: p for n, p in profiles.items() if n in first.schema}
        first.key, first.key_holds = (), False
        return f"puts the rows of {listed(names)} together"


def join(
    draft: Draft, left: Chain, right: Chain, pairs: list[tuple[str, str]], how: str, note: str
) -> str:
    """Join two chains into the left one; return what was done."""
    left_on, right_on = [a for a, _ in pairs], [b for _, b in pairs]
    suffix = f"_{_one_word(right.name)}"
    parameters: dict[str, Any] = {"how": how, "left_on": left_on, "suffix": suffix}
    if left_on != right_on:
        parameters["right_on"] = right_on
    unique = right.key_holds and set(right.key) == set(right_on)
    if unique and how in ("inner", "left", "right", "full"):
        # The key of the right side has been made unique before: this can be promised.
        parameters["cardinality"] = (
            "one_to_one" if left.key_holds and set(left.key) == set(left_on) else "many_to_one"
        )
    before = left.schema
    name = f"{left.name}_and_{right.name}"
    step_id = draft.free_id(f"join_{name}"[:63])
    left_names = left.name
    profiles = dict(left.profiles)
    draft.add_named(left, step_id, "join", note, [left.node, right.node], **parameters)
    left.profiles = {n: p for n, p in profiles.items() if n in left.schema}
    keys = dict(zip(right_on, left_on, strict=True))
    for column, profile in right.profiles.items():
        new = keys.get(column) or (column + suffix if column in before else column)
        if new in left.schema and new not in before:
            left.profiles[new] = profile
    for place, current in _names_in(right):
        new = keys.get(current) or (current + suffix if current in before else current)
        left.renamed.setdefault(place, new)
    if not unique and how not in ("semi", "anti"):
        left.key, left.key_holds = (), False
    right_name = right.name
    _merge(draft, left, [right], name)
    on = " and ".join(f"`{a}`" if a == b else f"`{a}` = `{b}`" for a, b in pairs)
    kind = {
        "left": "every row of the first is kept",
        "inner": "only rows with a match are kept",
    }.get(how, how)
    many = "" if unique else f"; `{right_name}` may match a row more than once"
    return f"joins `{left_names}` with `{right_name}` on {on} ({kind}{many})"


def _names_in(chain: Chain) -> list[tuple[tuple[str, str], str]]:
    """Return how the goal may name each column of a chain, and its name now."""
    plain = {(table, name): name for table in chain.tables for name in chain.schema}
    return list({**plain, **chain.renamed}.items())


def _merge(draft: Draft, into: Chain, others: list[Chain], name: str) -> None:
    into.references = (*into.references, *(r for other in others for r in other.references))
    into.sources = (*into.sources, *(s for other in others for s in other.sources))
    into.former = (*into.former, into.name, *(n for o in others for n in (o.name, *o.former)))
    into.name = name[:50].rstrip("_")
    draft.chains = [c for c in draft.chains if all(c is not other for other in others)]


def _one_word(name: str) -> str:
    return name if len(name) <= 40 else name[:40].rstrip("_")


def _chains(draft: Draft, tables: tuple[str, ...]) -> list[Chain]:
    found: list[Chain] = []
    for table in tables:
        chain = next((c for c in draft.chains if table in c.tables), None)
        if chain is not None and all(chain is not other for other in found):
            found.append(chain)
    if len(found) < 2:
        raise NotPossible("there are not two tables to put together at this point")
    return found


def _shared_key(left: Chain, right: Chain) -> list[tuple[str, str]]:
    """Return the key that two chains share: by name, `customer_id` and `id`, or by their values."""
    same = [
        name
        for name in left.schema
        if name in right.schema
        and left.schema[name].type == right.schema[name].type
        and not left.schema[name].type.is_nested
    ]
    best = max(same, key=lambda n: _key_rank(n, left, right), default=None)
    rank = _key_rank(best, left, right) if best is not None else 0
    if best is not None and rank and _is_named_as_key(best):
        return [(best, best)]
    for one, other, turned in ((left, right, False), (right, left, True)):
        for column in one.schema:
            key = _key_of(column, other)
            if key is not None and one.schema[column].type == other.schema[key].type:
                return [(key, column)] if turned else [(column, key)]
    if best is not None and rank:
        return [(best, best)]
    return _referred(left, right) or [(a, b) for b, a in _referred(right, left)]


def _referred(one: Chain, other: Chain) -> list[tuple[str, str]]:
    """Return the column whose values are found in a key of the other chain, and that key."""
    found = [
        reference
        for reference in one.references
        if reference.source in other.sources
        and reference.column in one.schema
        and reference.source_column in other.schema
        and one.schema[reference.column].type == other.schema[reference.source_column].type
    ]
    best = max(found, key=lambda reference: reference.containment, default=None)
    return [(best.column, best.source_column)] if best else []


def _key_rank(name: str, left: Chain, right: Chain) -> int:
    """How much a shared column looks like a key; 0: not at all."""
    words = words_of(name)
    unique = any(c.key == (name,) for c in (left, right))
    about = any(set(words) & set(words_of(s)) for c in (left, right) for s in c.sources)
    # `id` alone is each table's own number, not a link between two of them.
    own = words == ("id",) and not (left.key == right.key == (name,))
    discrete = left.schema[name].type.name in ("string", "int64", "date")
    only = sum(n in right.schema for n in left.schema) == 1
    return 0 if own else 4 * unique + 3 * _is_named_as_key(name) + about + (discrete and only)


def _is_named_as_key(name: str) -> bool:
    return bool({"id", "key", "code", "number", "uuid"} & set(words_of(name)))


def _key_of(column: str, chain: Chain) -> str | None:
    """Return the key of `customers` that a column `customer_id` elsewhere points to."""
    words = words_of(column)
    for source in chain.sources:
        about = words_of(source)
        if words[: len(about)] != about:
            continue
        rest = words[len(about) :]
        names: tuple[str, ...] = (*chain.key, *chain.schema)
        for name in names:
            if rest and words_of(name) == rest and (chain.key == (name,) or rest == ("id",)):
                return name
    return None


def read(r: Reader) -> Join | Union | None:
    """Take a wish to put sources together."""
    if len(r.vocabulary.tables) < 2:
        return None
    start = r.at
    how = "inner" if r.take("inner") else None
    union = None if how else r.take(_UNION)
    head = union or r.take(*_JOIN)
    if head is None:
        return None
    r.take("together | rows of | the rows of | the columns of | all rows of")
    tables = _tables(r)
    if len(tables) < 2:
        return None
    r.take("together | into one table | into one file | into one | vertically")
    if union:
        return Union(words=r.said(start), tables=tuple(t.id for t in tables))
    pairs = _keys(r, tables)
    if not pairs and head in alternatives(_EITHER) and _alike(tables):
        return Union(words=r.said(start), tables=tuple(t.id for t in tables))
    how = how or _JOIN[head]
    if r.take(
        "keeping only matches | only matches | keeping only matching rows | keep only matches "
        "| only matching rows"
    ):
        how = "inner"
    return Join(words=r.said(start), tables=tuple(t.id for t in tables), how=how, keys=tuple(pairs))


def _tables(r: Reader) -> list[Table]:
    r.take(":")
    if r.take(_BOTH):
        return list(r.vocabulary.tables)
    found: list[Table] = []
    while True:
        start = r.at
        while found and (r.take(_WITH) or r.take("the")):
            pass
        if found and r.at == start:
            break
        r.skip(("the", "each", "table", "file", "source", "all"))
        table = _table(r)
        if table is None or table in found:
            r.at = start
            break
        r.take("table | file | data | source | dataset | rows")
        found.append(table)
    return found


def _table(r: Reader) -> Table | None:
    """Take the longest run of words that names a table."""
    for length in (3, 2, 1):
        tokens = r.tokens[r.at : r.at + length]
        if len(tokens) == length and all(t.kind in ("word", "quoted", "file") for t in tokens):
            text = " ".join(t.value.rsplit("/", 1)[-1] for t in tokens)
            if (table := r.vocabulary.table(text)) is not None:
                r.at += length
                return table
    return None


def _keys(r: Reader, tables: list[Table]) -> list[tuple[Ref, Ref]]:
    start = r.at
    if r.take(_ON) is None:
        return []
    pairs: list[tuple[Ref, Ref]] = []
    r.skip(("the", "column", "columns", "key", "their", "common", "shared"))
    while True:
        here = r.at
        if pairs and not r.separator():
            break
        pair = _pair(r, tables)
        if pair is None:
            r.at = here
            break
        pairs.append(pair)
    if not pairs:
        r.at = start
    return pairs


def _pair(r: Reader, tables: list[Table]) -> tuple[Ref, Ref] | None:
    here = r.at
    one = r.column()
    if one is None:
        return None
    if r.take("= | == | equals | to | matches | is | equal to | and"):
        behind = r.at
        # Behind `and` a second column pairs with the first one only when they are of two tables.
        joined_by_and = r.tokens[behind - 1].lower == "and"
        other = r.column()
        apart = other is not None and not {t for t, _ in one.places} & {t for t, _ in other.places}
        if other is not None and (not joined_by_and or apart):
            return one, other
        r.at = behind - 1
    if len({t for t, _ in one.places} & {t.id for t in tables}) >= 2:
        return one, one
    # The column is in one table: its like in the other table is meant.
    elsewhere = [t for t in tables if t.id not in {p for p, _ in one.places}]
    for table in elsewhere:
        like = r.vocabulary.column(f"{table.id}.{one.phrase}")
        if like is not None:
            return one, like
    r.at = here
    return None


def _alike(tables: list[Table]) -> bool:
    return all(set(t.fields) == set(tables[0].fields) for t in tables)
