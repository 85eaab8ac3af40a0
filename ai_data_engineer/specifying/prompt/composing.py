"""The question to a model: the language, what the sources look like, the goal, what to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.specifying.privacy.examples import examples as shown_examples
from ai_data_engineer.specifying.prompt.language import (
    brief_system_prompt,
    system_prompt,
    system_tokens,
)
from ai_data_engineer.specifying.prompt.marking import Names, as_json, data
from ai_data_engineer.specifying.prompt.mending import Repair, mending
from ai_data_engineer.specifying.prompt.sources import describe
from ai_data_engineer.specifying.prompt.tokens import estimate
from ai_data_engineer.specifying.prompt.wire import repair_schema, wire_schema
from ai_data_engineer.specifying.providers.protocol import Question

NO_GOAL = "Clean, type, de-duplicate and check the data."
LEAST_OF_LANGUAGE = 950
"""Tokens for the rules and a few operators, however small the context."""
MOST_OF_SOURCES = 8_000
"""Tokens for all sources together, where there is room for more: each call pays for them."""
MOST_OF_REPAIR = 16_000
"""The same for what stays and what is to be replaced."""
MOST_OF_GOAL = 10_000
"""Characters of a goal."""
MOST_OF_STAND_INS = 20
"""Of each kind, that are told: the others are seen to be alike."""
MOST_OF_NAME = 63
"""Characters of an operator's name that are looked at."""
HEADROOM = 8_192
"""Tokens left for an answer where the context allows: thoughts count against it."""


@dataclass(frozen=True)
class Prompted:
    """A question, and what it takes to read its answer."""

    question: Question
    aliases: Aliases
    level: Literal["full", "brief"]
    """Of the language: brief for models of small context."""
    characters: int
    tokens: int
    """Estimated, of the whole prompt."""


def question(
    sources: Sequence[tuple[str, FileProfile]],
    goal: str,
    author: Author,
    *,
    examples: bool = False,
    repair: Repair | None = None,
    aliases: Aliases | None = None,
) -> Prompted:
    """Return the question; it fits the author's context with room for an answer.

    `sources` are the ids that a spec gives them, with their profiles. Without `examples` nothing
    in it is a cell's value; with them, a few redacted ones are. `aliases` are those that earlier
    answers were read with; left out, new ones are made.
    """
    context = _usable(author.context_tokens)
    answer = min(author.max_output_tokens, HEADROOM if context >= 3 * HEADROOM else context // 3)
    level: Literal["full", "brief"] = "full"
    system, taken = system_prompt(), system_tokens()
    if taken > (context - answer) * 2 // 3:
        level = "brief"
        brief = max(LEAST_OF_LANGUAGE, context * 2 // 5)
        system = brief_system_prompt(f"{goal} {_operators(repair)}", brief)
        taken = estimate(system)
    aliases = aliases or Aliases(sources, goal)
    room = context - answer - taken
    prompt = _varying(sources, goal, Names(aliases), room, examples, repair)
    tokens = taken + estimate(prompt)
    asked = Question(
        system=system,
        prompt=prompt,
        schema=wire_schema() if repair is None or repair.is_whole else repair_schema(),
        max_output_tokens=max(256, min(author.max_output_tokens, context - tokens)),
    )
    return Prompted(asked, aliases, level, len(system) + len(prompt), tokens)


def _operators(repair: Repair | None) -> str:
    """Return the operators to be mended: a brief language must tell them again."""
    steps = repair.failing.get("steps") if repair else None
    return " ".join(
        str(step.get("op"))[:MOST_OF_NAME]
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict)
    )


def _usable(context: int) -> int:
    """Return the tokens to reckon with: templates take some, small vocabularies an eighth more."""
    return context - min(context // 10, 2_000) - 64


def _varying(
    sources: Sequence[tuple[str, FileProfile]],
    goal: str,
    names: Names,
    room: int,
    examples: bool,
    repair: Repair | None,
) -> str:
    # Hidden before it is cut: half an address is not known as one.
    told = _within(names.aliases.hide(goal), room // 3)
    end = ["Goal:", data(as_json(told)), *_stand_ins(told, names.aliases)]
    if repair is not None:
        end += mending(repair, names, min(MOST_OF_REPAIR, room // 2))
    left = min(MOST_OF_SOURCES, room - estimate("\n".join(end)) - _MARKS)
    shown = describe(sources, goal, left, names, shown_examples if examples else None)
    about = "redacted values" if examples else "no values"
    return "\n".join([f"Sources, as profiled ({about}):", data(shown), *end, ""])


def _stand_ins(told: str, aliases: Aliases) -> list[str]:
    """Return what kinds of values the goal's stand-ins are: which column to look in follows."""
    kinds = aliases.kinds_in(told)
    if not kinds:
        return []
    said = (
        f"{', '.join(stand_ins[:MOST_OF_STAND_INS])} ({kind.replace('_', ' ')})"
        for kind, stand_ins in kinds.items()
    )
    return [f"Stand for values, to be written as they are: {'; '.join(said)}."]


_MARKS = 40
"""Tokens of what stands around the data."""


def _within(goal: str, room: int) -> str:
    """Return a goal of at most about so many tokens; a longer one loses its end."""
    goal = goal.strip()[:MOST_OF_GOAL] or NO_GOAL
    while (tokens := estimate(goal)) > room:
        goal = goal[: len(goal) * max(room, 1) // (tokens + 1)]
    return goal
