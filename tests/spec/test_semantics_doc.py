"""docs/semantics.md says what the registries say."""

import pytest

from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.semantics_doc import TARGET, main, rendered


def test_the_document_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_document_is_noticed(tmp_path, monkeypatch, capsys) -> None:
    stale = tmp_path / "semantics.md"
    monkeypatch.setattr("ai_data_engineer.spec.semantics_doc.TARGET", stale)

    assert main(["--check"]) == 1
    assert "is stale" in capsys.readouterr().err
    assert main([]) == 0
    assert stale.read_text(encoding="utf-8") == rendered()
    assert main(["--check"]) == 0


def test_every_function_and_operator_is_in_it() -> None:
    text = TARGET.read_text(encoding="utf-8")

    assert all(f"**{f.name}**(" in text for f in all_functions().values())
    assert all(f"\n### {op}\n" in text for op in all_operators())


def test_tables_keep_their_columns() -> None:
    for line in rendered().splitlines():
        if line.startswith("| **"):
            assert line.replace("\\|", "").count("|") == 5, line


def test_parameters_say_their_choices_their_default_and_what_they_hold() -> None:
    text = rendered()

    assert '| `on_error` | `"quarantine"` |' in text
    assert "One of `forward`, `backward`, `mean`" in text
    assert "[Window figure](#window-figure)" in text
    assert "\n### Window figure\n" in text
    assert "\n### Frame\n" in text
