from __future__ import annotations

import pytest

from ai_data_engineer.specifying.privacy.column_names import kind_of_name, private_names
from benchmarks.privacy import harmless_masked
from benchmarks.privacy_seeds import SEEDS, Seed


@pytest.mark.parametrize(
    "name",
    [
        "order_id", "created_at", "sku_12345", "price_2024_01", "iso_3166", "Sales 2024-01-31",
        "max_temp", "Max Temp", "mark_up", "grace_period", "bill_amount", "will_attend", "april",
        "May", "jan", "Virginia", "georgia_sales", "rose_width", "iris", "Carol count", "long_stay",
        "pm2_5", "co2", "h1n1_cases", "mp3_size", "utf8", "sha256", "q1fy24", "x1y2", "b2b_share",
        "US$", "R&D", "# items", "% change", "C++", "Active?", "price ($)", "a/b", "lat/lon",
        "e-mail", "e_mail_sent", "phone_count", "password", "api_token", "ssn", "iban", "card_no",
        "first name", "customerName", "dateOfBirth", "HTTPResponseCode", "isActive", "GDP (US$)",
        "Temperature at 12:00", "1st quarter", "2013", "2013/14", "10-19", "65+", "Q1 2024", "no.",
        "How often do you visit the shop in a week?", "total_amount_in_euro_without_tax_2023",
        "Größe", "número", "Menge je Stück", "количество", "数量", "이메일", "单价", "名前",
        "percent_of_people_with_2_or_more_cars", "sensor_1234", "tract_360610", "@id", "#text",
        "GrLivArea", "PULocationID", "1stFlrSF", "x_forwarded_for", "hba1c_pct", "NY.GDP.MKTP.CD",
        "AMT_INCOME_TOTAL", "Hot_Lead__c", "Q12_2_TEXT", "pm2.5_ugm3", "eFG_pct", "rs429358",
        "CO2 emissions (kt)", "Mortality rate, infant (per 1,000 live births)", "app_version_3.2.1",
        "Rotten Tomatoes Rating", "US_DVD_Sales", "Major Genre", "sepal.length", "Col 12", "V1", "",
    ],
)  # fmt: skip
def test_names_that_columns_really_have_are_shown(name: str) -> None:
    assert kind_of_name(name) is None
    assert private_names(["id", name, "amount"]) == {}


@pytest.mark.parametrize(
    "seed", [pytest.param(s, id=s.kind) for s in SEEDS if s.is_telling]
)  # fmt: skip
def test_a_private_value_as_a_name_is_hidden(seed: Seed) -> None:
    assert seed.value in private_names(["order_id", seed.value, "amount"])


def test_of_a_record_taken_for_a_header_only_words_of_headers_are_left() -> None:
    header = ["1042", "Wojciechowska", "jane@example.com", "Lindqvist Ltd", "status", "44000.50"]
    assert set(private_names(header)) == set(header) - {"status"}


def test_a_table_of_codes_keeps_the_names_that_are_none() -> None:
    names = ["GEOID", "B01001_001E", "B19013_001E", "POP2010", "HOUSEHOLDS"]
    assert set(private_names(names)) == {"B01001_001E", "B19013_001E"}


def test_a_pivoted_table_keeps_the_name_of_its_key() -> None:
    names = ["day", "jane@example.com", "bob@example.org"]
    assert set(private_names(names)) == {"jane@example.com", "bob@example.org"}


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("1985-03-12", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        ("12.03.1985", ["01.02.2024", "02.02.2024", "03.02.2024"]),
        ("84350", ["4000", "4001", "4002"]),
    ],
)
def test_a_date_or_number_alone_is_a_value_and_a_row_of_them_a_series(
    one: str, several: list[str]
) -> None:
    assert one in private_names(["id", one, "status"])
    assert private_names(["id", *several]) == {}


def test_hardly_a_real_name_is_hidden() -> None:
    hidden, judged = harmless_masked()
    assert judged > 700
    assert len(hidden) / judged < 0.01
