"""`plan`: from profiles and a goal to a spec, the same one for the same words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ai_data_engineer.errors import SpecError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.column_matching import CERTAIN
from ai_data_engineer.specifying.offline import defaults
from ai_data_engineer.specifying.offline.deduplication import Deduplicate, KeepDuplicates
from ai_data_engineer.specifying.offline.draft import Draft, NotPossible, unused
from ai_data_engineer.specifying.offline.finishing import finish
from ai_data_engineer.specifying.offline.goal import Understanding, understand
from ai_data_engineer.specifying.offline.intents import Intent, listed
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
        finish(draft, chain)
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
        defaults.clean(draft, chain, profile)
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
