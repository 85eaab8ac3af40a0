"""What Spark gets, on the engine behind it: java.util.regex, without Spark around it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ai_data_engineer.spec.regex import Regex, parse, replacement
from tests.spec.regex import oracle
from tests.spec.regex.cases import MEANING
from tests.spec.regex.test_generated import TEXTS, expected_replacement, regexes, with_replacement

pytestmark = pytest.mark.slow

FOUND = replacement("<\\0>", groups=0)


class Java:
    """java.util.regex in a process of its own."""

    def __init__(self, compile_pattern) -> None:
        self._compile = compile_pattern

    def groups(self, pattern: str, text: str) -> list[str | None] | None:
        found = self._compile(pattern).matcher(text)
        return [found.group(n) for n in range(found.groupCount() + 1)] if found.find() else None

    def split(self, pattern: str, text: str) -> list[str]:
        return list(self._compile(pattern).split(text, -1))

    def replaced(self, pattern: str, text: str, by: str) -> str:
        return self._compile(pattern).matcher(text).replaceAll(by)


@pytest.fixture(scope="module")
def java():
    from py4j.java_gateway import JavaGateway

    gateway = JavaGateway.launch_gateway(die_on_exit=True)
    yield Java(gateway.jvm.java.util.regex.Pattern.compile)
    gateway.shutdown()


@pytest.mark.parametrize(("pattern", "text", "groups", "marked"), MEANING)
def test_java(pattern, text, groups, marked, java):
    regex = parse(pattern).spark

    assert java.groups(regex, text) == groups
    assert java.replaced(regex, text, FOUND.spark) == marked


@given(case=with_replacement(), text=TEXTS)
def test_java_gives_what_the_dialect_says(case: tuple[Regex, str], text: str, java: Java) -> None:
    regex, by = case
    first = oracle.first(regex, text)
    replaced = oracle.replaced(regex, text, lambda groups: expected_replacement(by, groups))
    written = replacement(by, regex.groups).spark

    assert java.groups(regex.spark, text) == (first and list(first.groups))
    assert java.replaced(regex.spark, text, written) == replaced


@given(regex=regexes(), text=TEXTS)
def test_java_splits_in_the_same_places(regex: Regex, text: str, java: Java) -> None:
    assume(not regex.can_be_empty)

    assert java.split(regex.spark, text) == oracle.parts(regex, text)


@given(case=with_replacement(), text=TEXTS, data=st.data())
def test_java_takes_one_group_alone(
    case: tuple[Regex, str], text: str, data: st.DataObject, java: Java
) -> None:
    regex, _ = case
    number = data.draw(st.integers(0, regex.groups))
    first = oracle.first(regex, text)
    pattern = regex.capturing(number).spark if number else regex.spark

    found = java.groups(pattern, text)
    assert (found and found[min(number, 1)]) == (first and first.groups[number])
