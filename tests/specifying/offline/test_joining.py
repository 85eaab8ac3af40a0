from collections.abc import Callable

import pytest

from ai_data_engineer.profiling.profile import FileProfile, Reference
from ai_data_engineer.spec.spec import PipelineSpec

Planned = Callable[..., PipelineSpec]
StepsOf = Callable[[PipelineSpec], list[str]]


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        ("join orders with customers", "left join customer_id = id"),
        ("join orders with customers on customer_id", "left join customer_id = id"),
        (
            "join orders with customers on orders.customer_id = customers.id",
            "left join customer_id = id",
        ),
        ("inner join orders and customers on customer_id = id", "inner join customer_id = id"),
        ("join customers with orders on id = customer_id", "left join id = customer_id"),
        ("enrich the orders with customers by customer id", "left join customer_id = id"),
        ("combine both files", "left join customer_id = id"),
        ("join both tables on email", "left join email = email"),
        ("full outer join orders with customers on email", "full join email = email"),
    ],
)
def test_joins_are_read(
    planned: Planned,
    steps_of: StepsOf,
    orders: FileProfile,
    customers: FileProfile,
    goal: str,
    step: str,
) -> None:
    assert steps_of(planned([orders, customers], goal)) == [step]


def test_a_key_made_unique_before_is_promised(
    planned: Planned, orders: FileProfile, customers: FileProfile
) -> None:
    spec = planned([orders, customers], "join orders with customers")
    assert spec.steps[-1].cardinality == "many_to_one"
    spec = planned([orders, customers], "keep duplicates and join orders with customers")
    assert spec.steps[-1].cardinality == "many_to_many"


def test_columns_of_both_sides_can_be_spoken_of(
    planned: Planned, steps_of: StepsOf, orders: FileProfile, customers: FileProfile
) -> None:
    goal = "join orders and customers, keep paid orders, total amount by city, sorted by city"
    assert steps_of(planned([orders, customers], goal)) == [
        "left join customer_id = id",
        "filter status = 'paid'",
        "by city: total_amount = sum(amount)",
        "sort city",
    ]


def test_one_side_is_deduplicated_before_the_join(
    planned: Planned, steps_of: StepsOf, orders: FileProfile, customers: FileProfile
) -> None:
    goal = "deduplicate customers on email and join orders with customers on email"
    assert steps_of(planned([orders, customers], goal)) == [
        "deduplicate email, first",
        "left join email = email",
    ]


def test_tables_of_the_same_columns_are_put_together(
    planned: Planned, steps_of: StepsOf, make: Callable[..., FileProfile]
) -> None:
    columns = ("id: int64 unique", "amount: float64")
    january, february = make("january", *columns), make("february", *columns)
    spec = planned([january, february], "combine both files")
    assert steps_of(spec) == ["union"]
    assert spec.outputs[0].path == "january_and_february.parquet"


def test_what_has_the_same_name_on_both_sides_is_kept_apart(
    planned: Planned, steps_of: StepsOf, orders: FileProfile, customers: FileProfile
) -> None:
    goal = "join orders with customers, keep order id, orders.email and customers.email"
    assert steps_of(planned([orders, customers], goal))[-1] == (
        "select order_id, email, email_customers"
    )


def test_without_a_join_each_source_goes_its_own_way(
    planned: Planned, steps_of: StepsOf, orders: FileProfile, customers: FileProfile
) -> None:
    spec = planned([orders, customers], "amount over 100, as csv")
    assert steps_of(spec) == ["filter amount > 100"]
    assert [o.path for o in spec.outputs] == ["orders.csv", "customers.csv"]


def test_without_a_common_key_the_wish_is_refused(
    planned: Planned,
    make: Callable[..., FileProfile],
    left_over: Callable[[PipelineSpec], list[str]],
) -> None:
    a, b = make("weather", "temp: float64"), make("stocks", "price: float64")
    assert left_over(planned([a, b], "join weather with stocks")) == [
        "“join weather with stocks”: `weather` and `stocks` have no key in common; say `on a = b`."
    ]


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        ("join sales with articles", "left join what = sku"),
        ("join articles with sales", "left join sku = what"),
    ],
)
def test_without_a_common_name_values_found_in_a_key_tell_it(
    planned: Planned, steps_of: StepsOf, make: Callable[..., FileProfile], goal: str, step: str
) -> None:
    reference = Reference(column="what", source="articles", source_column="sku", containment=1.0)
    sales = make("sales", "what: string").model_copy(update={"references": (reference,)})
    articles = make("articles", "sku: string unique", "price: float64")

    assert step in steps_of(planned([sales, articles], goal))


def test_three_sources_are_joined_one_after_the_other(
    planned: Planned, steps_of: StepsOf, make: Callable[..., FileProfile]
) -> None:
    lines = make("lines", "line_id: int64 unique", "order_id: int64", "product_id: int64")
    heads = make("orders", "order_id: int64 unique", "day: date")
    goods = make("products", "product_id: int64 unique", "title: string unique")
    spec = planned([lines, heads, goods], "join lines with orders and products")
    assert steps_of(spec) == [
        "left join order_id = order_id",
        "left join product_id = product_id",
    ]
