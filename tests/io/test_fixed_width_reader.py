"""Fixed-width text: cells by their place, and what does not keep to it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.fixed_width_reader import read_fixed_width

TEXT = """\
id  name       amount
--- ---------- ------
1   Ann Lee      2.50
22  Åsa            10

333            100.00
"""
PLACES = {"columns": ["id", "name", "amount"], "starts": (0, 4, 15)}


def read(text: str | bytes, **options: Any) -> list[Batch]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_fixed_width(io.BytesIO(data), **{**PLACES, **options}))


def rows(*args: Any, **options: Any) -> list[tuple[Any, ...]]:
    return [row for batch in read(*args, **options) for row in batch.rows.rows()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_cells_are_cut_by_characters(end: str, encoding: str) -> None:
    data = TEXT.replace("\n", end).encode(encoding)

    assert rows(data, encoding=encoding) == [
        (3, "1", "Ann Lee", "2.50"),
        (4, "22", "Åsa", "10"),
        (6, "333", "", "100.00"),
    ]


def test_lines_of_another_shape_are_set_aside() -> None:
    (batch,) = read(b"1   Ann          2\n22345678\n3   \xff\n4   Bob\n", header_row=None)

    assert batch.rows.rows() == [(1, "1", "Ann", "2"), (4, "4", "Bob", "")]
    assert [(r.line, r.reason) for r in batch.rejected] == [
        (2, "text across the beginning of column 2"),
        (3, "undecodable bytes"),
    ]


def test_preamble_footer_and_comments_are_passed_over() -> None:
    text = "Report\n\nid  name       amount\n# note\n1   Ann        2\nTotal          2\n"

    assert rows(text, header_row=2, preamble_lines=2, footer_lines=1, comment="#") == [
        (5, "1", "Ann", "2")
    ]


def test_tabs_stop_at_every_eighth_character() -> None:
    assert rows("1\tx\n", header_row=None, columns=["a", "b"], starts=(0, 8)) == [(1, "1", "x")]


def test_a_header_with_other_names_is_refused() -> None:
    assert rows(TEXT, header=["id", "name", "amount"])
    with pytest.raises(SourceError, match="E_HEADER"):
        rows(TEXT, header=["id", "name", "price"])


def test_there_is_always_a_batch() -> None:
    (batch,) = read("")
    assert batch.rows.columns == ["__line", "id", "name", "amount"]
