"""Compose, Kubernetes and the proof take one file of settings, and Prefect knows each of them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys

import pytest

from tests.services.cluster import SETTINGS, settings

FILES = ("server.env", "client.env")


@pytest.mark.parametrize("file", FILES)
def test_every_setting_is_one_that_prefect_or_its_redis_package_knows(file: str) -> None:
    given = {k: v for k, v in settings(file).items() if k.startswith("PREFECT_")}
    code = (
        "import json, os, warnings; warnings.simplefilter('error')\n"
        "from prefect.settings import get_current_settings\n"
        "from prefect.settings.legacy import _get_settings_fields\n"
        "from prefect.settings import Settings\n"
        "from prefect_redis.client import RedisMessagingSettings\n"
        "known = set(_get_settings_fields(Settings))\n"
        "known |= {f'PREFECT_REDIS_MESSAGING_{n.upper()}' for n in RedisMessagingSettings.model_fields}\n"
        "get_current_settings(), RedisMessagingSettings()\n"
        "print(json.dumps(sorted(set(json.loads(os.environ['GIVEN'])) - known)))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, **given, "GIVEN": json.dumps(sorted(given))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == []


def test_no_setting_holds_a_secret() -> None:
    named = [key for file in FILES for key in settings(file)]
    assert [key for key in named if any(w in key for w in ("PASSWORD", "KEY", "AUTH"))] == []


def test_clients_try_again_what_a_server_without_redis_answers() -> None:
    given = settings("client.env")
    assert "500" in given["PREFECT_CLIENT_RETRY_EXTRA_CODES"].split(",")
    assert int(given["PREFECT_CLIENT_MAX_RETRIES"]) >= 10


def test_no_server_migrates_or_registers_blocks_by_itself() -> None:
    given = settings("server.env")
    assert given["PREFECT_SERVER_DATABASE_MIGRATE_ON_START"] == "false"
    assert given["PREFECT_SERVER_REGISTER_BLOCKS_ON_START"] == "false"


def test_every_secret_of_the_example_is_empty_and_explained() -> None:
    lines = (SETTINGS / "secrets.env.example").read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if line and not line.startswith("#"):
            assert line.endswith("=")
            assert above.startswith("#")
