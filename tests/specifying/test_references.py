from pathlib import Path

import pytest

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.references import profile_sources

CUSTOMERS = "id,email\n" + "".join(f"{n},c{n}@example.org\n" for n in range(1, 81))


def profiles(folder: Path, settings: Settings | None = None, **texts: str) -> list[FileProfile]:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return profile_sources([str(folder / f"{name}.csv") for name in texts], settings=settings)


def told(profile: FileProfile) -> list[tuple[str, str, str, float]]:
    return [(r.column, r.source, r.source_column, r.containment) for r in profile.references]


def test_a_customer_id_points_to_the_id_of_customers(tmp_path: Path) -> None:
    orders = "order_id,customer_id,quantity\n" + "".join(
        f"{n},{n % 80 + 1},{n % 9}\n" for n in range(900, 1100)
    )

    found = profiles(tmp_path, orders=orders, customers=CUSTOMERS)

    assert told(found[0]) == [("customer_id", "customers", "id", 1.0)]
    assert told(found[1]) == []


def test_texts_speak_for_themselves_whatever_they_are_called(tmp_path: Path) -> None:
    articles = "sku,price\n" + "".join(f"AB-{n},{n}.5\n" for n in range(50))
    sold = "day,what\n" + "".join(f"2024-01-{n % 28 + 1:02d},AB-{n % 50}\n" for n in range(200))

    assert told(profiles(tmp_path, articles=articles, sold=sold)[1]) == [
        ("what", "articles", "sku", 1.0)
    ]


def test_small_numbers_of_another_name_are_no_reference(tmp_path: Path) -> None:
    sold = "day,pieces\n" + "".join(f"2024-01-{n % 28 + 1:02d},{n % 50 + 1}\n" for n in range(200))

    assert told(profiles(tmp_path, customers=CUSTOMERS, sold=sold)[1]) == []


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (1, [("customer_id", "customers", "customer_id", 1.0)]),
        (31, [("customer_id", "customers", "customer_id", 0.25)]),
        (500, []),
    ],
)
def test_of_samples_that_meet_in_part_names_must_say_it(
    tmp_path: Path, first: int, expected: list[tuple[str, str, str, float]]
) -> None:
    visits = "visit,customer_id\n" + "".join(f"v{n},{n}\n" for n in range(first, first + 80))
    customers = CUSTOMERS.replace("id,", "customer_id,", 1)

    found = profiles(tmp_path, Settings(CSV_MAX_ROWS=40), visits=visits, customers=customers)

    assert told(found[0]) == expected


def test_each_tables_own_id_is_no_reference(tmp_path: Path) -> None:
    visits = "id,day\n" + "".join(f"{n},2024-01-{n % 28 + 1:02d}\n" for n in range(1, 81))

    found = profiles(tmp_path, customers=CUSTOMERS, visits=visits)

    assert [told(profile) for profile in found] == [[], []]


def test_one_source_has_no_references(tmp_path: Path) -> None:
    assert told(profiles(tmp_path, customers=CUSTOMERS)[0]) == []
