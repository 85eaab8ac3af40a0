"""What an operator is told to do about sources that have drifted."""

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.refreshing import Proposal
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from tasks.artifacts.drift import _what_now


@pytest.fixture
def proposal(tmp_path):
    source = tmp_path / "orders.csv"
    source.write_text("order_id,amount\n" + "".join(f"{n},{n % 7}.5\n" for n in range(20)))
    proposed = Specified(
        document=plan([profile_source(str(source))], "").to_dict(),
        provenance=Provenance(attempts=(Attempt(provider="offline"),)),
    )
    return Proposal(drift="a1", run_id="r1", proposed=proposed, path="s3://shop/proposed.json")


def test_a_proposal_is_taken_by_another_run_or_by_the_review_of_this_one(proposal):
    assert "Run this deployment again with **accept**" in _what_now(proposal, False)[0]
    assert "Answer the review of this run with **accept**" in _what_now(proposal, True)[0]


def test_without_a_record_nothing_is_proposed():
    told = _what_now(Proposal(drift="a1", run_id="r1"), False)
    assert "nothing is proposed" in told[0]
