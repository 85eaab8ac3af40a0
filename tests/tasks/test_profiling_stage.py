"""Several sources of one run, profiled together."""

from pathlib import Path

import pytest
from prefect import flow

from tasks.profiling import profile_all
from tasks.receiving import receive

pytestmark = pytest.mark.server


def test_the_profiles_of_one_run_name_the_references_between_them(
    server: None, tmp_path: Path
) -> None:
    orders, customers = tmp_path / "orders.csv", tmp_path / "customers.csv"
    orders.write_text(
        "order_id,customer_id\n" + "".join(f"{n},{n % 40 + 1}\n" for n in range(90, 290))
    )
    customers.write_text("id,email\n" + "".join(f"{n},c{n}@example.org\n" for n in range(1, 41)))

    @flow
    def run() -> list[list[str]]:
        found = profile_all([receive(str(orders)), receive(str(customers))])
        return [[f"{r.column}={r.source}.{r.source_column}" for r in p.references] for p in found]

    assert run() == run() == [["customer_id=customers.id"], []]
