import sqlite3

import pytest
from cryptography.fernet import Fernet
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_SERVER_DATABASE_CONNECTION_URL,
    temporary_settings,
)

from ai_data_engineer.errors import SettingsError
from deployments.local.environment import machine

KEY = "PREFECT_SERVER_ENCRYPTION_KEY"


@pytest.fixture(autouse=True)
def _no_server_of_other_tests():
    """The one that tests share is in the settings of this process once it was asked for."""
    of_the_server = {PREFECT_API_URL, PREFECT_SERVER_DATABASE_CONNECTION_URL}
    with temporary_settings(restore_defaults=of_the_server):
        yield


def test_everything_lies_below_ade_home(home):
    here = machine()
    assert here.home == home
    assert here.prefect_home == home / "prefect"
    assert here.api == "http://127.0.0.1:4200/api"
    assert here.ui == "http://127.0.0.1:4200"


def test_prefects_own_variables_come_first(home, monkeypatch, tmp_path):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example:8000/api/")
    monkeypatch.setenv("PREFECT_WORKER_WEBSERVER_PORT", "9999")
    here = machine()
    assert here.prefect_home == tmp_path / "own"
    assert (here.api, here.is_local) == ("http://prefect.example:8000/api", False)
    assert here.health_port == 9999


@pytest.mark.parametrize(
    "url", ["prefect.example", "ftp://prefect.example/api", "http://host:4200"]
)
def test_what_is_no_address_of_a_server_is_refused(home, monkeypatch, url):
    monkeypatch.setenv("PREFECT_API_URL", url)
    with pytest.raises(SettingsError, match=r"PREFECT_API_URL.*http://127\.0\.0\.1:4200/api"):
        machine()


def test_the_workers_health_check_is_not_open_to_the_network(home):
    assert machine().of_worker()["PREFECT_WORKER_WEBSERVER_HOST"] == "127.0.0.1"


def test_runs_of_long_ago_are_removed_unless_somebody_says_otherwise(home, monkeypatch):
    setting = "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"
    assert machine().of_server()[setting] == "events,flow_runs"
    monkeypatch.setenv(setting, "events")
    assert machine().of_server()[setting] == "events"


def test_the_same_key_opens_blocks_after_the_next_start(home):
    key = machine().of_server()[KEY]
    Fernet(key.encode())
    assert machine().of_server()[KEY] == key


def test_the_key_is_its_owners_alone(home):
    machine().of_server()
    assert (home / "encryption.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_given_is_taken_and_not_kept(home, monkeypatch):
    given = Fernet.generate_key().decode()
    monkeypatch.setenv(KEY, given)
    assert machine().of_server()[KEY] == given
    assert not (home / "encryption.key").exists()


def database(home, rows):
    folder = home / "prefect"
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "prefect.db") as made:
        made.execute("CREATE TABLE configuration (key TEXT, value TEXT)")
        made.executemany("INSERT INTO configuration VALUES (?, '{}')", rows)
    made.close()


def test_a_database_that_has_a_key_of_its_own_is_not_given_another(home):
    # Nothing would open the blocks that are in it.
    database(home, [("ENCRYPTION_KEY",)])
    assert KEY not in machine().of_server()
    assert not (home / "encryption.key").exists()


def test_a_database_without_a_key_gets_one(home):
    database(home, [("other",)])
    assert machine().of_server()[KEY]


def test_neither_the_worker_nor_its_runs_know_the_servers_secrets(home, monkeypatch):
    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "admin:hunter2hunter2")
    worker = machine().of_worker()
    assert KEY not in worker
    assert "PREFECT_SERVER_API_AUTH_STRING" not in worker
    assert worker["PREFECT_API_AUTH_STRING"] == "admin:hunter2hunter2"
