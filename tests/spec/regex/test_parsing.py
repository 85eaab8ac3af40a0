"""What is refused, and what stays as it is written."""

import duckdb
import polars as pl
import pytest

from ai_data_engineer.spec.regex import RegexError, parse, replacement


@pytest.mark.parametrize(
    ("pattern", "message", "hint"),
    [
        ("a(?=b)", "look-ahead `(?=` at its character 2", "with a group"),
        ("(?<!a)b", "look-behind", "with a group"),
        (r"(a)\1", "a back-reference at its character 4", "compare"),
        (r"(?P<x>a)(?P=x)", "a back-reference", "compare"),
        ("(?>a)", "an atomic group", "`(?:…)`"),
        ("a++", "a possessive repetition", "second `+`"),
        ("a**", "a repetition of a repetition", "`(?:…)`"),
        ("*a", "nothing stands before `*`", r"`\*`"),
        ("^*", "behind what can match nothing", "takes a character"),
        (r"(?:\s*,?)*", "behind what can match nothing", "takes a character"),
        ("a{,3}", "`{` without a count", "{0,5}"),
        ("a{0}", "`{0}`", "Leave out"),
        ("a{3,2}", "`{3,2}`", "smaller count first"),
        ("a{1001}", "a count above 1000", "{0,}"),
        ("(a{100}){11}", "more than 1000 times", "smaller counts"),
        (r"(?:\p{L}{20}){20}", "too large", "[a-z]"),
        ("(a", "an open `(` at its character 1", r"`\(`"),
        ("a)", "a closing `)`", r"`\)`"),
        ("^(?:)", "a group of nothing", "Leave it out"),
        ("(?i:)a", "a group of nothing", "Leave it out"),
        ("(?x) a", "the flag `x`", "without blanks"),
        ("(?u)a", "the flag `u`", "i, m and s"),
        ("(?i-i:a)", "`(?i-i:`", "once"),
        ("(?#c)a", "a comment", "Leave it out"),
        ("(?<n>a)(?<n>b)", "the name `n`, given twice", "another"),
        ("[a", "an open `[`", r"`\[`"),
        ("[]a]", "a class of nothing", r"`\]`"),
        ("[[a]", "`[` in a class", r"`\[`"),
        ("[[:alpha:]]", "a POSIX class", "`A-Za-z`"),
        ("[a-z&&[^b]]", "`&&` in a class", r"`\&`"),
        ("[a-z--b]", "`--` in a class", r"`\-`"),
        ("[~~]", "`~~` in a class", r"`\~`"),
        ("[z-a]", "a range", r"`\-`"),
        (r"[a-\d]", "a range", r"`\-`"),
        (r"[\b]", r"`\b` in a class", r"`\x08`"),
        (r"a\Z", r"the escape `\Z`", r"`\z`"),
        (r"\h", r"the escape `\h`", r"`[ \t]`"),
        (r"\q", r"the escape `\q`", "backslash away"),
        ("a\\", "a backslash at the end", r"`\\`"),
        (r"\x{110000}", "without a character's number", r"`\x{…}`"),
        (r"\uD83D", "half of a surrogate pair", r"`\x{1F600}`"),
        (r"\p{Mn}", "this Unicode class", r"`\p{L}`"),
        (r"(?i)\p{Lu}", "under the flag `i`", r"`(?-i:\p{Lu})`"),
        (r"a?\B", r"`\B` in a pattern that can match nothing", "Take a character"),
        ("(" * 51 + "a" + ")" * 51, "more than 50 groups", "flatter"),
    ],
)
def test_what_engines_read_differently_is_refused(pattern, message, hint):
    with pytest.raises(RegexError) as refused:
        parse(pattern)

    assert message in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{2}-[0-9]+$",
        "(?i)^(foo|bar)s?$",
        r"\$ ?[0-9]{1,3}(?:,[0-9]{3})*\.[0-9]{2}",
        r"[^;]+@[a-z0-9.-]+\.[a-z]{2,}",
        r"(?P<year>[0-9]{4})\/(?P<month>[0-9]{2})",
        r"\p{Lu}\p{Ll}+",
        "Zürich|Genève",
    ],
)
def test_a_plain_pattern_stays_as_it_is_written(pattern):
    assert (parse(pattern).polars, parse(pattern).duckdb) == (pattern, pattern)


def test_groups_are_known():
    regex = parse(r"(?P<a>x*)(y)?(?:(z)|(w*))")

    assert [(g.name, g.is_optional, g.can_be_empty) for g in regex.captures] == [
        (None, False, True),
        ("a", False, True),
        (None, True, False),
        (None, True, False),
        (None, True, True),
    ]
    assert [g.empty_is_null for g in regex.captures] == [False, False, True, True, True]


def test_one_group_alone_can_capture():
    regex = parse("(a)(?P<n>b)(c)").capturing(2)

    assert regex.groups == 1
    assert (regex.polars, regex.duckdb, regex.spark) == (
        "(?:a)(?P<n>b)(?:c)",
        "(?:a)(?P<n>b)(?:c)",
        "(?:a)(b)(?:c)",
    )


@pytest.mark.parametrize(
    ("text", "polars", "duckdb", "spark"),
    [
        ("a", "a", "a", "a"),
        (r"\2 \1", "${2} ${1}", r"\2 \1", "$2 $1"),
        (r"\10", "${1}0", r"\10", r"$1\0"),
        (r"$1", "$$1", "$1", r"\$1"),
        (r"C:\\\0", r"C:\${0}", r"C:\\\0", r"C:\\$0"),
        ("{x}", "{x}", "{x}", "{x}"),
        ("", "", "", ""),
    ],
)
def test_a_replacement_is_written_for_each_engine(text, polars, duckdb, spark):
    written = replacement(text, groups=2)

    assert (written.polars, written.duckdb, written.spark) == (polars, duckdb, spark)


@pytest.mark.parametrize(
    ("text", "message"),
    [(r"\3", "names group 3"), (r"\n", r"has `\n`"), ("a\\", "has `\\`")],
)
def test_a_replacement_that_means_nothing_is_refused(text, message):
    with pytest.raises(RegexError) as refused:
        replacement(text, groups=2)

    assert message in refused.value.message


@pytest.mark.parametrize(
    "pattern",
    [
        r"\p{L}{200}",
        r"[\p{L}\p{M}\p{Nd}]{66}",
        ".{1000}.{1000}",
        "(?i:[^α-ωaβéфы]){1000}" * 2,
        "[a-z]{1000}" * 40,
        "(?:a{30}b{30}){33}" * 20,
        "(?i)" + "ς" * 900,
    ],
)
def test_the_largest_patterns_are_compiled_by_all_engines(pattern):
    regex = parse(pattern)

    assert not pl.Series(["x"]).str.contains(regex.polars).item()
    with duckdb.connect() as connection:
        query = f"SELECT regexp_matches(t, '{regex.duckdb}') FROM (VALUES ('x')) _(t)"
        assert connection.execute(query).fetchone() == (False,)
