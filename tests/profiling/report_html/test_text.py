import pytest

from ai_data_engineer.profiling.report_html.text import moment, plain, share, shown, size, value


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("order_id", "order_id"),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("größe", "<bdi>größe</bdi>"),
        ("a\u202eb", '<bdi>a<b class="mark">\\u202e</b>b</bdi>'),
        ("a\u2028b", '<bdi>a<b class="mark">\\u2028</b>b</bdi>'),
        ("a\x00b", '<bdi>a<b class="mark">\\x00</b>b</bdi>'),
        ("\ud800", '<bdi><b class="mark">\\ud800</b></bdi>'),
        (" a ", '<bdi><b class="mark">␠</b>a<b class="mark">␠</b></bdi>'),
        ("  ", '<bdi><b class="mark">␠</b><b class="mark">␠</b></bdi>'),
        ("", '<i class="soft">empty text</i>'),
        ("\\u202e", "\\u202e"),
    ],
)
def test_what_a_person_could_not_see_is_marked(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_long_text_is_cut_and_says_so() -> None:
    assert shown("x" * 1300, 5) == '<bdi>xxxxx</bdi> <i class="soft">and 1,295 more characters</i>'


def test_an_attribute_holds_no_character_that_cannot_be_seen() -> None:
    assert plain("a\nb\u202e") == "a\\nb\\u202e"


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (0, 10, "0 %"),
        (1, 100_000, "< 0.1 %"),
        (1, 3, "33.3 %"),
        (1, 2, "50 %"),
        (99_999, 100_000, "> 99.9 %"),
        (5, 5, "100 %"),
        (3, 0, "0 %"),
    ],
)
def test_a_share_never_reads_as_none_or_all_unless_it_is(part: int, total: int, text: str) -> None:
    assert share(part, total) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (2024, "2024"),
        (0.1 + 0.2, "0.3"),
        (1234567.5, "1234568"),
        (True, "true"),
        ("12.50", "12.50"),
    ],
)
def test_a_value_is_written_as_a_person_writes_it(found: object, text: str) -> None:
    assert value(found) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "kind", "text"),
    [
        (0, "date", "1970-01-01"),
        (86_400.5, "date", "1970-01-03"),
        (1_700_000_000.4, "datetime", "2023-11-14T22:13:20Z"),
        (45_000, "time", "12:30:00"),
        (1e20, "datetime", "1e+20"),
        (float("inf"), "date", "inf"),
    ],
)
def test_an_edge_of_a_bin_is_a_moment(seconds: float, kind: str, text: str) -> None:
    assert moment(seconds, kind) == text


def test_sizes_are_in_the_largest_unit() -> None:
    assert [size(512), size(1536), size(5 << 30)] == ["512 bytes", "1.5 KiB", "5.0 GiB"]
