"""`provenance/README.md` of a bundle: who wrote the spec, in how many attempts, at what cost."""

from __future__ import annotations

from ai_data_engineer.rendering.readme import escaped
from ai_data_engineer.specifying.provenance import Attempt, Provenance

_HEAD = (
    "attempt", "by", "model", "asked with", "requests", "tokens sent", "answered",
    "of them thoughts", "US dollars", "findings before it", "ended with",
)  # fmt: skip
_REVIEWED = {
    "accepted": "A person reviewed the specification and accepted it as it was written.",
    "edited": "A person reviewed the specification and edited it: `spec.json` is theirs, and "
    "differs from what the last attempt wrote.",
}


def provenance_page(provenance: Provenance) -> str:
    """Return the page; what was sent and received, word for word, stands in the JSON beside it."""
    rows = [_row(number, a) for number, a in enumerate(provenance.attempts, 1)]
    lines = ["# Where the specification comes from", ""]
    if provenance.fell_back:
        lines += [
            "The offline planner wrote it in place of a model: "
            f"{escaped(provenance.fell_back_because)}",
            "",
        ]
    if provenance.reviewed is not None:
        lines += [_REVIEWED[provenance.reviewed], ""]
    lines += [f"| {' | '.join(_HEAD)} |", f"|{'---|' * len(_HEAD)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    lines += [
        "",
        "`provenance.json` holds the goal and, of each attempt, exactly what was sent (`sent`) and "
        "answered (`received`), and the findings that it was to mend.",
    ]
    if provenance.asked and provenance.reviewed != "edited":
        lines += [
            "",
            "The same answers give the same specification, without the model:",
            "",
            "```sh",
            "ADE_REPLAY_FILE=provenance/provenance.json "
            "ade specify SOURCE --goal GOAL --provider replay",
            "```",
        ]
    return "\n".join(lines) + "\n"


def _row(number: int, attempt: Attempt) -> list[str]:
    asked_with = ", ".join(f"{name} {value}" for name, value in attempt.parameters.items())
    counts = (attempt.calls, attempt.input_tokens, attempt.output_tokens, attempt.thought_tokens)
    return [
        str(number),
        escaped(attempt.provider),
        escaped(attempt.model or ""),
        escaped(asked_with),
        *(f"{count:,}" if attempt.is_model else "" for count in counts),
        "" if attempt.cost is None else f"{attempt.cost:.4f}",
        ", ".join(sorted({f"`{f.code}`" for f in attempt.findings})),
        f"`{attempt.error}`" if attempt.error else "an answer" if attempt.is_model else "a plan",
    ]
