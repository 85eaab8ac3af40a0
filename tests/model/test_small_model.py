"""What a real model writes, and what becomes of it: from a file to a bundle that ran.

The model is too small to write a good specification. So what is seen here is that validation,
repair and falling back stand up to what models really write, and that nothing of it is lost.
"""

from __future__ import annotations

import json
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.specifying.prompt import wire_schema
from ai_data_engineer.specifying.specify import MAX_REPAIRS
from tests.model.gateway import Gateway, Schemas, gateway

if TYPE_CHECKING:
    from conftest import SmallModel

pytestmark = [pytest.mark.model, pytest.mark.timeout(1200)]

GOAL = "keep only paid orders and add the amount with 19 percent tax"
CELL = "unmistakable-cell"


@pytest.fixture
def orders(tmp_path: Path) -> FileProfile:
    rows = [f"{i},{i}.50,{'paid' if i % 3 else 'open'},{CELL}-{i}" for i in range(1, 60)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["id,amount,status,note", *rows]) + "\n")
    return profile_source(str(path))


def settings_for(asked: Gateway, model: SmallModel, home: Path) -> Settings:
    return load_settings(
        home=home,
        openai_base_url=asked.base_url,
        openai_model=model.name,
        llm_context_tokens=model.context_tokens // 2,
        llm_max_output_tokens=512,
        # A processor alone takes some ten seconds for the question and as long for the answer.
        llm_timeout=300,
        llm_deadline=1000,
    )


@pytest.mark.parametrize("schemas", ["takes", "refuses", "ignores"])
def test_a_bundle_that_ran_comes_of_what_a_small_model_writes(
    schemas: Schemas, small_model: SmallModel, orders: FileProfile, tmp_path: Path
) -> None:
    with gateway(small_model.base_url, schemas) as asked:
        settings = settings_for(asked, small_model, tmp_path / "home")
        specified, report = specify_valid(
            [orders],
            GOAL,
            provider="openai",
            credentials=[SecretStr(small_model.key)],
            settings=settings,
        )
    bundle = package(
        specified.spec,
        [orders],
        tmp_path / "orders.zip",
        settings=settings,
        provenance=specified.provenance,
    )

    assert report.is_valid
    assert bundle.verification.tests.failed == 0
    assert bundle.verification.tests.passed >= 4
    attempts = specified.provenance.asked
    assert 1 <= len(attempts) <= 1 + MAX_REPAIRS
    exchanges = iter(asked.exchanges)
    for attempt in attempts:
        passed = [next(exchanges) for _ in range(attempt.calls)]
        last = passed[-1]
        assert "\n".join(last.sent) == attempt.sent
        if attempt.received is not None:
            assert last.text == attempt.received
            usage = last.response["usage"]
            counted = (usage["prompt_tokens"], usage["completion_tokens"])
            assert (attempt.input_tokens, attempt.output_tokens) == counted
    assert next(exchanges, None) is None, "a request that no attempt tells of"
    # Each later attempt was shown what was wrong with the one before.
    for before, after in pairwise(attempts):
        assert all(finding.code in (after.sent or "") for finding in after.findings)
        assert after.sent != before.sent
    assert CELL not in json.dumps([exchange.request for exchange in asked.exchanges])
    kept = json.loads(zipfile.ZipFile(bundle.path).read("provenance.json"))
    assert kept == json.loads(specified.provenance.to_json())


def test_a_server_that_takes_schemas_holds_the_model_to_it(
    small_model: SmallModel, orders: FileProfile, tmp_path: Path
) -> None:
    """So the answer is JSON in the wire form, whatever sense it makes, unless it is cut short."""
    with gateway(small_model.base_url, "takes") as asked:
        settings = settings_for(asked, small_model, tmp_path / "home")
        specify_valid([orders], GOAL, provider="openai", settings=settings, credentials=[SecretStr(small_model.key)])  # fmt: skip
    first = asked.exchanges[0]
    assert first.request["response_format"]["json_schema"]["schema"] == wire_schema()
    assert first.status == 200
