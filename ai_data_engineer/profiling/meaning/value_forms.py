"""Meanings that values show by their form alone: what an e-mail, a hash or a version looks like."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Final

from ai_data_engineer.profiling.meaning.check_digits import is_card, is_ean, is_iban, is_isbn
from ai_data_engineer.profiling.meaning.national_numbers import NATIONAL_INSURANCE
from ai_data_engineer.profiling.meaning.phones import is_phone
from ai_data_engineer.profiling.meaning.places import is_locale
from ai_data_engineer.profiling.meaning.support import Test
from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.vocabulary import word_set

_LONGEST = 2000
"""Characters of a text that a pattern is tried on."""


@dataclass(frozen=True)
class Form:
    """A meaning and the form that its values have."""

    semantic: Semantic
    has_form: Test
    sign: str = ""
    """A character that every value has; looked for before the form, which costs more."""
    chance: float = 1e-6
    """Share of other texts that have the form too: the higher, the more values must have it."""
    support: float = 0.9
    """Share of the values that must have the form."""
    hints: frozenset[str] = frozenset()
    """Words of a column's name with which chance is out of the question."""


def matching(pattern: str, flags: int = 0) -> Test:
    """Return a test for whole texts, of a length that none of the patterns takes long for."""
    compiled = re.compile(pattern, flags)
    return lambda text: len(text) <= _LONGEST and compiled.fullmatch(text) is not None


def _is_ip(text: str) -> bool:
    if ":" not in text[:64]:
        return _IPV4.fullmatch(text) is not None
    if len(text) > 64:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_ip_network(text: str) -> bool:
    if "/" not in text or len(text) > 64:
        return False
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


def _is_json(text: str) -> bool:
    if text[:1] + text[-1:] not in ("{}", "[]"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_base64(text: str) -> bool:
    if len(text) < 24 or len(text) % 4 or not _BASE64.fullmatch(text):
        return False
    return (
        any(c.isdigit() for c in text)
        and any(c.isupper() for c in text)
        and any(c.islower() for c in text)
    )


def _is_position(text: str) -> bool:
    found = _PAIR.fullmatch(text)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HEX = r"[0-9a-fA-F]"
_MAC = matching(rf"{_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}|(?:{_HEX}{{4}}\.){{2}}{_HEX}{{4}}")
_LENGTHS = "|".join(f"{_HEX}{{{n}}}" for n in (32, 40, 56, 64, 96, 128))
_HASH = matching(rf"(?=.*[a-fA-F])(?:{_LENGTHS})")
_DEGREES = r"([+-]?\d{1,3}\.\d{2,})"
_PAIR = re.compile(rf"[(\[]?\s*{_DEGREES}\s*[,; ]\s*{_DEGREES}\s*[)\]]?", re.ASCII)
_WKT = matching(
    r"(?:SRID=\d+; ?)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)(?: ?ZM?| ?M)? ?"
    r"\([\s(]*[+-]?\d+(?:\.\d+)? [\d\s.,()eE+-]*\)",
    re.IGNORECASE,
)
_PATH = matching(
    r"(?:[A-Za-z]:\\|\\\\|~?/(?=[^/\s])|\.{1,2}/)[^\n:*?\"<>|]+|[\w .-]+(?:/[\w .-]+)+\.\w{1,5}"
)
_MIME = matching(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+"
    r"(?:; ?[\w-]+=\S+)?"
)
_USER_AGENT = matching(
    r"(?:Mozilla/\d\.\d |Opera/\d|curl/\d|Wget/\d|python-requests/\d|okhttp/\d|Dalvik/\d|"
    r"PostmanRuntime/\d|Go-http-client/\d|Java/\d|\w+[Bb]ot/\d).*",
    re.DOTALL,
)
_VERSION = matching(
    r"[vV]?\d{1,4}(?:\.\d{1,5}){2,3}(?:[-+.](?:[A-Za-z][\w.+-]*))?|[vV]\d{1,4}\.\d{1,5}"
    r"|\d{1,3}\.\d{1,3}(?:a|b|rc|alpha|beta|dev|post)\.?\d+",
    re.ASCII,
)
_SPANS = (
    r"(?:d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|w|weeks?|months?|y|years?|"
    r"Tage?|Stunden?|Minuten?|jours?|heures?|horas?|ore)\b"
)
_DURATION = matching(
    r"-?P(?=\w)(?:\d+(?:[.,]\d+)?[YMWD])*(?:T(?:\d+(?:[.,]\d+)?[HMS])+)?"
    rf"|(?:\d+(?:\.\d+)? ?{_SPANS},? ?){{2,}}"
    r"|\d+(?:\.\d+)? (?:days?|hours?|minutes?|seconds?|weeks?|months?|years?)"
    r"|\d+ days?,? \d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?",
)
_QUARTER = matching(
    r"(?:19|20)\d\d[ /-]?Q[1-4]|Q[1-4][ /'-]?(?:(?:19|20)?\d\d)?|[1-4]Q[ '-]?(?:19|20)?\d\d"
)
_POSTCODES = matching(
    # The United Kingdom, Canada, the Netherlands, Ireland: letters and digits in a certain order.
    r"(?:[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNP-Y\d]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}"
    r"|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d"
    r"|[1-9]\d{3} (?!SA|SD|SS)[A-Z]{2}"
    r"|[AC-FHKNPRTV-Y]\d[0-9W] [0-9AC-FHKNPRTV-Y]{4}"
)
_MEASURE = matching(
    r"[<>~≈]? ?[+-]?\d[\d.,]* ?(?:%|‰|[kKmMgGtTµ]?(?:B|b|bit|byte|Hz|W|Wh|V|A|J|cal|Pa|g|m|l|L)|"
    r"lbs?|oz|in|ft|yd|mi|miles?|c[ml]|d[ml]|°[CF]?|[CF]|h|hrs?|mins?|s|secs?|ms|px|pt|em|dpi|mph|"
    r"kph|km/h|m/s|rpm|psi|bar|m²|m2|m³|m3|km²|ha|acres?|sqft|sq ft|gal|fl oz|tons?|tonnes?|pcs|"
    r"Stk|x|grams?|kilos?|met(?:er|re)s?|lit(?:er|re)s?|dB|ppm)\.?"
)
is_address: Final = matching(
    r"(?:(?:Flat|Studio|Unit|Apt\.?|Suite) \d+\w?,?\s+)?\d{1,6}[A-Za-z]?,? (?:[\w.'’-]+ ){1,5}"
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Ct|Court|Pl|Place|Sq|Square|"
    r"Way|Ter|Terrace|Pkwy|Parkway|Hwy|Highway|Cir|Circle|Close|Crescent|Loop|Trail|Plaza|Row|"
    r"Walk|Station|Course|Green|Grove|Gardens?|Mews|Hills?)\b\.?(?:[\s,].*)?"
    r"|\d{1,5}(?: ?bis| ?ter)?,? "
    r"(?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route|montée|côte) .+"
    r"|(?:[\w.'’]+[ -]+){0,5}\w*"
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|ring|damm|ufer|straat|laan|plein|gracht|kade|"
    r"singel|dreef|steeg|vej|gade|stræde|vägen|gatan|gränd|torget|stigen|veien|gata|katu|tie|kuja)"
    r"\s?\d{1,5} ?[A-Za-z]?(?:[/-]\d+)?(?:[\s,].*)?"
    r"|(?:via|viale|piazza|corso|vicolo|strada|borgo|contrada|calle|avenida|avda\.|plaza|paseo|"
    r"camino|ronda|glorieta|calzada|carrer|rua|r\.|travessa|largo|praça|alameda|estrada|ul\.|"
    r"ulica|al\.|aleja|aleea|bulevardul|calea|șoseaua|intrarea|splaiul|náměstí|c/) ?"
    r"[^\d]{2,60}(?:\d{1,5}|s/n).*",
    re.IGNORECASE | re.DOTALL,
)
LOOSE_ADDRESS: Final = matching(
    r"\d{1,6}[A-Za-z]?,? (?:[^\W\d_a-z][\w.'’-]*,? ?){2,6}(?:\d+)?"
    r"|(?:[^\W\d_][\w.'’-]*,? ){1,6}(?:Nr\.? |No\.? )?\d{1,5} ?[A-Za-z]?(?:[/-]\d+)?(?:[\s,].*)?",
    re.DOTALL,
)
"""What addresses are where others of the column have a street in them: a name and a number."""
_COMPANY = matching(
    r".{2,} (?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|Co|Company|PLC|LLP|LP|GmbH|AG|KG|OHG|"
    r"GbR|e\.?K|SE|SARL|S\.A\.R\.L|SAS|S\.A\.S|SA|S\.A|SL|S\.L|SpA|S\.p\.A|Srl|S\.r\.l|BV|B\.V|"
    r"NV|N\.V|AB|ApS|A/S|ASA|Oy|Oyj|s\.r\.o|a\.s|Kft|d\.o\.o|Pty|Pvt|Group|Holdings?|e\.V|eG|"
    r"Stiftung)\b\.?.{0,30}",
)

CARD_WORDS = word_set("card cc pan creditcard kreditkarte")
HASH_WORDS = word_set("hash md5 sha sha1 sha256 sha512 digest checksum fingerprint etag")
EAN_WORDS = word_set("ean gtin upc barcode ean13 ean8")
ISBN_WORDS = word_set("isbn isbn10 isbn13")

FORMS: Final[tuple[Form, ...]] = (
    Form("email", matching(r"[^@\s<>,;]+@[^@\s<>,;]+\.[A-Za-z]{2,24}"), "@"),
    Form("url", matching(r"(?:[a-z][a-z0-9+]{1,9}://|www\.)[^\s/$.?#][^\s]*"), "."),
    Form("uuid", matching(rf"{{?{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}}}?"), "-"),
    Form("mac", _MAC),
    Form("ip", _is_ip),
    Form("ip_network", _is_ip_network, "/"),
    Form("coordinates", _is_position, "."),
    Form("coordinates", _WKT, "("),
    Form("iban", is_iban, chance=1e-3),
    Form("national_number", lambda t: NATIONAL_INSURANCE.fullmatch(t) is not None, chance=0.09),
    Form("hash", _HASH, chance=0.02, hints=HASH_WORDS),
    Form("colour", matching(rf"#(?:{_HEX}{{3}}|{_HEX}{{6}}|{_HEX}{{8}})"), "#"),
    Form("colour", matching(r"(?:rgb|hsl)a?\(\s*\d{1,3}(?:[\s,/]+[\d.]+%?){2,3}\s*\)"), "("),
    Form("json", _is_json),
    Form("mime_type", _MIME, "/"),
    Form("user_agent", _USER_AGENT, "/", support=0.8),
    Form("file_path", _PATH),
    Form("language", is_locale),
    Form("version", _VERSION, "."),
    Form("quarter", _QUARTER, "Q"),
    Form("postcode", _POSTCODES, chance=0.05),
    Form("duration", _DURATION),
    Form("phone", is_phone),
    Form("measure", _MEASURE),
    Form("address", is_address, support=0.75),
    Form("company", _COMPANY, " ", support=0.6),
    Form("base64", _is_base64, chance=0.02, hints=word_set("base64 b64 payload")),
)
"""Forms of text, the surest first."""

DIGIT_FORMS: Final[tuple[Form, ...]] = (
    Form("isbn", is_isbn, chance=0.09, hints=ISBN_WORDS),
    Form("card", is_card, chance=0.02, support=0.8, hints=CARD_WORDS),
    Form("ean", lambda t: len(t) in (8, 12, 13, 14) and is_ean(t), chance=0.1, hints=EAN_WORDS),
)
"""Forms of digits, which a column of whole numbers may have too."""
