from __future__ import annotations

from typing import Any

import pytest

from ai_data_engineer.profiling.records.json_header import is_header, names_elsewhere


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["id", "name"], [1, "a"], [2, "b"]], True),
        ([["day", "rain"], ["2024-01-05", "3.5"], ["2024-01-06", "4"]], True),
        ([["first_name", "last_name"], ["Ann", "Lee"], ["Bo", "Ek"]], True),
        ([["Ann", "Oslo"], ["Bo", "Oslo"], ["Cy", "Moss"]], False),
        ([[1, "a"], [2, "b"]], False),
        ([["a", "a"], [1, 2]], False),
        ([["a", ""], [1, 2]], False),
        ([["id", "name"]], False),
    ],
)
def test_the_first_row_is_a_header_where_it_differs_from_what_is_below(
    rows: list[Any], expected: bool
) -> None:
    assert is_header(rows) is expected


def test_names_come_from_a_list_of_as_many_texts_or_descriptions() -> None:
    document = {
        "labels": ["x", "y"],
        "meta": {"columns": [{"id": 1, "name": "Day"}, {"id": 2, "name": "Rain"}]},
        "data": [["2024-01-05", 3], ["2024-01-06", 4]],
    }
    assert names_elsewhere(document, "/data", 2) == ("Day", "Rain")
    assert names_elsewhere(document, "/data", 3) is None
    assert names_elsewhere({"labels": ["x", "y"]}, "/data", 2) == ("x", "y")
