"""Date formats: a strptime format, the exact pattern of its texts, and its form for polars.

strptime implementations differ in what they let pass (`2024-1-5` for `%Y-%m-%d`, leading blanks,
seconds of 60). Here the pattern decides, and strptime only converts what matches it.
"""

from __future__ import annotations

import re
from functools import cached_property

from ai_data_engineer.parsing import DateLanguage
from ai_data_engineer.spec.date_words import ZONES, month_names, weekday_names
from ai_data_engineer.types import LogicalType

EPOCH_FACTORS: dict[str | None, int] = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""Microseconds in the unit of each epoch format."""

_ONE_OR_TWO = "[0-9]{1,2}"
_PATTERNS = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": _ONE_OR_TWO,
    "d": _ONE_OR_TWO,
    "H": _ONE_OR_TWO,
    "I": _ONE_OR_TWO,
    "M": "[0-9]{2}",
    "S": "[0-5][0-9]",
    "f": "[0-9]{1,9}",
    "j": "[0-9]{3}",
    "p": "(?:[AaPp][Mm]|[AaPp]\\.[ \u00a0]?[Mm]\\.)",
    "b": "[A-Za-z]{3}",
    "B": "[A-Za-z]{3,9}",
    "a": "[A-Za-z]{3}",
    "A": "[A-Za-z]{6,9}",
    "z": "[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?",
    "Z": f"(?:{'|'.join(ZONES)})",
    "o": "(?i:st|nd|rd|th)",
    "%": "%",
}
_NUMERIC = frozenset("YymdHIMSfj")


def escape_pattern(text: str) -> str:
    """Return text as a regular expression that matches exactly it.

    `re.escape` would also escape blanks, which the Rust engine behind polars refuses.
    """
    return "".join(f"\\{c}" if c in r"\.+*?()|[]{}^$" else c for c in text)


class DateFormat:
    """A strptime format taken apart, with the language of its words (None: English).

    Raises ValueError for a directive that is not known, or stands where it cannot be read.
    """

    def __init__(self, written: str, language: DateLanguage | None = None) -> None:
        self.written = written
        self.language = language
        self.parts = re.findall(r"%.?|[^%]+", written, re.DOTALL)
        for part in self.parts:
            if part[0] == "%" and part[1:] not in _PATTERNS:
                raise ValueError(
                    f"`{part}` is not a date directive here; use %Y %y %m %d %j %b %B %H %I %M %S "
                    "%f %p %z %Z %a %A %o or %%"
                )
        names = [p[1] for p in self.parts if p[0] == "%" and p != "%%"]
        self.names = frozenset(names)
        if len(names) != len(self.names):
            raise ValueError("a date format names each directive once")
        before = next((a for a, b in self._pairs() if b == "%f"), ".")
        if before[-1] not in ".,":
            raise ValueError("%f (a fraction of a second) stands behind a point or a comma")
        self.comma_fraction = before[-1] == ","
        if self.comma_fraction and written.count(",") > 1:
            raise ValueError("a format with `,%f` has no other comma")
        if "Z" in self.names and self.parts[-1] != "%Z":
            raise ValueError("%Z (the name of a zone) stands at the end")
        if any((b == "%o") and a != "%d" for a, b in self._pairs()):
            raise ValueError("%o (the ending of an ordinal) stands behind %d")
        if language and any(p in ("%a", "%A") for p in self.parts[1:]):
            raise ValueError("a weekday that is not in English stands at the beginning")

    def _pairs(self) -> list[tuple[str, str]]:
        return list(zip(["", *self.parts], self.parts, strict=False))

    @property
    def ends_with_zone(self) -> bool:
        """Whether the text ends in an offset, where `Z` is taken for UTC too."""
        return self.parts[-1:] == ["%z"]

    @cached_property
    def pattern(self) -> str:
        """The regular expression of the whole text, in one group.

        A weekday in another language stands before the group: it is not compared with the date.
        """
        out, before = [], ""
        for index, part in enumerate(self.parts):
            if part[0] != "%":
                out.append(escape_pattern(self.literal(index)))
                continue
            if self.language and part in ("%a", "%A"):
                before = f"(?i:{'|'.join(weekday_names(self.language))})\\.?"
                continue
            if self.language and part in ("%b", "%B"):
                out.append(f"(?i:{'|'.join(month_names(self.language))})\\.?")
                continue
            pattern = _PATTERNS[part[1]]
            if part == "%o" and self.language == "fr":
                pattern = "(?i:er)?"  # the first of the month alone has an ending
            if pattern == _ONE_OR_TWO and self.is_fused(index):
                pattern = "[0-9]{2}"
            if part == "%z" and index == len(self.parts) - 1:
                pattern = f"(?:Z|{pattern})"
            elif part == "%z":
                # Of an offset of hours alone, strptime would take the digits behind it for minutes.
                pattern = pattern.removesuffix("?")
            out.append(pattern)
        return f"^{before}({''.join(out)})$"

    def is_fused(self, index: int) -> bool:
        """Return whether digits stand beside a part without a separator, as in `%Y%m%d`: then only
        two of them are unambiguous.
        """
        around = self.parts[max(index - 1, 0) : index] + self.parts[index + 1 : index + 2]
        return any(p[0] == "%" and p[1] in _NUMERIC for p in around)

    def literal(self, index: int) -> str:
        """Return what stands between directives, without the point of an abbreviated month."""
        before, text = self.parts[index - 1] if index else "", str(self.parts[index])
        is_behind_word = self.language and before in ("%a", "%A", "%b", "%B")
        return text.removeprefix(".") if is_behind_word else text

    @cached_property
    def chrono(self) -> str:
        """The format as polars reads it: there the fraction includes its point.

        Words in another language have become small English abbreviations, endings of ordinals are
        gone, names of zones are offsets.
        """
        form = self.written
        if self.language:
            form = "".join(
                part if part[0] == "%" else self.literal(index).lower()
                for index, part in enumerate(self.parts)
                if part not in ("%a", "%A")
            ).replace("%B", "%b")
        # `%#z` is the `%z` that takes an offset of hours alone.
        form = form.replace("%o", "").replace("%Z", "%z").replace("%z", "%#z")
        return form.replace(",%f", "%.f").replace(".%f", "%.f")

    def check(self, to: LogicalType) -> None:
        """Raise ValueError when the format cannot determine a value of that type."""
        names = self.names
        has_year = len(names & {"Y", "y"}) == 1
        month_day = len(names & {"m", "b", "B"}) == 1 and "j" not in names
        has_day = has_year and (month_day or ("j" in names and not names & {"m", "b", "B", "d"}))
        has_clock = (("H" in names) != ({"I", "p"} <= names)) and "M" in names
        if "I" in names and "p" not in names:
            raise ValueError(f"`{self.written}` has %I without %p: morning and evening look alike")
        if names & {"f"} and "S" not in names:
            raise ValueError(f"`{self.written}` has %f without %S")
        if to.name != "time" and not has_day:
            raise ValueError(
                f"`{self.written}` names no day: it needs a year and a month, or a year and %j"
            )
        if (to.name == "time" or names & set("HIMSp")) and not has_clock:
            raise ValueError(f"`{self.written}` names no time of day: it needs %H:%M or %I:%M %p")
        if to.name == "time" and names & set("YymdjbBaAzZo"):
            raise ValueError(f"`{self.written}` is more than a time of day")
