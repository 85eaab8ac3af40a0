"""What Prefect's server says of itself when its database is gone."""

import pytest

from tests.services.postgres import Postgres
from tests.services.prefect_server import PrefectServer
from tests.services.processes import answers

pytestmark = pytest.mark.services


@pytest.fixture
def postgres():
    server = Postgres()
    server.start()
    server.create("prefect")
    yield server
    server.remove()


def test_a_server_without_its_database_is_healthy_and_not_ready(postgres, tmp_path):
    url = postgres.url("prefect")
    server = PrefectServer(tmp_path, PREFECT_SERVER_DATABASE_CONNECTION_URL=url)
    server.start()
    try:
        postgres.stop()
        assert not server.is_ready()
        assert answers(f"{server.api}/health")
        postgres.start()
        assert server.is_ready()
    finally:
        server.stop()
