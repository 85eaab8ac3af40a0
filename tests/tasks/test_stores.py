import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import SettingsError
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
from blocks.redis import RedisStore as Block
from tasks.redaction import STARS, redact
from tasks.stores import BLOCK, _opened, shared_store

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home", "new_process")]


@pytest.fixture
def new_process(monkeypatch):
    """Forget the store, as a new process has."""
    monkeypatch.delenv("ADE_REDIS_URL", raising=False)
    _opened.cache_clear()
    yield
    _opened.cache_clear()


@pytest.fixture
def save():
    """Return what saves the block; it is deleted after the test."""
    saved = []

    def save(**fields):
        saved.append(Block(**fields).save(BLOCK))

    yield save
    if saved:
        Block.delete(BLOCK)


def test_without_a_block_and_a_url_runs_share_files_at_home(home):
    store = shared_store()
    store.put("a", b"1")

    assert isinstance(store, FileStore)
    assert shared_store() is store
    assert [path.name for path in home.iterdir()] == ["state"]


def test_a_url_in_the_environment_is_taken(redis_url, monkeypatch):
    monkeypatch.setenv("ADE_REDIS_URL", redis_url)

    shared_store().put("a", b"1")

    assert RedisStore(redis_url).get("a") == b"1"


def test_a_saved_block_goes_before_the_environment(redis_url, save, monkeypatch):
    monkeypatch.setenv("ADE_REDIS_URL", "redis://127.0.0.1:1")
    save(url=SecretStr(redis_url), prefix="mine")

    shared_store().put("a", b"1")

    assert RedisStore(redis_url, "mine").get("a") == b"1"
    assert RedisStore(redis_url).get("a") is None


@pytest.mark.parametrize("url", [None, SecretStr("")])
def test_a_block_without_a_url_takes_that_of_the_environment(url, redis_url, save, monkeypatch):
    monkeypatch.setenv("ADE_REDIS_URL", redis_url)
    save(url=url, prefix="mine")

    shared_store().put("a", b"1")

    assert RedisStore(redis_url, "mine").get("a") == b"1"


def test_a_url_that_cannot_be_used_is_said_to_be_the_blocks(save):
    save(url=SecretStr("http://:hunter2-hunter2@host"))

    with pytest.raises(SettingsError, match="E_SETTING block redis: The URL of Redis") as caught:
        shared_store()

    assert "hunter2" not in str(caught.value)


def test_the_password_is_starred_in_logs(save):
    save(url=SecretStr("redis://me:pass%2Fword-1234@127.0.0.1:1"))

    shared_store()

    assert redact("it was pass/word-1234, or pass%2Fword-1234") == f"it was {STARS}, or {STARS}"
