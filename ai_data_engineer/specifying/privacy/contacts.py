"""Where a person or a machine is reached: e-mail, network addresses, positions, streets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.specifying.privacy.matches import Match

_LOCAL: Final = re.compile(
    r"(?:\"[^\"\s@]{1,64}\"|"
    # An apostrophe is part of a name only between letters; else it is the quote of a literal.
    r"(?:[^\s@<>,;:\"'`()\[\]{}|\\=]|(?<=[A-Za-z])'(?=[A-Za-z])){1,64})$"
)
_DOMAIN: Final = re.compile(
    r"(?:\[[0-9a-fA-F.:]{3,45}\]|[^\W_](?:[\w-]{0,62}\.)+[^\W\d_]{2,24}|"
    r"(?P<bare>[A-Za-z][A-Za-z0-9-]{2,62}))"
    r"(?![\w@])"
)
_PROFILE: Final = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)?(?:linkedin\.com/in|facebook\.com|instagram\.com|twitter\.com|"
    r"x\.com|t\.me|tiktok\.com|wa\.me|paypal\.me|venmo\.com)/[\w.@%-]{2,}",
    re.IGNORECASE,
)
_EMAIL_APART: Final = re.compile(
    r"\b[\w.+-]{2,64} ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w-]{2,63}"
    r"(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?[a-z]{2,24}){1,3}\b",
    re.IGNORECASE,
)
_APART_SIGNS: Final = ("(at)", "[at]", "{at}", " dot ", "(dot)", "[dot]")
_EMAIL_ENCODED: Final = re.compile(
    r"(?:mailto:)?[\w.+-]{1,64}(?:%40|&#64;|&commat;|_at_)[\w-]{1,63}(?:[._]|%2E)[a-z]{2,24}(?![a-z])",
    re.I,
)
_ENCODED_SIGNS: Final = ("%40", "&#64;", "&commat;", "_at_")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4: Final = re.compile(rf"(?<![\d.\w])(?:{_OCTET}\.){{3}}{_OCTET}(?:/\d{{1,2}})?(?![\d\w]|\.\d)")
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}|(?=::))(?::[0-9a-fA-F]{0,4}){2,7}(?:%\w+|\.\d[\d.]+)?(?![\w:])"
)
_MAC: Final = re.compile(
    r"(?<![\w:-])(?:[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5,7}|"
    r"[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2})(?![\w:-])"
)
_POSITION: Final = re.compile(
    r"[+-]?(?<![\w.])\d{1,3}\.\d{3,}°? ?[NSns]?\s?[,;/ ]\s?"
    r"[+-]?\d{1,3}\.\d{3,}°? ?[EWOewo]?(?![\w.])"
)
_DEGREES: Final = re.compile(
    r"\d{1,3}° ?\d{1,2}(?:'{1,2}|′|’) ?(?:\d{1,2}(?:\.\d+)?(?:\"|″|”|''|’’))? ?[NSEWO]"
    r"(?:[, ]*\d{1,3}° ?\d{1,2}(?:'{1,2}|′|’) ?(?:\d{1,2}(?:\.\d+)?(?:\"|″|”|''|’’))? ?[NSEWO])?"
)
_PLUS_CODE: Final = re.compile(r"\b[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,3}\b")
_THREE_WORDS: Final = re.compile(r"(?<!/)///[a-z]+\.[a-z]+\.[a-z]+\b")

_CAPITALISED: Final = r"[^\W\d_a-z][\w.'’-]*"
_NUMBER_FIRST: Final = re.compile(
    rf"(?<!\w)\d{{1,5}}[A-Za-z]?,? (?:(?:{_CAPITALISED} ){{1,4}}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|"
    r"Way|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Close|Crescent|Trail|Row|Walk|Grove|"
    r"Gardens?|Mews|Hill)\b\.?(?:,? (?:Apt|Suite|Unit|Flat|#)\.? ?\w+)?"
    rf"(?:, {_CAPITALISED}(?: {_CAPITALISED})?(?:,? [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?)?)?"
    r"|(?:bis |ter )?(?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|route) "
    r"(?:(?:de|du|des|la|le|les|d['’]\w+|l['’]\w+) ?){0,3}(?:[^\W\d_a-z][\w'’-]*,? ?){1,4}"
    r"(?:\d{5} [^\W\d_a-z]\w+)?)"
)
_STREET_ENDINGS: Final = (
    "straße", "strasse", "str.", "gasse", "allee", "platz", "weg", "damm", "laan", "straat",
    "gracht", "plein", "vej", "gade", "vägen", "gatan", "katu", "gata",
)  # fmt: skip
_NAME_FIRST: Final = re.compile(
    rf"(?:[^\W\d_a-z][\w.'’]+[ -]){{0,3}}\w*(?i:{'|'.join(map(re.escape, _STREET_ENDINGS))}) "
    r"\d{1,4}(?: ?[a-z])?\b(?:,? \d{4,5} [^\W\d_a-z]\w+)?"
)
_STREET_BEGINNINGS: Final = (
    "via ", "viale ", "piazza ", "corso ", "calle ", "avenida ", "avda. ", "paseo ", "plaza ",
    "rua ", "av. ", "unter den ", "ul. ", "ulica ", "ulice ", "ulitsa ", "ул. ", "улица ", "c/ ",
)  # fmt: skip
_KIND_FIRST: Final = re.compile(
    rf"(?<!\w)(?i:{'|'.join(map(re.escape, _STREET_BEGINNINGS))})"
    r"(?:[^\W\d_a-z][\w.'’-]*,? ?|d[aeiou]l?l?[aeo]? ){1,5}(?:n[º°.]? ?|д\. ?)?\d{1,4}\b"
)
_POST_BOX: Final = re.compile(r"\bP\.? ?O\.? Box \d{2,6}\b|\bPostfach \d{3,6}\b")
_POSTCODE_UK: Final = re.compile(
    r"(?<![\w-])(?:[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNP-Y\d]?) \d[ABD-HJLNP-UW-Z]{2}(?![\w-])"
)


def contacts(text: str) -> Iterator[Match]:
    """Yield e-mail addresses, IPs, MACs, positions and street addresses."""
    yield from _emails(text)
    if "." in text:
        yield from _all("ip", _IPV4, text)
        yield from _all("location", _POSITION, text)
    if ".com/" in text or ".me/" in text:
        yield from _all("account", _PROFILE, text)
    if ":" in text:
        for found in _IPV6.finditer(text):
            if _is_ipv6(found[0]):
                yield Match("ip", found.start(), found.end())
    yield from _all("device", _MAC, text)
    if "°" in text:
        yield from _all("location", _DEGREES, text)
    if "+" in text:
        yield from _all("location", _PLUS_CODE, text)
    if "///" in text:
        yield from _all("location", _THREE_WORDS, text)
    yield from streets(text)


def _emails(text: str) -> Iterator[Match]:
    at = text.find("@")
    while at >= 0:
        # From the sign in both directions: a pattern would try every word of the text.
        local = _LOCAL.search(text, max(0, at - 66), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            is_account = domain["bare"] is not None
            if not is_account or sum(map(str.isalnum, local[0])) >= 2:
                yield Match("account" if is_account else "email", local.start(), domain.end())
        at = text.find("@", at + 1)
    lower = text.lower()
    if any(sign in lower for sign in _APART_SIGNS):
        yield from _all("email", _EMAIL_APART, text)
    if any(sign in lower for sign in _ENCODED_SIGNS):
        yield from _all("email", _EMAIL_ENCODED, text)


def streets(text: str) -> Iterator[Match]:
    """Yield street addresses, post boxes and British postcodes."""
    lower = text.lower()
    yield from _all("address", _NUMBER_FIRST, text)
    for ending in _STREET_ENDINGS:
        at = lower.find(ending)
        while at >= 0:
            if lower[at + len(ending) : at + len(ending) + 2].strip()[:1].isdigit():
                start = max(0, text.rfind("\n", 0, at) + 1, at - 60)
                for found in _NAME_FIRST.finditer(text, start, at + len(ending) + 40):
                    yield Match("address", found.start(), found.end())
                    at = max(at, found.end() - 1)
            at = lower.find(ending, at + 1)
    if any(beginning in lower for beginning in _STREET_BEGINNINGS):
        yield from _all("address", _KIND_FIRST, text)
    if "box" in lower or "postfach" in lower:
        yield from _all("address", _POST_BOX, text)
    yield from _all("address", _POSTCODE_UK, text)


def _all(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Match]:
    return (Match(kind, m.start(), m.end()) for m in pattern.finditer(text))


def _is_ipv6(text: str) -> bool:
    if not any(c in "0123456789abcdefABCDEF" for c in text) or (
        text.count(":") < 3 and "::" not in text
    ):
        return False
    try:
        ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return False
    return True
