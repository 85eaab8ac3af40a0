"""Where a person or a machine is reached: e-mail, network addresses, positions, streets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.specifying.privacy.matches import Match

_EMAIL: Final = re.compile(
    r"(?:\"[^\"\s@]{1,64}\"|[^\s@<>,;:\"'`()\[\]{}|\\=]{1,64}(?<![.])|"
    r"[^\s@<>,;:\"'`()\[\]{}|\\=]{1,64})"
    r"@(?:\[[0-9a-fA-F.:]{3,45}\]|[^\W_](?:[\w-]{0,62}\.)+[^\W\d_]{2,24})"
)
_EMAIL_APART: Final = re.compile(
    r"\b[\w.+-]{2,64} ?(?:\(at\)|\[at\]|\{at\}| at )[ ]?[\w-]{2,63}"
    r"(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot )[ ]?[a-zA-Z]{2,24}|\.(?:com|net|org|edu|de|fr|uk|"
    r"co\.uk|io))\b",
    re.IGNORECASE,
)
_EMAIL_ENCODED: Final = re.compile(
    r"[\w.+-]{1,64}(?:%40|&#64;|&commat;|_at_)[\w-]{1,63}(?:[._]|%2E)[a-z]{2,24}(?![a-z])", re.I
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4: Final = re.compile(rf"(?<![\d.\w])(?:{_OCTET}\.){{3}}{_OCTET}(?:/\d{{1,2}})?(?![\d\w]|\.\d)")
_IPV6: Final = re.compile(
    r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:%\w+|\.\d[\d.]+)?(?![\w:])"
)
_MAC: Final = re.compile(
    r"(?<![\w:-])(?:[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5,7}|"
    r"[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2})(?![\w:-])"
)
_POSITION: Final = re.compile(
    r"(?<![\w.])[+-]?\d{1,3}\.\d{3,}°? ?[NSns]?\s?[,;/ ]\s?"
    r"[+-]?\d{1,3}\.\d{3,}°? ?[EWOewo]?(?![\w.])"
    r"|\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d+)?[\"″”]|\d{1,2}(?:\.\d+)?(?:''|"
    r"’’))? ?[NSEWO](?:[, ]*"
    r"\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d+)?[\"″”]|\d{1,2}(?:\.\d+)?(?:''|’’))? ?[NSEWO])?"
    r"|\b[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,3}\b"
    r"|\bgeo:-?\d+\.\d+,-?\d+\.\d+|\bPOINT ?\(-?\d+\.\d+ -?\d+\.\d+\)|"
    r"(?<!/)///[a-z]+\.[a-z]+\.[a-z]+\b"
)
_KIND_OF_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|"
    r"Way|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Close|Crescent|Trail|Row|Walk|Grove|"
    r"Gardens?|Mews|Hill)"
)
_STREET: Final = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?,? (?:[^\W\d_a-z][\w.'’-]* ){{1,4}}{_KIND_OF_STREET}\b\.?"
    r"(?:,? (?:Apt|Suite|Unit|Flat|"
    r"#)\.? ?\w+)?(?:, [^\W\d_a-z][\w .'’-]+(?:, )?(?:[A-Z]{2} \d{5}(?:-\d{4})?)?)?"
    r"|\b(?:[^\W\d_a-z][\w.'’]+[ -]){0,3}\w*(?:stra(?:ß|ss)e|str\.|gasse|allee|platz|weg|damm|"
    r"laan|straat|"
    r"gracht|plein|vej|gade|vägen|gatan|katu|gata) \d{1,4} ?[a-z]?\b(?:,? \d{4,5} [^\W\d_a-z]\w+)?"
    r"|\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|route) "
    r"(?:[\w'’-]+ ?){1,5}(?:, \d{5} [^\W\d_a-z]\w+)?"
    r"|\b(?i:via|viale|piazza|corso|calle|avenida|avda\.|paseo|plaza|rua|ul\.|ulica|ulice|ulitsa|"
    r"ул\.|улица|c/) ?"
    r"(?:[^\W\d_a-z][\w.'’-]* ?|d[aeiou]l?l?[aeo]? ){1,5},? ?(?:n[º°.]? ?|д\. ?)?\d{1,4}\b"
    r"|\bP\.? ?O\.? Box \d{2,6}\b|\bPostfach \d{3,6}\b"
)
_POSTCODE_UK: Final = re.compile(
    r"(?<![\w-])(?:[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNP-Y\d]?) \d[ABD-HJLNP-UW-Z]{2}(?![\w-])"
)


def contacts(text: str) -> Iterator[Match]:
    """Yield e-mail addresses, IPs, MACs, positions and street addresses."""
    if "@" in text:
        yield from _all("email", _EMAIL, text)
    lower_at = "at" in text or "AT" in text or "%40" in text or "&" in text
    if lower_at:
        yield from _all("email", _EMAIL_APART, text)
        if "%40" in text or "&#64;" in text or "&commat;" in text or "_at_" in text:
            yield from _all("email", _EMAIL_ENCODED, text)
    if "." in text:
        yield from _all("ip", _IPV4, text)
    if ":" in text:
        for found in _IPV6.finditer(text):
            if found[0].count(":") >= 2 and _is_ipv6(found[0]):
                yield Match("ip", found.start(), found.end())
    yield from _all("device", _MAC, text)
    yield from _all("location", _POSITION, text)
    yield from _all("address", _STREET, text)
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
