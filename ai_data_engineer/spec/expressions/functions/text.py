"""Functions over text."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from ai_data_engineer.parsing import TRIMMED
from ai_data_engineer.spec.casting import cast_value
from ai_data_engineer.spec.code import code, join, lit
from ai_data_engineer.spec.expressions.coercion import coerce, name_of, type_error
from ai_data_engineer.spec.expressions.registry import Build, Param, method, register, template
from ai_data_engineer.spec.expressions.typed import NULL, PRODUCT, SUM, Typed, derived, literal
from ai_data_engineer.spec.gating import raw
from ai_data_engineer.spec.regex import Regex, RegexError, parse, replacement
from ai_data_engineer.spec.regex.extracting import extracted
from ai_data_engineer.spec.sql.casting import cast_sql
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN, INT64, STRING, LogicalType

TEXT = Param("text", "text")
MAX_REPEAT = 1000


def as_text(part: Typed, what: str) -> Typed:
    """Return a value as text, as CAST would; raises ExpressionError for lists and structs."""
    part = part.done
    if part.type == NULL:
        return coerce(part, STRING)
    if part.type == STRING:
        return part
    if part.type.is_nested or part.type.name == "binary":
        raise type_error(
            f"{what} joins texts, not {name_of(part.type)}.", "Use array_to_string for a list."
        )
    return derived(
        cast_value(part.expr, part.type, STRING),
        STRING,
        part,
        sql=lambda d: cast_sql(d, part.sql(d), part.type, STRING),
    )


def join_texts(parts: list[Typed], what: str) -> Typed:
    """Return the texts joined; null where one is null."""
    texts = [as_text(p, what) for p in parts]
    first, *rest = texts
    joined = derived(first.expr, STRING, first)
    for text in rest:
        source = code("{a} + {b}", a=joined.operand(SUM), b=text.operand(SUM + 1))
        joined = derived(source, STRING, joined, text, rank=SUM)
    return replace(joined, emit=lambda d: d.joined(*(t.sql(d) for t in texts)))


def _read(pattern: str) -> Regex:
    """Return a regular expression; raises ExpressionError for one that is not in the dialect."""
    try:
        return parse(pattern)
    except RegexError as error:
        raise type_error(error.message, error.hint) from None


def _positive(name: str, value: int, low: int = 0, high: int = 1_000_000) -> None:
    if not low <= value <= high:
        raise type_error(f"`{name}` must be between {low} and {high}.")


def _trim(side: str) -> Build:
    def build(text: Typed, characters: str) -> Typed:
        chars = lit(characters)
        source = method(f"{{0}}.str.strip_chars{side}({{chars}})", text, chars=chars)
        return derived(
            source, STRING, text, sql=lambda d: d.strip(text.sql(d), characters, side.strip("_"))
        )

    return build


def _counted(verb: str) -> Build:
    """Build left and right; a negative count is 0."""

    def build(text: Typed, count: Typed) -> Typed:
        source = code(f"{{t}}.str.{verb}({{n}})", t=text.expr, n=floored(count).argument)
        side = "left" if verb == "head" else "right"
        return derived(
            source,
            STRING,
            text,
            count,
            sql=lambda d: d.call(side, text.sql(d), d.count(count.sql(d))),
        )

    return build


def floored(count: Typed) -> Typed:
    """Return a count that is not below 0."""
    if count.is_literal and isinstance(count.value, int):
        return literal(max(count.value, 0))
    return derived(code("{n}.clip(0)", n=count.expr), INT64, count)


def _substring(text: Typed, start: Typed, length: Typed | None) -> Typed:
    if start.is_literal and isinstance(start.value, int):
        offset = literal(max(start.value, 1) - 1)
    else:
        offset = derived(code("{n}.clip(1) - 1", n=start.expr), INT64, start, rank=SUM)
    if length is None:
        source = code("{t}.str.slice({o})", t=text.expr, o=offset.argument)
        return derived(
            source,
            STRING,
            text,
            start,
            sql=lambda d: d.call("substring", text.sql(d), d.count(start.sql(d), 1)),
        )
    source = code(
        "{t}.str.slice({o}, {n})", t=text.expr, o=offset.argument, n=floored(length).argument
    )
    if length.nullable:
        # polars takes a null length for "to the end".
        source = code("pl.when({n}.is_not_null()).then({s})", n=length.expr, s=source)

    def sql(d: Dialect) -> Sql:
        first, most = d.count(start.sql(d), 1), d.count(length.sql(d))
        return d.call("substring", text.sql(d), first, most)

    return derived(source, STRING, text, start, length, sql=sql)


def _pad(side: str) -> Build:
    def build(text: Typed, length: int, fill: str) -> Typed:
        _positive("length", length)
        if len(fill) != 1:
            raise type_error("`fill` must be one character.")
        source = code(
            f"{{t}}.str.pad_{side}({{n}}, {{f}})", t=text.expr, n=lit(length), f=lit(fill)
        )

        def sql(d: Dialect) -> Sql:
            padding = "lpad" if side == "start" else "rpad"
            longer = d.binary(exp.GTE, d.call("length", text.sql(d)), d.integer(length))
            padded = d.call(padding, text.sql(d), d.integer(length), d.string(fill))
            return d.case((longer, text.sql(d)), otherwise=padded)

        return derived(source, STRING, text, sql=sql)

    return build


def _split_part(text: Typed, separator: str, position: int) -> Typed:
    if not separator or position == 0:
        raise type_error("`separator` must not be empty, and positions count from 1.")
    _positive("position", abs(position))
    source = code(
        "{t}.str.split({s}).list.get({i}, null_on_oob=True)",
        t=text.expr,
        s=lit(separator),
        i=lit(position - 1 if position > 0 else position),
    )
    return derived(
        source,
        STRING,
        text,
        nullable=True,
        sql=lambda d: d.list_item(d.split(text.sql(d), separator), position),
    )


def _split(text: Typed, separator: str) -> Typed:
    if not separator:
        raise type_error("`separator` must not be empty.")
    source = code("{t}.str.split({s})", t=text.expr, s=lit(separator))
    kind = LogicalType("list", item=STRING)
    return derived(source, kind, text, sql=lambda d: d.split(text.sql(d), separator))


def position_of(text: Typed, part: str) -> Typed:
    """Return the position of a text in another: from 1, and 0 where it is not."""
    if not part:
        raise type_error("`part` must not be empty.")
    # polars counts bytes in str.find; characters are counted in what stands before.
    source = code(
        "({t}.str.split({p}).list.first().str.len_chars().cast(pl.Int64) + 1)"
        " * {t}.str.contains({p}, literal=True)",
        t=text.expr,
        p=lit(part),
    )
    return derived(
        source,
        INT64,
        text,
        rank=PRODUCT,
        bound=2**32,
        sql=lambda d: d.cast(d.call("instr", text.sql(d), d.string(part)), INT64),
    )


def _repeat(text: Typed, count: int) -> Typed:
    _positive("count", count, high=MAX_REPEAT)
    source = code(
        'pl.when({t}.is_not_null()).then({t}.repeat_by({n}).list.join(""))',
        t=text.expr,
        n=lit(count),
    )
    return derived(
        source, STRING, text, sql=lambda d: d.call("repeat", text.sql(d), d.integer(count))
    )


def _replace(text: Typed, part: str, by: str) -> Typed:
    if not part:
        raise type_error("`part` must not be empty.")
    source = code(
        "{t}.str.replace_all({p}, {b}, literal=True)", t=text.expr, p=lit(part), b=lit(by)
    )
    return derived(
        source,
        STRING,
        text,
        sql=lambda d: d.call("replace", text.sql(d), d.string(part), d.string(by)),
    )


def _matches(text: Typed, pattern: str) -> Typed:
    regex = _read(pattern)
    source = code("{t}.str.contains({p})", t=text.expr, p=raw(regex.polars))
    return derived(source, BOOLEAN, text, sql=lambda d: d.matches(text.sql(d), regex))


def _regexp_replace(text: Typed, pattern: str, by: str) -> Typed:
    regex = _read(pattern)
    try:
        written = replacement(by, regex.groups)
    except RegexError as error:
        raise type_error(error.message, error.hint) from None
    source = code(
        "{t}.str.replace_all({p}, {b})", t=text.expr, p=raw(regex.polars), b=lit(written.polars)
    )
    return derived(source, STRING, text, sql=lambda d: d.replaced(text.sql(d), regex, written))


def _regexp_extract(text: Typed, pattern: str, group: int) -> Typed:
    regex = _read(pattern)
    if not 0 <= group <= regex.groups:
        raise type_error(f"The pattern has {regex.groups} groups; `group` is one of them, or 0.")
    return derived(
        extracted(text.expr, regex, group),
        STRING,
        text,
        nullable=True,
        sql=lambda d: d.extracted(text.sql(d), regex, group),
    )


def _concat(*parts: Typed) -> Typed:
    return join_texts(list(parts), "concat")


def _concat_ws(separator: str, *parts: Typed) -> Typed:
    texts = [as_text(part, "concat_ws") for part in parts]
    source = code(
        "pl.concat_str({texts}, separator={separator}, ignore_nulls=True)",
        texts=join(text.expr for text in texts),
        separator=lit(separator),
    )
    joined = derived(source, STRING, *texts, nullable=False)
    return replace(
        joined,
        emit=lambda d: d.call("concat_ws", d.string(separator), *(t.sql(d) for t in texts)),
    )


register(
    "text",
    "upper",
    (TEXT,),
    "string",
    "The text in upper case.",
    ("upper('straße')", "STRASSE"),
    build=template("{0}.str.to_uppercase()", STRING, sql=lambda d, text: d.upper(text)),
    aliases=("ucase",),
)
register(
    "text",
    "lower",
    (TEXT,),
    "string",
    "The text in lower case.",
    ("lower('ABC')", "abc"),
    build=template("{0}.str.to_lowercase()", STRING, sql=lambda d, text: d.call("lower", text)),
    aliases=("lcase",),
)
register(
    "text",
    "title",
    (TEXT,),
    "string",
    "The first letter of each word in upper case, the others in lower case; a word begins behind "
    "anything that is neither letter nor digit.",
    ("title('o''neil SMITH-jones')", "O'Neil Smith-Jones"),
    build=template("{0}.str.to_titlecase()", STRING, sql=lambda d, text: d.title(text)),
    aliases=("initcap",),
)
_CHARACTERS = Param("characters", "text", constant=True, default=TRIMMED)
for _name, _side, _where, _example in (
    ("trim", "", "both ends", ("trim('  a b ')", "a b")),
    ("ltrim", "_start", "the start", ("ltrim('xxa', 'x')", "a")),
    ("rtrim", "_end", "the end", ("rtrim('a  ')", "a")),
):
    register(
        "text",
        _name,
        (TEXT, _CHARACTERS),
        "string",
        f"The text without these characters at {_where}; by default blanks, tabs, carriage "
        "returns and line feeds.",
        _example,
        build=_trim(_side),
    )
register(
    "text",
    "length",
    (TEXT,),
    "int64",
    "The number of characters.",
    ("length('né')", 2),
    ("length('')", 0),
    build=template(
        "{0}.str.len_chars().cast(pl.Int64)",
        INT64,
        bound=2**32,
        sql=lambda d, text: d.cast(d.call("length", text), INT64),
    ),
    aliases=("len", "char_length"),
)
register(
    "text",
    "substring",
    (TEXT, Param("start", "integer"), Param("length", "integer", default=None)),
    "string",
    "The text from the character `start` (from 1; less counts as 1), at most `length` characters.",
    ("substring('abcdef', 2, 3)", "bcd"),
    ("substring('abc', 3)", "c"),
    ("substring('abc', 9)", ""),
    build=_substring,
    aliases=("substr",),
)
register(
    "text",
    "left",
    (TEXT, Param("count", "integer")),
    "string",
    "The first `count` characters.",
    ("left('abc', 2)", "ab"),
    build=_counted("head"),
)
register(
    "text",
    "right",
    (TEXT, Param("count", "integer")),
    "string",
    "The last `count` characters.",
    ("right('abc', 2)", "bc"),
    build=_counted("tail"),
)
_LENGTH = Param("length", "integer", constant=True)
_FILL = Param("fill", "text", constant=True, default=" ")
register(
    "text",
    "lpad",
    (TEXT, _LENGTH, _FILL),
    "string",
    "The text filled up at the start to `length` characters; a longer one stays as it is.",
    ("lpad('7', 3, '0')", "007"),
    ("lpad('12345', 3, '0')", "12345"),
    build=_pad("start"),
)
register(
    "text",
    "rpad",
    (TEXT, _LENGTH, _FILL),
    "string",
    "The text filled up at the end to `length` characters; a longer one stays as it is.",
    ("rpad('ab', 4, '.')", "ab.."),
    build=_pad("end"),
)
register(
    "text",
    "concat",
    (Param("value", "any"),),
    "string",
    "The values as text, joined; null where one of them is null, like `||`.",
    ("concat('a', 1, '-', true)", "a1-true"),
    ("concat('a', NULL)", None),
    build=_concat,
    variadic=True,
)
_SEPARATOR = Param("separator", "text", constant=True)
register(
    "text",
    "concat_ws",
    (_SEPARATOR, Param("value", "any")),
    "string",
    "The values as text, joined with a separator between; those that are null are left out.",
    ("concat_ws(', ', 'Paris', NULL, 'FR')", "Paris, FR"),
    ("concat_ws('-', CAST(NULL AS string))", ""),
    build=_concat_ws,
    variadic=True,
)
register(
    "text",
    "split",
    (TEXT, _SEPARATOR),
    "list<string>",
    "The parts of the text between separators.",
    ("split('a,b', ',')", ["a", "b"]),
    build=_split,
)
register(
    "text",
    "split_part",
    (TEXT, _SEPARATOR, Param("position", "integer", constant=True)),
    "string",
    "The part at `position` (from 1; from the end when negative); null where there is none.",
    ("split_part('a-b-c', '-', 2)", "b"),
    ("split_part('a-b-c', '-', -1)", "c"),
    ("split_part('a', '-', 2)", None),
    build=_split_part,
)
_PART = Param("part", "text", bare=True)
register(
    "text",
    "starts_with",
    (TEXT, _PART),
    "boolean",
    "Whether the text begins with `part`.",
    ("starts_with('abc', 'ab')", True),
    build=template(
        "{0}.str.starts_with({1})", BOOLEAN, sql=lambda d, text, part: d.starts_with(text, part)
    ),
)
register(
    "text",
    "ends_with",
    (TEXT, _PART),
    "boolean",
    "Whether the text ends with `part`.",
    ("ends_with('abc', 'ab')", False),
    build=template(
        "{0}.str.ends_with({1})", BOOLEAN, sql=lambda d, text, part: d.ends_with(text, part)
    ),
)
register(
    "text",
    "contains",
    (TEXT, _PART),
    "boolean",
    "Whether `part` is in the text, to the letter.",
    ("contains('a.c', '.')", True),
    build=template(
        "{0}.str.contains({1}, literal=True)",
        BOOLEAN,
        sql=lambda d, text, part: d.call("contains", text, part),
    ),
)
_PART_WRITTEN = Param("part", "text", constant=True)
register(
    "text",
    "strpos",
    (TEXT, _PART_WRITTEN),
    "int64",
    "Where `part` first begins in the text, from 1; 0 where it is not; also"
    " POSITION(part IN text).",
    ("strpos('née', 'e')", 3),
    ("POSITION('x' IN 'abc')", 0),
    build=position_of,
    aliases=("instr",),
)
register(
    "text",
    "replace",
    (TEXT, _PART_WRITTEN, Param("by", "text", constant=True)),
    "string",
    "The text with every `part` replaced, to the letter.",
    ("replace('a.b.c', '.', '')", "abc"),
    build=_replace,
)
register(
    "text",
    "reverse",
    (TEXT,),
    "string",
    "The text from back to front; letters keep their marks.",
    ("reverse('abc')", "cba"),
    build=template("{0}.str.reverse()", STRING, sql=lambda d, text: d.reverse(text)),
)
register(
    "text",
    "repeat",
    (TEXT, Param("count", "integer", constant=True)),
    "string",
    f"The text `count` times, at most {MAX_REPEAT}.",
    ("repeat('ab', 2)", "abab"),
    ("repeat('ab', 0)", ""),
    build=_repeat,
)
_PATTERN = Param("pattern", "text", constant=True)
register(
    "text",
    "regexp_matches",
    (TEXT, _PATTERN),
    "boolean",
    "Whether the regular expression matches anywhere in the text.",
    ("regexp_matches('A-12', '^[A-Z]-\\d+$')", True),
    build=_matches,
    aliases=("regexp_like",),
)
register(
    "text",
    "regexp_replace",
    (TEXT, _PATTERN, Param("by", "text", constant=True)),
    "string",
    "The text with every match replaced; `\\1` stands for the first group, `\\0` for the match, "
    "`\\\\` for a backslash.",
    ("regexp_replace('a1b22', '\\d+', '#')", "a#b#"),
    ("regexp_replace('Doe, Jane', '(\\w+), (\\w+)', '\\2 \\1')", "Jane Doe"),
    build=_regexp_replace,
)
register(
    "text",
    "regexp_extract",
    (TEXT, _PATTERN, Param("group", "integer", constant=True, default=0)),
    "string",
    "The first match, or one group of it; null where nothing matches, and where a group that the "
    "match may pass by takes nothing.",
    ("regexp_extract('order 42', '\\d+')", "42"),
    ("regexp_extract('a=1', '(\\w)=(\\d)', 2)", "1"),
    ("regexp_extract('abc', '\\d')", None),
    build=_regexp_extract,
)
