"""`plan`: from profiles and a goal to a spec, the same one for the same words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ai_data_engineer.errors import SpecError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import Output, PipelineSpec
from ai_data_engineer.specifying.column_matching import CERTAIN
from ai_data_engineer.specifying.expectations import expect
from ai_data_engineer.specifying.offline import defaults
from ai_data_engineer.specifying.offline.deduplication import Deduplicate, KeepDuplicates
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible, unused
from ai_data_engineer.specifying.offline.goal import Understanding, understand
from ai_data_engineer.specifying.offline.intents import Intent, listed
from ai_data_engineer.specifying.offline.predicates import identifier
from ai_data_engineer.specifying.offline.tokens import Sentence, sentences
from ai_data_engineer.specifying.offline.vocabulary import Vocabulary

MAX_GOAL = 10_000
"""Characters of a goal that are read; a longer one is no goal any more."""
MAX_DESCRIPTION = 2000


def plan(profiles: Sequence[FileProfile], goal: str = "") -> PipelineSpec:
    """Return a valid spec for the profiled sources, in their order.

    Without a goal each source is typed, trimmed, de-duplicated, checked and written to Parquet.
    What a goal asks for is added where it can be read; `assumptions` says what was understood and
    what was not. Raises SpecError when there is no profile or one has no columns.
    """
    _check(profiles)
    goal, left_out = goal[:MAX_GOAL], goal[MAX_GOAL:]
    sources = defaults.sources(profiles)
    chains = [defaults.chain_of(s, p) for s, p in zip(sources, profiles, strict=True)]
    draft = Draft(chains, [source.uri for source in sources])
    turns = [list(turn) for _, turn in groupby(sentences(goal), key=lambda s: s.turn)]
    understood = _understand(draft, goal, turns[0]) if turns else Understanding((), ())
    _prepare(draft, profiles, understood, turns[1:])
    _meet(draft, understood)
    for turn in turns[1:]:
        _meet(draft, _understand(draft, goal, turn))
    if left_out.strip():
        draft.not_understood.append(f"everything behind the first {MAX_GOAL} characters")
    for chain in draft.chains:
        _finish(draft, chain)
    return PipelineSpec.model_validate(
        {
            "name": _name(draft),
            "description": _description(goal, [s.id for s in sources]),
            "assumptions": _assumptions(draft),
            "sources": sources,
            "steps": draft.steps,
            "outputs": draft.outputs,
            "expectations": draft.expectations,
            "schedule": draft.schedule,
            "trigger": draft.trigger,
        }
    )


def _check(profiles: Sequence[FileProfile]) -> None:
    if not profiles:
        raise SpecError("There is no source to plan for.", hint="Name at least one.")
    for profile in profiles:
        if not profile.columns:
            raise SpecError("The source has no columns.", location=profile.uri)


def _understand(draft: Draft, goal: str, turn: list[Sentence]) -> Understanding:
    return understand(goal, turn, Vocabulary([chain.table() for chain in draft.chains]))


def _prepare(
    draft: Draft, profiles: Sequence[FileProfile], first: Understanding, later: list[list[Sentence]]
) -> None:
    """Clean and de-duplicate each source, unless the goal itself says which rows are equal."""
    asked = [i for i in first.intents if isinstance(i, Deduplicate)]
    kept = any(isinstance(i, KeepDuplicates) for i in first.intents)
    comes_later = any("dup" in token.lower for turn in later for s in turn for token in s.tokens)
    for chain, profile in zip(list(draft.chains), profiles, strict=True):
        defaults.clean(draft, chain)
        goal_decides = kept or comes_later or any(chain in intent.chains(draft) for intent in asked)
        if not goal_decides:
            defaults.deduplicate(draft, chain, profile)
        defaults.check(draft, chain, profile, deduplicated=not goal_decides)


def _meet(draft: Draft, understood: Understanding) -> None:
    """Add what the wishes of one turn ask for, in an order that makes sense."""
    for intent in sorted(understood.intents, key=lambda i: i.when):
        saved = draft.snapshot()
        try:
            done = intent.apply(draft)
        except NotPossible as problem:
            # A wish is met whole or not at all.
            draft.restore(saved)
            draft.not_understood.append(f"“{intent.words}”: {str(problem).rstrip('.')}")
        else:
            draft.understood.append(f"“{intent.words}”: {done}.{_taken_for(intent)}")
    for chain in draft.chains:
        # The next turn speaks of the columns by the names that they have then.
        chain.renamed, chain.before = {}, None
    draft.not_understood.extend(f"“{clause}”" for clause in understood.not_understood)


def _taken_for(intent: Intent) -> str:
    """Say which words were taken for which columns, and which others would fit."""
    said: list[str] = []
    for ref in dict.fromkeys(intent.refs):
        if ref.phrase.lower().replace(" ", "_") == ref.name:
            continue
        rivals = (
            f" ({listed(list(ref.rivals[:3]))} would fit too)"
            if ref.rivals and ref.score < CERTAIN
            else ""
        )
        said.append(f"`{ref.phrase}` is taken as `{ref.name}`{rivals}")
    return f" {'; '.join(dict.fromkeys(said))}." if said else ""


def _finish(draft: Draft, chain: Chain) -> None:
    """Add the outputs of a chain and what they may be expected to hold."""
    partitions = _partition_columns(draft, chain)
    wish = draft.wish
    keys = [name for ref in wish.keys if (name := chain.find(ref))]
    mode = wish.mode if wish.mode != "upsert" or keys else "overwrite"
    formats = wish.formats or ["parquet"]
    for fmt in formats:
        lone = len(formats) == 1 and len(draft.chains) == 1
        path = wish.path if wish.path and lone else f"{chain.name}.{fmt}"
        suffix = "" if fmt == formats[0] else f"_{fmt}"
        output = Output(
            id=draft.free_id(f"{chain.name}_output{suffix}"),
            input=chain.node,
            format=fmt,
            path=path.rsplit(".", 1)[0] if partitions else path,
            mode=mode,
            keys=keys if mode == "upsert" else [],
            partition_by=partitions,
        )
        draft.outputs.append(output)
    first = draft.outputs[-len(formats)].id
    severity = "warning" if chain.removes_rows else "critical"
    draft.expectations.append(
        expect(first, "table_row_count_to_be_between", severity, "there are rows", min_value=1)
    )
    draft.expectations.append(
        expect(
            first,
            "table_columns_to_match_set",
            "critical",
            "what readers of the result rely on",
            column_set=list(chain.schema),
            exact_match=True,
        )
    )
    if chain.summarised and len(chain.key) > 1 and set(chain.key) <= set(chain.schema):
        draft.expectations.append(
            expect(
                first,
                "compound_columns_to_be_unique",
                "critical",
                "one row for each group",
                column_list=list(chain.key),
            )
        )


def _partition_columns(draft: Draft, chain: Chain) -> list[str]:
    """Return the columns to lay the files out by; periods of a date are derived for it."""
    names: list[str] = []
    derived: dict[str, str] = {}
    for ref, unit in draft.wish.partitions:
        column = chain.find(ref)
        if unit is None or (column is None and unit in chain.schema):
            name = column or unit
            names.extend([name] if name is not None and name in chain.schema else [])
        elif column is not None:
            # Folders of months of several years must not fall together.
            for part in ("year", unit) if unit in ("month", "quarter") else (unit,):
                expression = _period_text(column, part)
                if expression not in derived.values():
                    derived[unused(part, {*chain.schema, *derived})] = expression
                names.extend(n for n, e in derived.items() if e == expression)
    if derived:
        try:
            draft.add(
                chain, "date_parts_of", "derive", "For the layout of the files", columns=derived
            )
        except NotPossible as problem:
            draft.not_understood.append(f"the layout by {listed(list(derived))}: {problem}")
            names = [name for name in names if name not in derived]
    names = list(dict.fromkeys(names))
    return names if set(names) < set(chain.schema) else []


def _period_text(column: str, unit: str) -> str:
    if unit in ("year", "month", "quarter"):
        return f"EXTRACT({unit.upper()} FROM {identifier(column)})"
    return f"DATE_TRUNC('{unit}', {identifier(column)})"


def _assumptions(draft: Draft) -> list[str]:
    personal = [
        f"`{name}`" for chain in draft.chains for name, column in chain.schema.items() if column.pii
    ]
    clear = (
        f"Personal data is written in clear: {', '.join(dict.fromkeys(personal))}; "
        "say `mask personal data` to hide it."
    )
    return [
        *(f"Understood {text}" for text in draft.understood),
        *(f"Not understood: {text}." for text in draft.not_understood),
        *(f"Decided: {text}" for text in draft.decisions),
        *([clear] if personal else []),
    ]


def _name(draft: Draft) -> str:
    return unused("_and_".join(chain.name for chain in draft.chains), ())


def _description(goal: str, sources: list[str]) -> str:
    if goal.strip():
        return " ".join(goal.split())[:MAX_DESCRIPTION]
    return f"{listed(sources)}: typed, trimmed, de-duplicated, checked and written to Parquet."[
        :MAX_DESCRIPTION
    ]
