"""What every understood wish is: the words it was read from, when its turn comes, what it adds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from ai_data_engineer.specifying.offline.draft import Draft
from ai_data_engineer.specifying.offline.vocabulary import Ref


class Stage(IntEnum):
    """The order in which wishes are met, whatever the order of the words."""

    RENAME = 0
    DEDUPLICATE_A_SIDE = 1
    COMBINE = 2
    FILTER = 3
    DEDUPLICATE = 4
    FILL = 5
    PRIVACY = 6
    AGGREGATE = 7
    FILTER_FIGURES = 8
    TOP = 9
    SORT = 10
    LIMIT = 11
    COLUMNS = 12
    OUTPUT = 13
    SCHEDULE = 14


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One wish."""

    words: str
    """The words of the goal that it comes from, as they stand there."""

    stage: ClassVar[Stage]

    @property
    def when(self) -> Stage:
        """When its turn comes."""
        return self.stage

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns that it speaks of."""
        return ()

    @property
    def note(self) -> str:
        """The note on the steps that it adds."""
        return f"Goal: “{self.words}”"

    def apply(self, draft: Draft) -> str:
        """Add what the wish asks for and say what that is; raises NotPossible."""
        raise NotImplementedError


def listed(names: list[str]) -> str:
    """Return names as a reader lists them: `a`, `b` and `c`."""
    quoted = [f"`{n}`" for n in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
