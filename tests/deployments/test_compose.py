"""`deployments/compose.yaml`, read as it is: no engine is needed."""

from __future__ import annotations

import re

import pytest
import yaml
from dotenv import dotenv_values

from tests.services.cluster import SETTINGS

FOLDER = SETTINGS.parent
TEXT = (FOLDER / "compose.yaml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
MOUNTED = [
    (name, volume.split(":")[0])
    for name, service in SERVICES.items()
    for volume in service.get("volumes", [])
]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_limited_and_looked_after(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert re.search(r":(v?\d+(\.\d+)+|\$\{ADE_VERSION:-\d+(\.\d+)+\})", service["image"])
    assert {"cpus", "memory"} <= set(limits)
    assert service["logging"]["options"]["max-size"]
    check = service["healthcheck"]
    assert check.get("disable") if name == "migrate" else check["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_waited_for_exists_and_can_be_healthy(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other == "migrate" else "service_healthy"
        assert other in SERVICES
        assert how == {"condition": wanted}


def test_every_variable_has_a_default_or_is_named_in_the_example() -> None:
    documented = set(dotenv_values(SETTINGS / "secrets.env.example"))
    used = re.findall(r"(?<!\$)\$\{(\w+)(:[-?][^}]*)?\}", TEXT)
    assert used
    for name, otherwise in used:
        assert otherwise, f"{name} may be empty without a word"
        assert otherwise.startswith(":-") or name in documented


@pytest.mark.parametrize(("name", "place"), MOUNTED)
def test_what_is_mounted_is_a_file_of_ours_or_a_named_volume(name: str, place: str) -> None:
    assert (FOLDER / place).exists() if place.startswith(".") else place in COMPOSE["volumes"]


def test_only_this_machine_reaches_what_is_published() -> None:
    published = [port for s in SERVICES.values() for port in s.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_databases_can_be_reached_by_our_own_services_alone() -> None:
    assert COMPOSE["networks"]["behind"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["behind"]


def test_postgres_bears_the_connections_of_all_its_clients() -> None:
    given = dotenv_values(SETTINGS / "server.env")
    each = int(given["PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE"] or 0)
    each += int(given["PREFECT_SERVER_DATABASE_SQLALCHEMY_MAX_OVERFLOW"] or 0)
    # As many servers as the load balancer has places for, and the background services.
    servers = int(
        re.findall(r"server-template server (\d+)", (FOLDER / "haproxy.cfg").read_text())[0]
    )
    allowed = int(re.findall(r"max_connections=(\d+)", TEXT)[0])
    assert (servers + 1) * each + 20 <= allowed
