"""What the fuzzer looks for at length, in short: good files, and good files with a few bytes wrong."""

from __future__ import annotations

import random

import pytest

from fuzz.targets import TARGETS, profile

MUTATIONS = 10


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some flipped, doubled, cut out or cut off."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if not changed:
            break
        place = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                changed[place] = chance.choice(b"\0\"',;{}[]<>&\r\n\\ \x80\xff")
            case 2:
                changed[place:place] = changed[place : place + chance.randrange(16)]
            case 3:
                del changed[place : place + chance.randrange(1, 16)]
            case 4:
                del changed[place:]
    return bytes(changed)


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
