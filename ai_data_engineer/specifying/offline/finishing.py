"""The end of a plan: outputs, their layout, and what they may be expected to hold."""

from __future__ import annotations

from ai_data_engineer.spec.spec import Output
from ai_data_engineer.specifying.expectations import expect
from ai_data_engineer.specifying.offline.date_parts import period_columns
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible


def finish(draft: Draft, chain: Chain) -> None:
    """Add the outputs of a chain and what they may be expected to hold."""
    partitions = _partition_columns(draft, chain)
    wish = draft.wish
    keys = [name for ref in wish.keys if (name := chain.find(ref))]
    mode = wish.mode if wish.mode != "upsert" or keys else "overwrite"
    formats = wish.formats or ["parquet"]
    lone = len(formats) == 1 and len(draft.chains) == 1
    ids: list[str] = []
    for fmt in formats:
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
        ids.append(output.id)
    _expect(draft, chain, ids[0])


def _expect(draft: Draft, chain: Chain, output: str) -> None:
    """Add expectations; of several formats of the same rows the first one is judged."""
    # What the goal filters out may leave nothing on a quiet day, and that is no fault; nor is it
    # where the source that the plan was made for held nothing.
    is_known_empty = not any(profile.distinct_count for profile in chain.profiles.values())
    severity = "warning" if chain.removes_rows or is_known_empty else "critical"
    draft.expectations += [
        expect(output, "table_row_count_to_be_between", severity, "there are rows", min_value=1),
        expect(
            output,
            "table_columns_to_match_set",
            "critical",
            "what readers of the result rely on",
            column_set=list(chain.schema),
            exact_match=True,
        ),
    ]
    if chain.summarised and len(chain.key) > 1 and set(chain.key) <= set(chain.schema):
        draft.expectations.append(
            expect(
                output,
                "compound_columns_to_be_unique",
                "critical",
                "one row for each group",
                column_list=list(chain.key),
            )
        )


def _partition_columns(draft: Draft, chain: Chain) -> list[str]:
    """Return the columns to lay the files out by, as far as this chain has them."""
    names: list[str] = []
    for ref, unit in draft.wish.partitions:
        if unit is None:
            column = chain.find(ref)
            names += [column] if column else []
            continue
        try:
            names += period_columns(draft, chain, ref, unit, "For the layout of the files")
        except NotPossible:
            # Another chain has the date, or the wish would not have been taken on.
            continue
    names = list(dict.fromkeys(names))
    return names if set(names) < set(chain.schema) else []
