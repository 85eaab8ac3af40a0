import json

import pytest

from ai_data_engineer.batching.request import BatchFailed, BatchResult, Outcome
from ai_data_engineer.errors import ProviderError, SourceError, TransientError
from ai_data_engineer.requests import GenerateResult
from ai_data_engineer.sources.dialect import Dialect
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from ai_data_engineer.validating import ValidationReport
from tasks.results import RESULTS

REPORT = ValidationReport(
    findings=(Finding(code="E_X", pointer="/steps/0", message="Unknown `__class__`.", gate="data"),)
)


@pytest.mark.parametrize(
    "document",
    [
        REPORT,
        Dialect(quote=None, header_row=None),
        GenerateResult(bundle="a.zip", sha256="0", name="a", provider="offline"),
    ],
)
def test_a_document_comes_back_equal(document):
    assert RESULTS.loads(RESULTS.dumps(document)) == document


@pytest.mark.parametrize(
    "error", [SourceError("It is empty.", location="a.csv"), TransientError("429", hint="Wait.")]
)
def test_an_error_comes_back_with_its_code_place_and_hint(error):
    back = RESULTS.loads(RESULTS.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)


def test_what_became_of_each_source_is_kept_with_the_error_of_a_batch():
    outcomes = (Outcome(source="a.csv", ending="failed", code="E_EMPTY"),)
    result = BatchResult(sources=1, endings={"failed": 1}, repeated=0, seconds=1, outcomes=outcomes)
    back = RESULTS.loads(RESULTS.dumps(BatchFailed.of(result)))
    assert (back.code, back.message) == ("E_BATCH", "1 of 1 sources failed.")
    assert back.result == result


def test_of_a_models_error_what_the_model_said_is_not_kept():
    error = ModelError("It cut the answer.", Failure.TRUNCATED, hint="Ask for less.", raw="said")
    stored = RESULTS.dumps(error)

    assert b"said" not in stored
    assert type(RESULTS.loads(stored)) is ProviderError
    assert str(RESULTS.loads(stored)) == str(error)


def test_of_a_foreign_error_only_the_kind_is_stored():
    stored = RESULTS.dumps(ValueError("cell-value-4711"))
    assert b"4711" not in stored
    assert "ValueError" in str(RESULTS.loads(stored))


def test_a_field_that_is_named_like_a_mark_of_ours_is_only_a_field():
    from ai_data_engineer.spec.spec import Expectation

    kwargs = {"$document": "os:system", "__class__": "os.system", "json": "{}"}
    document = Expectation(on="orders", type="expect_x", kwargs=kwargs)
    assert RESULTS.loads(RESULTS.dumps(document)) == document


@pytest.mark.parametrize(
    "name", ["os:system", "ai_data_engineer.document:json", "ai_data_engineer.errors:AdeError"]
)
def test_a_stored_name_of_anything_but_a_document_is_refused(name):
    with pytest.raises(TypeError, match="not a Document of this version"):
        RESULTS.loads(json.dumps({"$document": name, "json": "{}"}).encode())


def test_what_is_no_document_is_not_stored():
    with pytest.raises(TypeError, match="neither a document nor an error"):
        RESULTS.dumps(object())
