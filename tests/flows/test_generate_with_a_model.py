"""The whole chain with a model that writes the specification, over the real SDK."""

import json
import zipfile

import pytest

from ai_data_engineer.errors import VerificationError
from ai_data_engineer.requests import GenerateRequest
from tests.model_server import model_server, says_json, status

pytestmark = [
    pytest.mark.server,
    pytest.mark.bundle,
    pytest.mark.usefixtures("server", "home"),
]

KEY = "AIzaSyFAKE-fake-fake-fake-fake-fake-0007"


@pytest.fixture
def models(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with model_server() as server:
        monkeypatch.setenv("ADE_GEMINI_BASE_URL", server.url)
        yield server


@pytest.fixture
def source(tmp_path):
    rows = [f"{n},{n}.50,{'paid' if n % 3 else 'open'},memo-{n * 7919}" for n in range(1, 61)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,amount,status,remark", *rows, ""]))
    return path


@pytest.fixture
def generate(tmp_path, source):
    from flows.generate import generate_pipeline

    def run(**more):
        wanted = {"goal": "only paid orders", "output": tmp_path / "orders.zip", **more}
        return generate_pipeline(GenerateRequest(sources=[str(source)], **wanted))

    return run


def spec(where="status = 'paid'"):
    step = {"id": "paid", "op": "filter", "inputs": ["orders"], "params": {"where": where}}
    output = {"id": "result", "input": "paid", "format": "csv", "path": "paid.csv"}
    return says_json(
        {"name": "paid_orders", "assumptions": ["Only paid."], "steps": [step], "outputs": [output]}
    )


def states(left, result, stage):
    return [state for name, state, _ in left(result.run_id).tasks() if name == stage]


def test_a_model_writes_is_corrected_and_is_not_asked_again(server, generate, models, left):
    models.script(spec("statu = 'paid'"), spec())
    result = generate()
    assert (result.provider, result.fell_back, result.name) == ("gemini", False, "paid_orders")
    assert result.tokens == 60
    assert states(left, result, "specify") == ["Completed", "Completed"]
    with zipfile.ZipFile(result.bundle) as bundle:
        record = json.loads(bundle.read("provenance/provenance.json"))
        page = bundle.read("provenance/README.md").decode()
    assert [a["calls"] for a in record["attempts"]] == [1, 1]
    assert record["attempts"][1]["sent"].endswith(models.prompts[1])
    assert "| 2 | gemini |" in page

    again = generate()
    assert (again.sha256, len(models.asked)) == (result.sha256, 2)
    third = generate()
    assert set(states(left, third, "specify")) == {"Cached"}

    models.script(spec())
    assert generate(use_cache=False).provider == "gemini"
    assert len(models.asked) == 3

    database = server.in_database(after_log=result.run_name)
    assert KEY.encode() not in database + server.in_results()


def test_an_answer_that_fell_back_is_asked_for_anew_the_next_time(generate, models):
    models.script(status(404))
    result = generate()
    assert (result.provider, result.fell_back) == ("offline", True)
    assert "ADE_GEMINI_MODEL" in result.fell_back_because
    assert any("E_UNKNOWN_MODEL" in assumption for assumption in result.assumptions)

    models.script(spec())
    assert generate().provider == "gemini"


def test_a_project_that_does_not_run_goes_back_to_the_model(generate, models, monkeypatch):
    monkeypatch.setenv("ADE_VERIFY_MEMORY", "64MiB")
    models.script(spec(), spec("status = 'paid' AND amount > 0"))
    with pytest.raises(VerificationError, match="E_VERIFICATION"):
        generate()
    assert "E_VERIFICATION" in models.prompts[1]
    assert len(models.asked) >= 2
