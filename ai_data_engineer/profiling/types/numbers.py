"""Numbers in text: their marks, their signs and units, and the type that loses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.profiling.texts import SEPARATOR, Texts
from ai_data_engineer.profiling.types.negatives import Negative
from ai_data_engineer.profiling.types.units import CURRENCY_CODES as CURRENCY_CODES
from ai_data_engineer.profiling.types.units import CURRENCY_SIGNS, UNITS
from ai_data_engineer.types import DECIMAL_38_0, FLOAT64, INT64, LogicalType

DecimalMark = Literal[".", ","]
ThousandsMark = Literal[",", ".", " ", "'", "_", "\u00a0", "\u202f", "\u2009", "\u2019"]


MAX_INT64 = 2**63 - 1
_SAFE_DIGITS = 15
"""Significant digits that every double keeps."""

_AFFIXES = re.compile(
    r"(?P<lead>[+-]?)"
    r"(?P<prefix>[^\d.,+\-]{0,6}[^\W\d_]\.[ \u00a0]?|[^\d.,+\-]{0,8}?)(?P<sign>[+-]?)"
    r"(?P<number>[.,]?\d(?:[\d.,'_ \u00a0\u202f\u2009\u2019]*\d)?(?:[eE][+-]?\d+)?)"
    r"(?P<suffix>[^\d]{0,7}[a-z][23]|[^\d]{0,8})"
)
_STYLES: tuple[tuple[DecimalMark, ThousandsMark | None], ...] = (
    (".", None), (",", None), (".", ","), (",", "."), (".", " "), (",", " "), (".", "\u00a0"),
    (",", "\u00a0"), (".", "\u202f"), (",", "\u202f"), (".", "'"), (",", "'"), (".", "_"),
    (".", "\u2009"), (",", "\u2009"), (".", "\u2019"), (",", "\u2019"),
)  # fmt: skip


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a column are written, and how many digits they need."""

    decimal_mark: DecimalMark = "."
    thousands_mark: ThousandsMark | None = None
    prefix: str | None = None
    suffix: str | None = None
    negative: Negative | None = None
    misses: int = 0
    """Texts that are not numbers of this form."""
    fractions: frozenset[int] = frozenset()
    """Numbers of digits behind the decimal mark that were seen; 0 for none."""
    whole_digits: int = 1
    """Most digits before the decimal mark."""
    significant_digits: int = 1
    has_exponent: bool = False
    is_ambiguous: bool = False
    """Whether `1,234` could as well be read with the other decimal mark."""

    @property
    def scale(self) -> int:
        """Most digits behind the decimal mark."""
        return max(self.fractions, default=0)

    @property
    def is_whole(self) -> bool:
        """Whether no number has a fraction or an exponent."""
        return self.scale == 0 and not self.has_exponent

    @property
    def is_money(self) -> bool:
        """Whether a currency sign or code stands at every number."""
        return any(
            affix is not None and affix.strip() in CURRENCY_SIGNS | CURRENCY_CODES
            for affix in (self.prefix, self.suffix)
        )

    @property
    def unit(self) -> str | None:
        """The unit or currency at the numbers."""
        return (self.prefix or "").strip() or (self.suffix or "").strip() or None

    def parse(self, null_tokens: tuple[str, ...]) -> Parse:
        """Return how such numbers are read."""
        return Parse(
            null_tokens=null_tokens,
            decimal_mark=self.decimal_mark,
            thousands_mark=self.thousands_mark,
            prefix=self.prefix,
            suffix=self.suffix,
            negative=self.negative,
        )


def number_form(
    texts: Texts, allowed_misses: int, prefer: DecimalMark | None = None
) -> NumberForm | None:
    """Return how the texts are written as numbers, or None when too many are none.

    `prefer` is the decimal mark of the table's other columns: it decides where this column's own
    texts (`1,234` alone) do not.
    """
    with_digit = sum(count for shape, count in texts.shapes.items() if "9" in shape)
    if not texts.values or len(texts) - with_digit > allowed_misses:
        return None
    common = max(texts.shapes, key=texts.shapes.__getitem__)
    affixes = _AFFIXES.fullmatch(texts.examples[common][:64])
    if affixes is None:
        return None
    prefix, suffix = affixes["prefix"], affixes["suffix"]
    if not _is_known(prefix, CURRENCY_SIGNS | CURRENCY_CODES) or not _is_known(
        suffix, UNITS | CURRENCY_SIGNS | CURRENCY_CODES
    ):
        return None
    bodies = _bodies(texts, prefix, suffix)
    style, is_ambiguous = _best_style(bodies, prefer, texts.joined)
    form = replace(
        _measure(bodies, style, len(texts)),
        prefix=prefix or None,
        suffix=suffix or None,
        is_ambiguous=is_ambiguous,
    )
    return form if form.misses <= allowed_misses else None


def units(texts: Texts) -> frozenset[str]:
    """Return the units and currencies of a column in which each number has one of several."""
    found = set[str]()
    for text in texts.counts:
        affixes = _AFFIXES.fullmatch(text[:64])
        if affixes is None:
            return frozenset()
        affix = affixes["prefix"].strip() or affixes["suffix"].strip()
        if affix not in UNITS | CURRENCY_SIGNS | CURRENCY_CODES:
            return frozenset()
        found.add(affix)
    return frozenset(found)


def has_real_exponents(texts: Texts) -> bool:
    """Return whether what looks like an exponent is one.

    A shape cannot tell `1e5` from `1a5`, nor a code such as `12E5` from a number: an exponent
    needs an `e`, and a fraction or a sign somewhere in the column.
    """
    found = [t for t in texts.counts if re.fullmatch(r".*\d[A-Za-z][+-]?\d+", t)]
    return all(re.search(r"\d[eE]", t) for t in found) and any(
        re.search(r"[.,]|[eE][+-]", t) for t in found
    )


def number_type(form: NumberForm, texts: Texts, is_money: bool) -> LogicalType | None:
    """Return the narrowest type that keeps every digit; None when only text does.

    Fractions too long for a decimal become floats all the same: `loses_digits` tells.
    """
    if form.is_whole:
        if form.whole_digits < 19:
            return INT64
        whole = [int(t) for t in texts.counts if re.fullmatch(r"[+-]?\d+", t)]
        if form.whole_digits == 19 and whole and max(map(abs, whole)) <= MAX_INT64:
            return INT64
        return DECIMAL_38_0 if form.whole_digits <= 38 else None
    if form.has_exponent:
        return FLOAT64
    precision = form.whole_digits + form.scale
    few_decimals = len(form.fractions) == 1 or (form.scale <= 2 and len(texts) >= 20)
    money = form.is_money or (is_money and form.suffix is None)
    if money and few_decimals and form.scale <= 6 and precision <= 38:
        return LogicalType(
            "decimal", precision=18 if precision <= 16 else 38, scale=max(form.scale, 2)
        )
    if precision <= 38 and form.scale <= 30 and loses_digits(form, texts):
        return LogicalType("decimal", precision=38, scale=form.scale)
    return FLOAT64


def loses_digits(form: NumberForm, texts: Texts) -> bool:
    """Return whether a number has digits that a 64-bit float drops.

    A text that a double wrote itself loses nothing: the shortest that reads back as the double,
    or its 17 significant digits.
    """
    return form.significant_digits > _SAFE_DIGITS and not all(
        survives_as_float(t, form) for t in texts.counts if len(t) > _SAFE_DIGITS
    )


def survives_as_float(text: str, form: NumberForm) -> bool:
    """Return whether a number so written, read as a double, keeps its digits."""
    digits = text.removeprefix(form.prefix or "").removesuffix(form.suffix or "").lstrip("+")
    if form.thousands_mark:
        digits = digits.replace(form.thousands_mark, "")
    digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return True
    if sum(c.isdigit() for c in digits.strip("-.0").replace(".", "")) <= _SAFE_DIGITS:
        return True
    kept = Decimal(digits)
    return kept in (Decimal(repr(value)), Decimal(f"{value:.16e}"))


def _is_known(affix: str, known: frozenset[str]) -> bool:
    return not affix or affix.strip() in known


def _bodies(texts: Texts, prefix: str, suffix: str) -> list[tuple[str, int]]:
    """Return the shapes of the numbers without prefix and suffix, and their counts."""
    if not prefix and not suffix:
        return list(texts.shapes.items())
    bodies: dict[str, int] = {}
    # As casts read them: with or without blanks between, and an amount may lack its currency.
    bare_prefix, bare_suffix = (re.escape(affix.strip(TRIMMED)) for affix in (prefix, suffix))
    maybe = "?" if {prefix.strip(), suffix.strip()} & (CURRENCY_SIGNS | CURRENCY_CODES) else ""
    before = rf"(?:{bare_prefix}[ \t]*){maybe}" if prefix else ""
    behind = rf"(?:[ \t]*{bare_suffix}){maybe}" if suffix else ""
    affixed = re.compile(f"([+-]?){before}(.*?){behind}", re.DOTALL)
    for text, count in texts.counts.items():
        if (m := affixed.fullmatch(text)) or (m := _ZERO.fullmatch(text)):
            body = re.sub(r"[0-9]", "9", m[1] + m[2])
            bodies[body] = bodies.get(body, 0) + count
    return list(bodies.items())


_ZERO = re.compile(r"(-?)(0(?:[.,]0+)?)")
"""Nought needs no unit."""

Style = tuple[DecimalMark, ThousandsMark | None, bool]


def _best_style(
    bodies: list[tuple[str, int]], prefer: DecimalMark | None, joined: str
) -> tuple[Style, bool]:
    """Return the marks that read most bodies, and whether the other decimal mark reads as many."""
    seen = set("".join(body for body, _ in bodies[:200]))
    covered: dict[Style, int] = {}
    for decimal, thousands in _STYLES:
        if (thousands or decimal) not in seen and (thousands or decimal == ","):
            continue
        for strict in (True, False) if thousands else (True,):
            pattern = _body(decimal, thousands, strict)
            covered[decimal, thousands, strict] = sum(n for b, n in bodies if pattern.fullmatch(b))
    most = max(covered.values())
    winners = [s for s, n in covered.items() if n == most]
    if {s[0] for s in winners} == {".", ","} and not seen.isdisjoint(",."):
        return _settle(winners, prefer, joined), True
    return winners[0], False


def _settle(winners: list[Style], prefer: DecimalMark | None, joined: str) -> Style:
    """Decide between `1.234` as a fraction and as thousands."""
    if re.search(rf"{SEPARATOR}[+-]?0[.,]\d", joined):
        # No group of thousands begins with a nought, so the mark begins a fraction.
        return next(s for s in winners if s[1] is None and s[0] in joined)
    english = next(s for s in winners if s[0] == ".")
    continental = next(s for s in winners if s[0] == ",")
    return continental if prefer == "," else english


@cache
def _body(decimal: str, thousands: str | None, strict: bool) -> re.Pattern[str]:
    d = re.escape(decimal)
    whole = "9+"
    if thousands:
        groups = rf"9{{1,3}}(?:{re.escape(thousands)}9{{3}})+"
        if thousands == ",":
            groups += "|9{1,2}(?:,99)+,999"  # as in India: 12,34,567
        whole = rf"(?:{groups}|9{{1,3}})" if strict else rf"(?:{groups}|9+)"
    exponent = "(?P<exponent>[aAeE][+-]?9{1,3})?" if thousands is None else ""
    return re.compile(
        rf"[+-]?(?P<whole>{whole})?(?:(?<=9){d}(?P<some>9*)|(?<!9){d}(?P<only>9+))?{exponent}"
    )


def _measure(bodies: list[tuple[str, int]], style: Style, total: int) -> NumberForm:
    decimal, thousands, strict = style
    pattern = _body(decimal, thousands, strict)
    fractions, read, whole_digits, significant, exponent = set[int](), 0, 1, 1, False
    for body, count in bodies:
        m = pattern.fullmatch(body)
        if m is None or "9" not in body:
            continue
        read += count
        whole = (m["whole"] or "").count("9")
        fraction = len(m["some"] or m["only"] or "")
        fractions.add(fraction)
        whole_digits = max(whole_digits, whole)
        significant = max(significant, whole + fraction)
        exponent = exponent or bool(thousands is None and m["exponent"])
    return NumberForm(
        decimal_mark=decimal,
        thousands_mark=thousands,
        misses=total - read,
        fractions=frozenset(fractions),
        whole_digits=whole_digits,
        significant_digits=significant,
        has_exponent=exponent,
    )
