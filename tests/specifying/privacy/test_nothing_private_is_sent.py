"""Hundreds of kinds of private value in every place of real files: none may be in what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.privacy_places import NAMES, Sent, leaks, names_sent, texts_sent, values_sent
from benchmarks.privacy_seeds import SEEDS, Seed

SLOW = pytest.mark.slow
TELLING = [seed for seed in SEEDS if seed.is_telling]


def test_there_are_at_least_two_hundred_kinds() -> None:
    assert len({seed.kind for seed in SEEDS}) == len(SEEDS) >= 300
    assert len({seed.value for seed in SEEDS}) == len(SEEDS)
    assert len(TELLING) >= 200


@pytest.mark.parametrize(
    "seeds",
    [pytest.param(SEEDS[::4], id="every fourth"), pytest.param(SEEDS, id="all", marks=SLOW)],
)
def test_no_value_of_a_source_is_sent_in_schema_only_or_redacted_mode(
    tmp_path: Path, seeds: Sequence[Seed]
) -> None:
    sent = list(values_sent(seeds, tmp_path))
    assert {s.mode for s in sent} == {"schema only", "redacted"}
    assert len({s.place for s in sent}) >= 10
    assert [(s.mode, s.place, leaks(s)) for s in sent if leaks(s)] == []


def test_no_name_that_is_a_value_is_sent(tmp_path: Path) -> None:
    sent = list(names_sent(TELLING, tmp_path, places=1))
    assert {s.place for s in sent} == set(NAMES)
    assert [(s.place, leaks(s)) for s in sent if leaks(s)] == []


@SLOW
def test_no_name_that_is_a_value_is_sent_from_any_place(tmp_path: Path) -> None:
    sent = names_sent(TELLING, tmp_path)
    assert [(s.place, leaks(s)) for s in sent if leaks(s)] == []


def test_nothing_private_of_a_goal_or_a_repair_is_sent(tmp_path: Path) -> None:
    told = [seed for seed in TELLING if seed.is_told_in_text]
    assert len(told) > 250
    sent = texts_sent(told, tmp_path)
    assert [(s.place, leaks(s)) for s in sent if leaks(s)] == []


@pytest.mark.parametrize(
    "shown",
    [
        "it is jane.kowalczyk@examplemail.com",
        "IT IS JANE.KOWALCZYK@EXAMPLEMAIL.COM",
        "column jane_kowalczyk_examplemail_com",
        "only kowalczyk is left",
    ],
)
def test_a_leak_would_be_seen_in_every_form(shown: str) -> None:
    seed = next(s for s in SEEDS if s.kind == "name")
    email = type(seed)("e-mail", "jane.kowalczyk@examplemail.com")
    assert leaks(Sent("goal", (email,), shown)) == ["e-mail"]


def test_digits_are_seen_without_their_separators() -> None:
    seed = next(s for s in SEEDS if s.kind == "card, with hyphens")
    assert leaks(Sent("goal", (seed,), "6011 1111 1111 1117")) == [seed.kind]
    assert leaks(Sent("goal", (seed,), "6011111111111118")) == []
