"""What the fuzzer looks for at length, in short: good files, and good files with a few bytes wrong."""

from __future__ import annotations

import random

import pytest

from benchmarks.robustness import mutated
from fuzz.targets import TARGETS, profile

MUTATIONS = 10


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_their_mutations_end_in_figures_or_in_an_error_of_ours(name: str) -> None:
    chance = random.Random(name)
    for seed in TARGETS[name].seeds:
        TARGETS[name].feed(seed)
        for _ in range(MUTATIONS):
            TARGETS[name].feed(mutated(seed, chance))


def test_the_seeds_are_good_files() -> None:
    assert all(profile(seed) is not None for seed in TARGETS["file"].seeds)


def test_a_target_notices_what_is_no_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(uri: str) -> None:
        raise ValueError(uri)

    monkeypatch.setattr("fuzz.targets.profile_source", broken)
    with pytest.raises(ValueError, match="tmp"):
        TARGETS["file"].feed(b"a,b\n1,2\n")
