"""Numbers of people, accounts and devices: what digits and a few letters say by their check digits.

In a table a column is believed when many of its values are valid. Here a single one must be judged,
so whatever is valid in some country's scheme counts: to hide a number too many costs a model
nothing that it would need, for what it writes is turned back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Final

from ai_data_engineer.profiling.meaning.check_digits import is_card, is_iban, is_luhn
from ai_data_engineer.profiling.meaning.national_numbers import NATIONAL_INSURANCE, SCHEMES
from ai_data_engineer.profiling.meaning.phones import are_national, is_phone
from ai_data_engineer.specifying.privacy.clusters import clusters
from ai_data_engineer.specifying.privacy.matches import Match

_DIGITS: Final = re.compile(
    r"(?<![\w.,+-])(?:\+ ?|\()?\d(?:(?:[ \u00a0]?[-–./()][ \u00a0]?|[ \u00a0()]{0,2})\d){6,}"
    r"(?: ?(?:x|ext\.?) ?\d{1,6})?(?![\w]|[.,]\d)"
)
_MOMENT: Final = re.compile(
    r"(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])"
    r"(?:[ T-]?(?:[01]\d|2[0-3])(?:[.:-]?[0-5]\d(?:[.:-]?[0-5]\d(?:[.,]\d+)?)?)?)?"
    r"|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d(?: \d\d)?"
    r"|(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d|(?:(?:19|20)\d\d ){2,}(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/]\d{2}(?: ?[-–] ?(?:19|20)\d\d[-/]\d{2})"
)
_ROUND: Final = re.compile(r"[1-9]\d?0{5,}")
_FIGURE: Final = re.compile(r"\d+\.\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+")
_CODE: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,6}[0-9])[A-Za-z0-9]{8,34}(?![A-Za-z0-9])")
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?:[ -]?[A-Za-z0-9]{1,3})?"
    r"(?![A-Za-z0-9])"
)
_WITH_LETTERS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    # British National Insurance, Hong Kong, Singapore, Spain, Ireland, Finland, France's Corsica.
    r"(?P<nino>[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Da-d])"
    r"|(?P<hk>[A-Z]{1,2}\d{6}\([0-9A]\))"
    r"|(?P<scheme>\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]|\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]|\d{7,8}-[0-9Kk]"
    r"|\d{8}-[A-Za-z]|[XYZ]-\d{7}-[A-Z]|[12] ?\d\d ?\d\d ?2[AB] ?\d{3} ?\d{3} ?\d\d"
    r"|\d{3}\.\d{3}\.\d{3}-\d\d|\d\d\.\d{3}\.\d{3}/\d{4}-\d\d|\d{6}/\d{3,4}|\d{6}[-+]\d{4}"
    r"|\d\d\.\d\d\.\d\d-\d{3}\.\d\d|\d{6}-\d{7}|\d{5}-\d{7}-\d|\d{6}-\d\d-\d{4}"
    r"|\d-\d{4}-\d{5}-\d\d-\d|\d{2}-\d{8}-\d|[VEJPG]-?\d{8}-?\d|[A-Z]{3}\d{3} ?\d{3} ?\d{3}"
    r"|\d\d [A-Z]\d{3}[A-Z]{2}\d)"
    # Medicare (US), a driving licence of Great Britain.
    r"|(?P<medicare>[1-9][AC-HJ-KM-NP-RT-Y][AC-HJ-KM-NP-RT-Y0-9]\d-?[AC-HJ-KM-NP-RT-Y]"
    r"[AC-HJ-KM-NP-RT-Y0-9]\d-?[AC-HJ-KM-NP-RT-Y]{2}\d\d)"
    r"|(?P<licence>[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2})"
    r"|(?P<vat>(?:ATU|BE0|BE1|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|"
    r"SE|SI|SK|"
    r"XI|CHE)[ -]?[0-9A-Z][0-9A-Z .-]{5,13}[0-9A-Z])"
    # Germany's pensions, Sri Lanka, documents and files of courts: marked by their form alone.
    r"|(?P<document>\d\d ?\d{6} ?[A-Z] ?\d{3}|\d{9}[VXvx]|[A-Z]{2,4}(?:-\d{3,9}){2,}(?:-\d)?"
    r"|\d:\d\d-[a-z]{2}-\d{4,}|[A-Z]{1,4}[- ]?\d{6,12}[A-Z0-9]{0,2})"
    r")(?![A-Za-z0-9])"
)

# Schemes for single values, by python-stdnum's names; the profiler's are looked at as well.
_BY_DIGITS: Final[dict[int, tuple[str, ...]]] = {
    8: ("nz.ird",),
    9: ("nl.bsn", "us.ssn", "us.itin", "ca.sin", "il.idnr", "pt.nif", "au.tfn", "nz.ird",
        "fr.siren"),
    10: ("gb.nhs", "bg.egn", "is_.kennitala", "ua.rntrc", "dk.cpr", "se.personnummer", "cz.rc",
         "ec.ci", "pl.nip", "tr.vkn", "ru.inn", "be.vat", "at.vnr"),
    11: ("br.cpf", "pl.pesel", "no.fodselsnummer", "be.nn", "tr.tckimlik", "de.idnr", "ee.ik",
         "lt.asmens", "lv.pk", "hr.oib", "cu.ni", "gr.amka", "do.cedula", "ar.cuit", "au.abn",
         "it.iva", "jp.cn"),
    12: ("in_.aadhaar", "ru.inn", "se.personnummer", "my.nric", "jp.in_"),
    13: ("za.idnr", "ro.cnp", "si.emso", "th.pin", "fr.nir", "ch.ssn", "fr.nif"),
    14: ("br.cnpj", "eg.tn", "fr.siret"),
    15: ("imei", "fr.nir", "mx.curp"),
    16: ("id.nik", "in_.vid"),
    18: ("cn.ric",),
}  # fmt: skip
_BY_FORM: Final = tuple(
    (re.compile(form), module)
    for form, module in (
        (r"[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]", "it.codicefiscale"),
        (r"\d{8}[A-Z]", "es.dni"),
        (r"[XYZ]\d{7}[A-Z]", "es.nie"),
        (r"[A-Z]\d{7}[0-9A-J]", "es.cif"),
        (r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", "mx.curp"),
        (r"[A-Z&Ñ]{3,4}\d{6}[0-9A-Z]{3}", "mx.rfc"),
        (r"[A-Z]{5}\d{4}[A-Z]", "in_.pan"),
        (r"[A-Z]{3}\d{7}", "in_.epic"),
        (r"\d\d[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]", "in_.gstin"),
        (r"\d{7}[A-Z]{1,2}", "ie.pps"),
        (r"\d{6}[A-FU-Y+-]\d{3}[0-9A-Y]", "fi.hetu"),
        (r"\d{17}[0-9X]", "cn.ric"),
        (r"\d{8}\d[A-Z]{2}\d", "pt.cc"),
        (r"[12]\d{4}(?:\d\d|2[AB])\d{8}", "fr.nir"),
        (r"[A-Z]\d{12}", "gb.upn"),
        (r"[A-Z]\d{9}[A-Z]", "ke.pin"),
        (r"[13][a-km-zA-HJ-NP-Z1-9]{25,34}", "bitcoin"),
    )
)
_SERIAL: Final = re.compile(r"[A-Z]{1,4}[- ]?\d{6,12}[A-Z0-9]{0,2}")
PLATE: Final = re.compile(
    # Great Britain, France, Spain, Germany.
    r"(?<![A-Za-z0-9])(?:[A-HJ-PR-Y][A-HJ-PR-Y]\d\d [A-HJ-PR-Z]{3}|[A-Z]{2}-\d{3}-[A-Z]{2}"
    r"|\d{4} [BCDFGHJKLMNPRSTVWXYZ]{3}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?)(?![A-Za-z0-9])"
)
_MACHINE_READABLE: Final = re.compile(r"[PIVAC][A-Z<][A-Z]{3}[A-Z0-9<]*<<[A-Z0-9<]*")
_MIXED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}(?![A-Za-z0-9])"
)
_RUNS: Final = re.compile(r"\d+|[A-Za-z]+")
MOST_RUNS: Final = 4
"""Runs of letters and of digits in a word of a person: `q1fy24` has four."""
_SINGAPORE: Final = re.compile(r"[STFGM]\d{7}[A-Z]")
_VIN: Final = re.compile(r"(?=(?:\D*\d){3})[A-HJ-NPR-Z0-9]{17}")
_EUROPEAN_VIN: Final = re.compile(r"[A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{10}\d{6}")
"""Without a check digit; the last six are a serial number."""
_DEA: Final = re.compile(r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}")
_TAIWAN: Final = re.compile(r"[A-Z][12]\d{8}")


def numbers(text: str) -> Iterator[Match]:
    """Yield cards, phones, national numbers, IBANs, VAT ids, devices, plates."""
    if "<<" in text:
        for found in _MACHINE_READABLE.finditer(text):
            yield Match("passport", found.start(), found.end())
    for found in PLATE.finditer(text):
        yield Match("vehicle", found.start(), found.end())
    for start, _, end in clusters(text):
        yield from _numbers(text, start, end)


def codes(text: str) -> Iterator[Match]:
    """Yield words that change between letters and digits more often than any word does."""
    for found in _MIXED.finditer(text):
        if is_mixed(found[0]):
            yield Match("code", found.start(), found.end())


def is_mixed(word: str) -> bool:
    """Return whether a word changes between letters and digits as only codes and passwords do."""
    runs = len(_RUNS.findall(word)) if len(word) >= 8 else 0
    if runs != MOST_RUNS:
        return runs > MOST_RUNS
    return len(word) >= 10 and sum(map(str.isdigit, word)) >= 5


def _numbers(text: str, start: int, end: int) -> Iterator[Match]:
    for found in _DIGITS.finditer(text, start, end):
        if kind := _kind_of_digits(found[0].strip()):
            yield Match(kind, found.start(), found.end())
    for found in _CODE.finditer(text, start, end):
        if kind := _kind_of_code(found[0]):
            yield Match(kind, found.start(), found.end())
    for found in _IBAN.finditer(text, start, end):
        if length := _iban_length(found[0]):
            yield Match("iban", found.start(), found.start() + length)
    for found in _WITH_LETTERS.finditer(text, start, end):
        if kind := _kind_of_form(str(found.lastgroup), found[0]):
            yield Match(kind, found.start(), found.end())


@lru_cache(maxsize=4096)
def _kind_of_digits(text: str) -> str | None:
    if _MOMENT.fullmatch(text) or _ROUND.fullmatch(text):
        return None
    digits = "".join(c for c in text if c.isdigit())
    if _FIGURE.fullmatch(text) and not is_card(text) and not _is_spaced_national(text):
        return None
    if 12 <= len(digits) <= 19 and is_card(digits):
        return "card"
    if re.fullmatch(r"\d{3}-\d{2}-\d{4}", text):
        return "national_number"
    if is_phone(text) or (text[0] == "+" and 7 <= len(digits) <= 15):
        return "phone"
    if len(digits) == 10 and re.fullmatch(r"[2-9]\d\d[ .-]?[2-9]\d\d[ .-]?\d{4}", text):
        return "phone"
    if digits[0] == "0" and 9 <= len(digits) <= 12 and are_national([text] * 3, 1.0):
        return "phone"
    if any(scheme.is_valid(text) for scheme in SCHEMES):
        return "national_number"
    modules = _BY_DIGITS.get(len(digits), ())
    if any(_is_valid(module, digits) for module in modules):
        return "device" if modules[0] == "imei" else "national_number"
    if len(digits) in (19, 20) and digits.startswith("89") and is_luhn(digits):
        return "device"
    # Written in groups as only phones and accounts are, of a length that figures have not.
    if re.fullmatch(r"0\d{1,4}(?:[ /-]\d{2,8}){1,5}", text) and 8 <= len(digits) <= 13:
        return "phone"
    if re.fullmatch(r"\d{2,4}(?:-\d{2,6}){2,4}(?: \d{2,8})?", text) and len(digits) >= 9:
        return "account"
    return None


def _is_spaced_national(text: str) -> bool:
    return " " in text and any(scheme.is_valid(text) for scheme in SCHEMES)


@lru_cache(maxsize=4096)
def _kind_of_code(code: str) -> str | None:
    if code.isdigit():
        return None  # looked at with its marks
    upper = code.upper()
    if len(code) >= 15 and is_iban(upper):
        return "iban"
    for form, module in _BY_FORM:
        if form.fullmatch(code if module == "bitcoin" else upper) and _is_valid(
            module, code if module == "bitcoin" else upper
        ):
            return "crypto" if module == "bitcoin" else "national_number"
    if NATIONAL_INSURANCE.fullmatch(upper):
        return "national_number"
    if _SINGAPORE.fullmatch(upper) and _is_singaporean(upper):
        return "national_number"
    if _TAIWAN.fullmatch(upper) and _is_taiwanese(upper):
        return "national_number"
    if _DEA.fullmatch(upper) and _is_dea(upper):
        return "licence"
    if _VIN.fullmatch(upper) and (_is_vin(upper) or _EUROPEAN_VIN.fullmatch(code)):
        return "vehicle"
    return None


def _kind_of_form(form: str, text: str) -> str | None:
    plain = text.upper()
    match form:
        case "nino":
            return "national_number"
        case "hk":
            return "national_number"
        case "document":
            return "code"
        case "scheme":
            return "national_number" if _is_of_a_scheme(plain) else None
        case "medicare":
            return "national_number"
        case "licence":
            return "licence"
        case _:
            compact = re.sub(r"[ .-]", "", plain)
            if sum(map(str.isdigit, compact)) < 6:
                return None
            module = "ch.uid" if compact.startswith("CHE") else "eu.vat"
            if _is_valid(module, compact[:12] if module == "ch.uid" else compact):
                return "company_number"
            return "code" if _SERIAL.fullmatch(plain) else None


_OF_SCHEMES: Final = (
    "fi.hetu", "cl.rut", "es.dni", "es.nie", "fr.nir", "br.cpf", "br.cnpj", "cz.rc", "dk.cpr",
    "se.personnummer", "be.nn", "kr.rrn", "pk.cnic", "my.nric", "th.pin", "ar.cuit", "ve.rif",
    "lv.pk", "is_.kennitala",
)  # fmt: skip


def _is_of_a_scheme(text: str) -> bool:
    return any(_is_valid(module, text) for module in _OF_SCHEMES)


def _is_valid(module: str, text: str) -> bool:
    try:
        # Only when something has the form: each module takes a while to load.
        return bool(import_module(f"stdnum.{module}").is_valid(text))
    except ImportError:  # another release of the package
        return False


def _iban_length(text: str) -> int:
    """Return how many characters of a text are an IBAN: what follows may look like one."""
    while len(text) >= 15:
        if is_iban(text.replace("-", "")):
            return len(text)
        cut = max(text.rfind(" "), text.rfind("-"))
        if cut < 0:
            return 0
        text = text[:cut]
    return 0


def _is_singaporean(text: str) -> bool:
    """NRIC and FIN: weights 2 7 6 5 4 3 2, letters by the first one."""
    weighed = sum(int(d) * w for d, w in zip(text[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    offset = {"S": 0, "F": 0, "T": 4, "G": 4, "M": 3}[text[0]]
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}.get(
        text[0], "XWUTRQPNMLK"
    )
    return letters[(weighed + offset) % 11] == text[8] or text[0] == "M"


def _is_taiwanese(text: str) -> bool:
    """National identification card: the letter as two digits, weights 1 9 8 7 6 5 4 3 2 1 1."""
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    digits = [letter // 10, letter % 10, *map(int, text[1:])]
    return (
        sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def _is_dea(text: str) -> bool:
    """Registration of the US Drug Enforcement Administration: its last digit is a checksum."""
    d = [int(c) for c in text[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def _is_vin(text: str) -> bool:
    """Vehicle identification number, ISO 3779 with the check digit of 49 CFR 565."""
    values = dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    )
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(
        (int(c) if c.isdigit() else values[c]) * w for c, w in zip(text, weights, strict=True)
    )
    return "0123456789X"[total % 11] == text[8]
