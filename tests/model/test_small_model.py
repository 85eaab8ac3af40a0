"""What a real model writes, and what becomes of it: from a file to a bundle that ran.

The model is too small to write a good specification. So what is seen here is that validation,
repair and falling back stand up to what models really write, and that nothing of it is lost.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
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
from ai_data_engineer.specifying.provenance import Provenance
from ai_data_engineer.specifying.specify import MAX_REPAIRS
from tests.model.gateway import Exchange, Gateway, Schemas, gateway

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
        # On one processor the model reads a hundred tokens a second and writes thirty.
        llm_context_tokens=4096,
        llm_max_output_tokens=300,
        llm_timeout=300,
        llm_deadline=1000,
    )


@pytest.mark.parametrize("schemas", ["takes", "refuses", "ignores"])
def test_a_bundle_that_ran_comes_of_whatever_a_small_model_writes(
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
    record = package(
        specified.spec,
        [orders],
        tmp_path / "orders.zip",
        settings=settings,
        provenance=specified.provenance,
    )

    assert report.is_valid
    assert (record.verification.tests.failed, record.verification.tests.passed > 3) == (0, True)
    check_schemas(schemas, asked.exchanges)
    check_attempts(specified.provenance, asked.exchanges)
    assert CELL not in json.dumps([exchange.request for exchange in asked.exchanges])
    with zipfile.ZipFile(record.path) as bundle:
        kept = bundle.read(next(n for n in bundle.namelist() if n.endswith("provenance.json")))
    assert Provenance.from_json(kept) == specified.provenance


def check_schemas(schemas: Schemas, exchanges: Sequence[Exchange]) -> None:
    """The schema is sent first, and left out once it was refused."""
    first, *later = exchanges
    assert first.request["response_format"]["json_schema"]["schema"] == wire_schema()
    assert first.status == (400 if schemas == "refuses" else 200)
    if schemas == "refuses":
        assert later[0].request["response_format"] == {"type": "json_object"}
        assert later[0].sent == first.sent


def check_attempts(provenance: Provenance, exchanges: Sequence[Exchange]) -> None:
    """Each request belongs to an attempt, which says what was sent, what came back and its cost."""
    attempts = provenance.asked
    assert 1 <= len(attempts) <= 1 + MAX_REPAIRS
    assert provenance.fell_back == (provenance.provider == "offline")
    left = list(exchanges)
    for attempt in attempts:
        passed, left = left[: attempt.calls], left[attempt.calls :]
        assert {"\n".join(exchange.sent) for exchange in passed} == {attempt.sent}
        assert len(attempt.failures) == attempt.calls - 1
        usages = [exchange.response["usage"] for exchange in passed if exchange.status == 200]
        assert attempt.input_tokens == sum(usage["prompt_tokens"] for usage in usages)
        assert attempt.output_tokens == sum(usage["completion_tokens"] for usage in usages)
        if attempt.received is None:
            assert attempt.error
            continue
        assert attempt.received == passed[-1].text
        assert attempt.model == passed[-1].response["model"]
    assert left == []
    for before, after in pairwise(attempts):
        assert after.sent is not None
        wrong = [before.error] if before.error else [f.code for f in after.findings]
        assert wrong
        assert all(code in after.sent for code in wrong if code)
