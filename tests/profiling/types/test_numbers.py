"""However numbers are written, they come back as the numbers they were."""

import random

import pytest

from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.conversion import read_texts
from ai_data_engineer.profiling.types.type_inference import infer

STYLES = [
    (decimal, thousands)
    for decimal in ".,"
    for thousands in (None, ",", ".", " ", "'", "\u00a0", "\u202f")
    if decimal != thousands
]
AFFIXES = [("", ""), ("$", ""), ("€ ", ""), ("EUR ", ""), ("", " €"), ("", "%"), ("", " kg")]
SEED = 7


def written(number: int, digits: int, decimal: str, thousands: str | None) -> str:
    text = f"{abs(number):,}".replace(",", "\x00")
    whole = text.replace("\x00", thousands or "")
    fraction = f"{decimal}{abs(number) % 10**digits:0{digits}d}" if digits else ""
    return f"{'-' if number < 0 else ''}{whole}{fraction}"


@pytest.mark.parametrize(("decimal", "thousands"), STYLES)
@pytest.mark.parametrize(("prefix", "suffix"), AFFIXES)
def test_fractions(decimal: str, thousands: str | None, prefix: str, suffix: str) -> None:
    chance = random.Random(SEED)
    numbers = [chance.randrange(-5_000_000, 5_000_000) for _ in range(200)]
    texts = [prefix + written(n, 2, decimal, thousands) + suffix for n in numbers]

    found = infer(Texts(texts), "size")
    read = read_texts(found.values.series, found.type, found.parse)

    assert found.type.name in ("float64", "decimal")
    assert [f"{value:.2f}" for value in read] == [written(n, 2, ".", None) for n in numbers]


@pytest.mark.parametrize("thousands", [",", ".", " ", "'", "\u00a0", "\u202f", None])
def test_whole_numbers(thousands: str | None) -> None:
    chance = random.Random(SEED)
    numbers = [chance.randrange(-5_000_000, 5_000_000) for _ in range(200)]

    found = infer(Texts([written(n, 0, ",", thousands) for n in numbers]), "size")

    assert str(found.type) == "int64"
    assert read_texts(found.values.series, found.type, found.parse).to_list() == numbers


@pytest.mark.parametrize(
    "texts",
    [
        ["1,2,3", "4,5,6"],
        ["12 34", "56 78"],
        ["(12)", "(13)"],
        ["1-2", "3-4"],
        ["12abc", "13abc"],
        ["1e5x", "2e5x"],
        ["--1", "--2"],
        ["#1", "#2"],
    ],
)
def test_what_is_no_number_stays_text(texts: list[str]) -> None:
    assert str(infer(Texts(texts), "size").type) == "string"


def test_digits_are_never_lost_silently() -> None:
    fits = infer(Texts(["123456789.12345678901"]), "x")
    too_long = infer(Texts(["1." + "123456789" * 5]), "x")

    assert str(fits.type) == "decimal(38,11)"
    assert str(too_long.type) == "float64"
    assert [code for code, _ in too_long.warnings] == ["W_LOST_PRECISION"]
