import pytest

from ai_data_engineer.profiling.meaning.phones import are_national, is_phone


@pytest.mark.parametrize(
    "text",
    ["+49 30 901820", "0049 30 901820", "+1-202-555-0143", "(212) 555-0199", "212.555.0199 x12", "+33 (0)1 70 36 39 50"],
)  # fmt: skip
def test_numbers_that_name_their_country_or_are_north_american(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize(
    "text", ["+49 3", "+999 123 456 789", "1234 5678", "2024-01-05", "123-45-6789", "+1 (abc)"]
)
def test_other_numbers_are_none(text: str) -> None:
    assert not is_phone(text)


def test_numbers_of_one_countrys_plan() -> None:
    assert are_national(["01 70 36 39 50", "01 42 68 53 00", "04 91 13 89 00"], 0.9)
    assert are_national(["030 901820-11", "089/2180 1234", "0221 5698 120"], 0.9)
    assert not are_national(["00 12 34 56 78", "00 98 76 54 32", "00 11 22 33 44"], 0.9)
    assert not are_national(["12 34 56 78 90", "98 76 54 32 10", "55 44 33 22 11"], 0.9)
