from pydantic import SecretStr

from ai_data_engineer.settings import Settings
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.opening import open_store
from ai_data_engineer.stores.redis import RedisStore


def test_without_a_url_state_lies_in_files_at_home(tmp_path):
    store = open_store(Settings(home=tmp_path))
    store.put("a", b"1")

    assert isinstance(store, FileStore)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_with_a_url_state_lies_in_redis(tmp_path, redis_url):
    store = open_store(Settings(home=tmp_path, redis_url=SecretStr(redis_url)))
    store.put("a", b"1")

    assert isinstance(store, RedisStore)
    assert RedisStore(redis_url).get("a") == b"1"
    assert list(tmp_path.iterdir()) == []
