"""Columns for the period of a date: the year, the year and month, the day that a week begins."""

from __future__ import annotations

from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible, unused
from ai_data_engineer.specifying.offline.predicates import identifier
from ai_data_engineer.specifying.offline.vocabulary import Ref


def date_now(chain: Chain, ref: Ref) -> str | None:
    """Return the column of a date as it stands now: itself, or the period grouped by."""
    if (column := chain.find(ref)) is not None:
        return column
    periods = (k for k in chain.key if k in chain.schema and k not in chain.profiles)
    return next((k for k in periods if chain.schema[k].type.is_temporal), None)


def period_columns(draft: Draft, chain: Chain, ref: Ref, unit: str, note: str) -> list[str]:
    """Return columns whose equal values make a period, after adding those that are not there.

    A month is a year and a month: months of different years are different. Raises NotPossible
    when the date is gone.
    """
    if unit in chain.schema and unit in chain.key:
        return [unit]
    column = date_now(chain, ref)
    if column is None:
        raise NotPossible(f"`{ref.name}` cannot be found in the result")
    if unit == "day" and chain.schema[column].type.name == "date":
        return [column]
    wanted = {
        chain.parts.get((column, part)) or unused(part, chain.schema): part
        for part in (("year", unit) if unit in ("month", "quarter") else (unit,))
    }
    new = {
        name: _expression(column, part) for name, part in wanted.items() if name not in chain.schema
    }
    if new:
        last = draft.last(chain, "derive")
        if last is not None and last["id"] == chain.node:
            draft.change(chain, last, columns={**last["columns"], **new})
        else:
            draft.add(chain, "date_parts_of", "derive", note, columns=new)
        chain.parts.update({(column, wanted[name]): name for name in new})
    return list(wanted)


def _expression(column: str, part: str) -> str:
    if part in ("year", "month", "quarter"):
        return f"EXTRACT({part.upper()} FROM {identifier(column)})"
    return f"CAST(DATE_TRUNC('{part}', {identifier(column)}) AS DATE)"
