"""Values that only the words before them tell: `password: …`, `born on …`, `passport no. …`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.specifying.privacy.clusters import clusters
from ai_data_engineer.specifying.privacy.matches import Match

_MONTH = (
    r"(?:jan(?:uary?|uar)?|feb(?:ruary?|ruar)?|mar(?:ch)?|märz|apr(?:il)?|ma[yi]|june?|juni|july?|"
    r"juli|"
    r"aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|janvier|février|"
    r"mars|avril|"
    r"juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|mayo|junio|julio|"
    r"agosto|"
    r"septiembre|octubre|noviembre|diciembre)\.?"
)
DATE: Final = (
    r"(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|"
    r"\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of |de )?{_MONTH},? (?:de )?\d{{4}}|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|(?:19|20)\d{6})"
)
_BORN: Final = re.compile(
    r"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|geboren|geb\.|"
    r"geburts(?:datum|tag)|née?|naissance|nacid[oa]|nacimiento|nat[oa]|nascita|nascid[oa]|"
    r"nascimento|geboortedatum|född|født)\b[\s:=,(]{0,4}"
    rf"(?:on|am|le|el|il|em|op|is|was|=)?\s{{0,2}}(?P<value>{DATE})"
)
_SECRETS: Final = (
    "password", "pass word", "passwd", "pwd", "passphrase", "pass phrase", "passcode", "passwort",
    "kennwort", "contraseña", "senha", "mot de passe", "hasło", "wachtwoord", "lösenord", "parola",
    "пароль", "secret", "token", "api key", "api_key", "api-key", "apikey", "access key",
    "access_key", "access-key", "accesskey", "private key", "private_key", "credential",
    "credentials", "security code", "security answer", "maiden name",
)  # fmt: skip
_SHORT_SECRETS: Final = ("auth", "pin", "pin code", "cvv", "cvv2", "cvc", "cvc2", "otp")
"""The same that other words end with."""
_SAID: Final = re.compile(
    r"\s{0,2}(?P<link>:=|=>|->|[:=]|is|was|ist|lautet|est|es|è)\s{0,2}[\"'`]?"
    # A quote within is part of it; one at its end is around it.
    r"(?P<value>(?:[^\s\"'`,;]|(?<=[^\s\"'`,;])[\"'`](?=[^\s\"'`,;.)])){3,})"
)
_NUMBERED: Final = re.compile(
    r"(?<![\w-])(?:"
    r"passport|reisepass|passeport|pasaporte|passaporto|paszport|"
    r"driv(?:er'?s?|ing) licen[cs]e|licen[cs]e|führerschein|permis|permiso|residence permit|"
    r"aufenthaltstitel|visa|green card|id card|ausweis|personalausweis|mrn|medical record|"
    r"patient(?:en)?|chart|health card|health insurance|medicare|medicaid|"
    r"krankenversicherung|versicherten|insurance|policy|polic[yi]e?n?|member(?:ship)?|"
    r"subscriber|beneficiary|claim|account|acct|konto|iban|bic|swift|sort code|routing|aba|"
    r"bsb|ifsc|card|tax|idnr|identifikationsnummer|tin|itin|ein|vat|steuer|ssn|social security|"
    r"sozialversicherung|"
    r"rentenversicherung|svnr|nino|national id|nif|nie|dni|cpf|rut|curp|student|matrikel|"
    r"employee|personal|staff|badge|payroll|case|docket|inmate|military|service|npi|dea|"
    r"phone|tel|telephone|telefon|mobile|handy|fax|cell|whatsapp|call|imei|imsi|iccid|meid|"
    r"serial|device|vin|plate|registration|kennzeichen|customer|client|kunden|user|username|"
    r"login|handle|loyalty|frequent flyer|booking|pnr|tracking"
    r")(?:[ _-]?(?:number|num|no|nr|nummer|id|code|#|n[º°]))?\.?\s{0,2}"
    r"(?:#|:=|[:=]|is|ist|est|es)?\s{0,2}[\"'`]?(?P<lead>[a-z]{0,6}[-/ ]?)$"
)
_FIRST_WORDS: Final = word_set(
    "aba acc auf aus bad ben bic boo bsb cal car cas cel cha cla cli cpf cur cus dea dev dni "
    "doc dri ein emp fax fre füh gre han hea iba icc id ide idn ifs ime ims inm ins iti ken "
    "kon kra kun lic log loy mat med mei mem mil mob mrn nat nie nif nin npi pap pas pat pay "
    "per pho pla pnr pol reg rei ren res rou rut ser soc sor soz ssn sta ste stu sub svn swi "
    "tax tel tin tra use vat ver vin vis wha "
)
"""How the words that announce numbers begin: nearly always enough to see that none is there."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_VALUE: Final = re.compile(r"\d[\dA-Za-z./ -]{2,28}[\dA-Za-z](?!\w)")
_HANDLE: Final = re.compile(r"(?<![\w@./])@[A-Za-z][\w.]{2,30}\b(?!@)")
_NO_VALUE: Final = word_set(
    "null none missing empty not required optional string text int integer int64 float64 boolean "
    "hash hashed masked hidden redacted unknown invalid valid unique wrong set unset there present "
    "absent true false yes no never always the a an in on of for and or too very only still also "
    "md5 sha256 sha1 bcrypt category key column columns field value values varchar given kept "
    "removed dropped left here used stored encrypted plain personal private public credential"
)


def in_context(text: str) -> Iterator[Match]:
    """Yield dates of birth, passwords and numbers of documents that words before them announce."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    for found in _BORN.finditer(lower):
        yield Match("birth_date", *found.span("value"))
    for word in (*_SECRETS, *_SHORT_SECRETS):
        yield from _secrets(word, text, lower)
    for _, first, _ in clusters(text):
        yield from _announced(text, lower, first)
    if "@" in text:
        for found in _HANDLE.finditer(text):
            yield Match("handle", found.start(), found.end())


def _secrets(word: str, text: str, lower: str) -> Iterator[Match]:
    """Yield what is said to be a password, token, …: to look for one word at a time is cheap."""
    at = lower.find(word)
    while at >= 0:
        begins = at == 0 or not lower[at - 1].isalnum() or word not in _SHORT_SECRETS
        if begins and (found := _SAID.match(lower, at + len(word))):
            start, end = found.span("value")
            value = text[start:end].rstrip(".)]}?!")
            is_value = len(value) >= 3 and value.casefold() not in _NO_VALUE
            if is_value and (not found["link"].isalpha() or _is_odd(value)):
                yield Match("credential", start, end)
        at = lower.find(word, at + 1)


def _announced(text: str, lower: str, first: int) -> Iterator[Match]:
    """Yield the number that begins with that digit, when the words before it announce one."""
    before = lower[max(0, first - 60) : first]
    if _FIRST_WORDS.isdisjoint(word[:3] for word in _WORDS.findall(before)):
        return
    announced = _NUMBERED.search(before)
    value = _VALUE.match(text, first)
    if announced is None or value is None or _is_plain_figure(value[0].rstrip()):
        return
    if sum(map(str.isdigit, value[0])) >= 4:
        # A value is one piece, or groups that hold digits.
        start = first - len(announced["lead"].lstrip())
        yield Match("account", start, first + len(_groups(value[0].rstrip())))


def _groups(value: str) -> str:
    kept: list[str] = []
    for group in value.split(" "):
        if kept and not any(c.isdigit() for c in group):
            break
        kept.append(group)
    return " ".join(kept)


def _is_odd(value: str) -> bool:
    """Return whether a word is hardly one of a sentence: digits, signs or capitals within."""
    return (
        any(c.isdigit() for c in value)
        or any(not c.isalnum() and c not in "'’-." for c in value)
        or any(c.isupper() for c in value[1:])
    )


def _is_plain_figure(value: str) -> bool:
    """Return whether it is a year, a date or a small number: `tax 2024`, `account 1000`."""
    return bool(
        re.fullmatch(
            rf"(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?|{DATE}.*|\d{{1,4}}", value, re.IGNORECASE
        )
    )
