"""What Prefect asks of every block, and what we ask of ours; new blocks are found by themselves."""

import pytest
from prefect.testing.standard_test_suites import BlockStandardTestSuite
from pydantic import SecretStr

from blocks.collection import TYPES
from blocks.notifications import Notifications
from blocks.source_policy import SourcePolicy
from deployments.blocks_doc import PAGE, with_blocks

SECRET = "hunter2-in-a-block"


@pytest.fixture(params=TYPES, ids=lambda kind: kind.__name__)
def block(request):
    return request.param


class TestStandard(BlockStandardTestSuite):
    @pytest.fixture(params=TYPES, ids=lambda kind: kind.__name__)
    def block(self, request):
        return request.param

    def test_has_a_valid_image(self, block):
        # The suite would fetch the logo from the web; a block without one is drawn with its initials.
        assert block._logo_url is None


def test_every_module_has_a_type_and_every_type_its_own_slug():
    slugs = [kind.get_block_type_slug() for kind in TYPES]
    assert {"source-policy", "error-reporting", "notifications", "redis-store"} <= set(slugs)
    assert len(set(slugs)) == len(slugs)


def test_every_field_has_a_default_so_that_saved_blocks_outlive_new_fields(block):
    assert block() is not None


def test_every_field_has_a_title_and_a_description(block):
    fields = {n: f for n, f in block.model_fields.items() if not n.startswith("_")}
    assert [n for n, f in fields.items() if not (f.title and f.description)] == []


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")
def test_no_secret_is_shown(block):
    address = SecretStr(f"json://user:{SECRET}@127.0.0.1/x" if block is Notifications else SECRET)
    values = {
        name: [address] if "list" in str(field.annotation) else address
        for name, field in block.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    saved = block(**values)
    assert SECRET not in repr(saved) + str(saved) + str(saved.model_dump(mode="json"))
    kept = {path.split(".")[0] for path in block.model_json_schema()["secret_fields"]}
    assert kept == set(values)


def test_the_policy_of_the_block_has_the_fields_of_the_cores():
    from ai_data_engineer.sources import policy

    assert list(SourcePolicy.model_fields) == list(policy.SourcePolicy.model_fields)


@pytest.mark.parametrize(
    "wrong",
    [{"hosts": ["https://example.com"]}, {"folders": ["data/in"]}],
    ids=["an address", "a relative folder"],
)
def test_an_entry_of_a_policy_that_would_never_match_is_refused(wrong):
    with pytest.raises(ValueError, match="it takes"):
        SourcePolicy(**wrong)


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")
def test_an_address_that_apprise_cannot_read_is_told_without_it():
    with pytest.raises(ValueError, match="address 1 is none") as caught:
        Notifications(urls=[SecretStr(f"nonsense://{SECRET}")])
    assert SECRET not in str(caught.value)


def test_the_page_says_what_each_block_takes():
    page = PAGE.read_text("utf-8")
    assert page == with_blocks(page), "run `python -m deployments.blocks_doc`"
