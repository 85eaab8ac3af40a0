"""How often is what a column means, and whether it is personal, told right?

`python -m benchmarks.meaning_accuracy` prints two tables for docs/accuracy.md: precision and recall
of each meaning beside csv-detective's, and of each class of personal data beside DataFog's.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import logging
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import polars as pl

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.profiling.table import ColumnSource, profile_table
from benchmarks.meaning_columns import HELD_OUT, TUNED, Column, columns

_OF_CSV_DETECTIVE = {
    "email": "email", "url": "url", "uuid": "uuid", "json": "json", "geojson": "json",
    "latlon_wgs": "coordinates", "lonlat_wgs": "coordinates", "latitude_wgs": "latitude",
    "longitude_wgs": "longitude", "latitude_wgs_fr_metropole": "latitude",
    "longitude_wgs_fr_metropole": "longitude", "adresse": "address", "commune": "city",
    "pays": "country", "region": "region", "departement": "region", "code_postal": "postcode",
    "tel_fr": "phone", "siren": "company_number", "siret": "company_number", "year": "year",
    "iso_country_code_alpha2": "country", "iso_country_code_alpha3": "country",
    "jour_de_la_semaine": "ordinal", "mois_de_lannee": "ordinal", "username": "name",
}  # fmt: skip
_OF_DATAFOG = {
    "EMAIL": "email", "PHONE": "phone", "SSN": "national_number", "CREDIT_CARD": "card",
    "IP_ADDRESS": "ip", "DOB": "birth_date", "ZIP": "address", "PERSON": "name",
    "ADDRESS": "address", "DE_TAX_ID": "national_number", "DE_IBAN": "iban", "IBAN": "iban",
}  # fmt: skip

Answers = list[str | None]


def profiled(given: Sequence[Column]) -> list[ColumnProfile]:
    """Return our profile of each column, each a table of its own."""
    found = []
    for column in given:
        rows = pl.DataFrame({column.name: column.values})
        found.append(profile_table(rows, [ColumnSource(column.name, column.name)]).columns[0])
    return found


def by_csv_detective(given: Sequence[Column]) -> Answers:
    """Return csv-detective's format of each column under our name for it."""
    from csv_detective import routine

    logging.disable(logging.WARNING)
    answers: Answers = []
    with tempfile.TemporaryDirectory() as folder:
        for column in given:
            path = Path(folder) / "column.csv"
            with path.open("w", newline="") as file:
                writer = csv.writer(file)
                # A second column, so that there is a delimiter to be found.
                writer.writerows(
                    [(column.name, "row"), *((v, n) for n, v in enumerate(column.values))]
                )
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = routine(str(path), num_rows=-1, save_results=False)
            kind = found["columns"].get(column.name, {}).get("format")  # type: ignore[union-attr]
            answers.append(_OF_CSV_DETECTIVE.get(kind))
    return answers


def by_datafog(given: Sequence[Column]) -> Answers:
    """Return the class that DataFog finds in half of a column's values, by its patterns."""
    import datafog

    answers: Answers = []
    for column in given:
        present = [v for v in column.values if v]
        seen = Counter(
            kind
            for value in present
            for kind in {e.type for e in datafog.scan(value, engine="regex").entities}
        )
        kind, count = seen.most_common(1)[0] if seen else ("", 0)
        answers.append(_OF_DATAFOG.get(kind) if 2 * count >= len(present) else None)
    return answers


def score(truths: Iterable[str | None], answers: Iterable[str | None]) -> dict[str, Counter[str]]:
    """Return for each class how many were right, missed, and said where they are not."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for truth, answer in zip(truths, answers, strict=True):
        if truth is not None:
            found[truth]["right" if truth == answer else "missed"] += 1
        if answer is not None and answer != truth:
            found[answer]["false"] += 1
    return found


def precision_and_recall(one: Counter[str]) -> tuple[float | None, float]:
    """Return both in percent; no precision where the class was never said."""
    said, there = one["right"] + one["false"], one["right"] + one["missed"]
    return (100 * one["right"] / said if said else None), 100 * one["right"] / max(there, 1)


def table(truths: Answers, ours: Answers, theirs: Answers, peer: str) -> None:
    """Print precision and recall of each class, ours beside the peer's, and of all together."""
    print(f"| class | columns | precision | recall | {peer}: precision | recall |")
    print("|---|--:|--:|--:|--:|--:|")
    scores = [score(truths, answers) for answers in (ours, theirs)]
    every = [sum(s.values(), Counter[str]()) for s in scores]
    for name in [*sorted({t for t in truths if t}), "**all**"]:
        cells = []
        for of_all, one in zip(every, scores, strict=True):
            precision, recall = precision_and_recall(of_all if name == "**all**" else one[name])
            cells += ["–" if precision is None else f"{precision:.0f}", f"{recall:.0f}"]
        count = sum(t is not None if name == "**all**" else t == name for t in truths)
        print(f"| {name} | {count} | {' | '.join(cells)} |")
    print()


def mistakes(given: Sequence[Column], truths: Answers, answers: Answers) -> None:
    """Print each wrong answer with a few of the values: all are made up."""
    for column, truth, answer in zip(given, truths, answers, strict=True):
        if truth != answer:
            print(f"{column.locale:6} {column.name:18} {truth} → {answer}: {column.values[:4]}")


def main(show: bool) -> None:
    """Make the columns, ask everyone about the held-out languages, print."""
    given = list(columns(TUNED))
    found = profiled(given)
    if show:
        mistakes(given, *_meanings(given, found))
        return
    for title, (truths, ours) in (
        ("meanings", _meanings(given, found)),
        ("personal data", ([c.personal for c in given], [p.pii for p in found])),
    ):
        scores = score(truths, ours).values()
        precision, recall = precision_and_recall(sum(scores, Counter[str]()))
        print(
            f"{len(given)} columns the rules were made with, {title}: {precision:.1f}, {recall:.1f}"
        )
    given = list(columns(HELD_OUT))
    found = profiled(given)
    print(f"\n{len(given)} columns in held-out languages\n")
    table(
        *_meanings(given, found),
        by_csv_detective(given),
        f"csv-detective {version('csv-detective')}",
    )
    personal: Answers = [c.personal for c in given]
    table(personal, [p.pii for p in found], by_datafog(given), f"DataFog {version('datafog')}")


def _meanings(given: Sequence[Column], found: Sequence[ColumnProfile]) -> tuple[Answers, Answers]:
    """Return what columns mean, and what we say they do."""
    answers: Answers = [_as_asked(p.semantic, c) for p, c in zip(found, given, strict=True)]
    return [c.truth for c in given], answers


def _as_asked(semantic: str | None, column: Column) -> str | None:
    """Return an answer; for decoys those that say nothing false of any column count as none."""
    harmless = {"category", "measure", "key", "free_text", "ordinal"}
    return None if column.truth is None and semantic in harmless else semantic


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mistakes", action="store_true", help="print our mistakes alone")
    main(parser.parse_args().mistakes)
