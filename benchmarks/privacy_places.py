"""Every place of a source, a goal or a repair where a private value can stand, and what is sent.

Each place is a real file that is really profiled, or a real question; what comes back is the text
that a model would be sent, and what of it is searched for.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt import Repair, question
from benchmarks.privacy_seeds import Seed

ROWS = 60
AUTHOR = Author(provider="gemini", model="a-model", context_tokens=1_000_000)
_TOGETHER = 20
"""Seeds in one file of values: so few that the prompt tells all of its columns in full."""


@dataclass(frozen=True)
class Sent:
    """A prompt, and the seeds that its sources, goal or repair hold."""

    place: str
    seeds: tuple[Seed, ...]
    prompt: str
    mode: str = "both"


def values_sent(seeds: Sequence[Seed], folder: Path) -> Iterator[Sent]:
    """Yield what is sent of sources that hold the seeds as values, in both modes."""
    for number in range(0, len(seeds), _TOGETHER):
        together = tuple(seeds[number : number + _TOGETHER])
        for place, write in _VALUES.items():
            path = folder / f"{place.replace(' ', '_')}_{number}.{_suffix(place)}"
            write(together, path)
            profile = profile_source(str(path))
            for mode, examples in (("schema only", False), ("redacted", True)):
                yield Sent(place, together, _prompt(profile, examples=examples), mode)


def names_sent(seeds: Sequence[Seed], folder: Path, places: int = 0) -> Iterator[Sent]:
    """Yield what is sent of sources in which a seed is a name, one seed in a source.

    `places`: in how many places each one is tried, in turns; 0: in all of them.
    """
    for number, seed in enumerate(seeds):
        for turn, (place, write) in enumerate(NAMES.items()):
            may_be = place != "file name" or _is_file_name(seed.value)
            if may_be and (not places or (turn - number) % len(NAMES) < places):
                path = folder / f"{place.replace(' ', '_')}_{number}.{_suffix(place)}"
                profile = profile_source(str(write(seed.value, path)))
                yield Sent(place, (seed,), _prompt(profile))


def texts_sent(seeds: Sequence[Seed], folder: Path) -> Iterator[Sent]:
    """Yield what is sent when a goal says a seed, and when a spec and its findings do."""
    path = folder / "orders.csv"
    _table(path, {"order_id": range(ROWS), "status": ["open", "paid", "sent"] * (ROWS // 3)})
    profile = profile_source(str(path))
    for seed in seeds:
        goal = f"Keep only the rows of {seed.value}, then count them by status."
        yield Sent("goal", (seed,), _prompt(profile, goal))
        quoted = seed.value.replace("'", "''")
        where = f"status = '{quoted}'"
        step = {"id": "wanted", "op": "filter", "inputs": ["orders"], "where": where}
        finding = Finding(
            code="E_UNKNOWN_COLUMN",
            pointer="/steps/0/where",
            message=f"There is no column `{seed.value}`.",
            hint=f"Did you mean `{seed.value}`?",
        )
        repair = Repair({}, {"steps": [step]}, [finding])
        yield Sent("repair", (seed,), _prompt(profile, goal, repair=repair))


def _is_file_name(value: str) -> bool:
    return "/" not in value and len(value.encode()) < 200


def _prompt(
    profile: FileProfile, goal: str = "", *, examples: bool = False, repair: Repair | None = None
) -> str:
    asked = question([(profile.name, profile)], goal, AUTHOR, examples=examples, repair=repair)
    return asked.question.prompt


def _suffix(place: str) -> str:
    return place.split(" ")[0].lower() if place.split(" ")[0] in ("JSON", "XML") else "csv"


def _table(path: Path, columns: dict[str, Iterable[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _columns(make: Callable[[str], list[object]]) -> Callable[[Sequence[Seed], Path], None]:
    """Return a writer of a table with a column for each seed, called `c1`, `c2`, …."""

    def write(seeds: Sequence[Seed], path: Path) -> None:
        _table(path, {f"c{n}": make(seed.value) for n, seed in enumerate(seeds, 1)})

    return write


def _digits(value: str) -> list[object]:
    """Return whole numbers around the digits of a value: most of them it, the others near it."""
    digits = "".join(c for c in value if c.isascii() and c.isdigit())[:15].lstrip("0") or "7"
    return [int(digits)] * (ROWS - 20) + [int(digits) + n for n in range(20)]


def _json_values(seeds: Sequence[Seed], path: Path) -> None:
    record = {
        f"c{n}": {"value": s.value, "all": [s.value], "items": [{"what": s.value}]}
        for n, s in enumerate(seeds, 1)
    }
    path.write_text(json.dumps([record] * ROWS, ensure_ascii=False))


def _json_text(seeds: Sequence[Seed], path: Path) -> None:
    record = {f"c{n}": json.dumps({"contact": s.value}) for n, s in enumerate(seeds, 1)}
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for _ in range(ROWS)))


def _xml_values(seeds: Sequence[Seed], path: Path) -> None:
    record = "".join(
        f'<c{n} of="{escape(s.value)}">{escape(s.value)}</c{n}>' for n, s in enumerate(seeds, 1)
    )
    path.write_text(f"<people>{f'<person>{record}</person>' * ROWS}</people>", encoding="utf-8")


def _preamble(seeds: Sequence[Seed], path: Path) -> None:
    lines = [f"# Exported for {seed.value.splitlines()[0]}" for seed in seeds]
    rows = [f"{n},{n * 1.5}" for n in range(ROWS)]
    path.write_text("\n".join([*lines, "order_id,amount", *rows]), encoding="utf-8")


_VALUES: dict[str, Callable[[Sequence[Seed], Path], None]] = {
    "cells": _columns(lambda v: [v] * ROWS),
    "repeated category": _columns(lambda v: [v] * 30 + ["open"] * 15 + ["closed"] * 15),
    "rare category": _columns(lambda v: ["open"] * 40 + ["closed"] * 19 + [v]),
    "first cell": _columns(lambda v: [v] + [f"value {n}" for n in range(ROWS - 1)]),
    "free text": _columns(lambda v: [f"Said {v} on call {n}" for n in range(ROWS)]),
    "numbers": _columns(_digits),
    "JSON values": _json_values,
    "JSON in a cell": _json_text,
    "XML values": _xml_values,
    "preamble": _preamble,
}
"""Places of values, and how a file with some of them is written."""


def _header(value: str, path: Path) -> Path:
    _table(path, {"order_id": range(ROWS), value: ["open", "paid"] * (ROWS // 2),
                  "amount": [n * 1.5 for n in range(ROWS)]})  # fmt: skip
    return path


def _record_as_header(value: str, path: Path) -> Path:
    rows = [[n, "pending", f"city {n}", n * 2.5] for n in range(ROWS)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["order", value, "Marzahn", "Lindqvist"], *rows])
    return path


def _json_key(value: str, path: Path) -> Path:
    records = [{"id": n, value: n * 2} for n in range(ROWS)]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def _json_inner_key(value: str, path: Path) -> Path:
    records = [{"id": n, "accounts": {value: {"balance": n * 1.5}}} for n in range(ROWS)]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def _json_field(value: str, path: Path) -> Path:
    records = [{"id": n, "lines": [{value: n, "note": "x"}]} for n in range(ROWS)]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def _file_name(value: str, path: Path) -> Path:
    named = path.with_name(f"{value}.csv")
    _table(named, {"order_id": range(ROWS), "amount": [n * 1.5 for n in range(ROWS)]})
    return named


NAMES: dict[str, Callable[[str, Path], Path]] = {
    "column name": _header,
    "record taken for a header": _record_as_header,
    "JSON key": _json_key,
    "JSON key within": _json_inner_key,
    "JSON field of a list": _json_field,
    "file name": _file_name,
}
"""Places of names, and how a file with one of them is written."""


def leaks(sent_: Sent) -> list[str]:
    """Return the kinds of seeds whose value, or what tells it apart, is in a prompt."""
    prompt = _Searched(sent_.prompt)
    return [seed.kind for seed in sent_.seeds if prompt.holds(seed.value)]


class _Searched:
    """A prompt, in the forms in which it is searched."""

    def __init__(self, prompt: str) -> None:
        self.folded = prompt.casefold()
        self.packed = _packed(prompt)
        self.words = set(_words(prompt))

    def holds(self, value: str) -> bool:
        """Whether a value is there: as it is, in JSON, without its separators, or in part."""
        forms = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
        if any(form.casefold() in self.folded for form in forms):
            return True
        packed = _packed(value)
        if len(packed) >= 6 and packed in self.packed:
            return True
        return any(part in self.words for part in _words(value) if _tells(part))


def _packed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]{4,}", text.casefold())


_SAID_ANYWAY = frozenset(
    {"private", "column", "field", "source", "open", "closed", "paid", "order", "amount", "status",
     "string", "value", "values", "personal", "card", "number", "account", "password", "token",
     "free", "street", "name", "date", "text", "email", "type", "user"}
)  # fmt: skip
"""Words that prompts hold whatever a source is like."""


def _tells(part: str) -> bool:
    return part not in _SAID_ANYWAY and not re.fullmatch(r"\d{4}", part)
