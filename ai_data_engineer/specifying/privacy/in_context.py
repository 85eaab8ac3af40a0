"""Values that only the words before them tell: `password: …`, `born on …`, `passport no. …`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.profiling.vocabulary import word_set
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
    r"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|geboren|geb\.|geburts(?:datum|"
    r"tag)|née?|naissance|"
    r"nacid[oa]|nacimiento|nat[oa]|nascita|nascid[oa]|nascimento|geboortedatum|ur\.|född|"
    r"født)\b[\s:=,(]{0,4}"
    rf"(?:on|am|le|el|il|em|op|is|was|=)?\s{{0,2}}(?P<value>{DATE})",
    re.IGNORECASE,
)
_SECRET: Final = re.compile(
    r"(?<![\w-])(?:\w+[_ -])?(?:pass ?word|passwd|pwd|pass ?phrase|pass ?code|passwort|kennwort|"
    r"contraseña|senha|"
    r"mot de passe|hasło|wachtwoord|lösenord|parola|пароль|"
    r"secret|token|api[_ -]?key|access[_ -]?key|secret[_ -]?key|private[_ -]?key|"
    r"client[_ -]?secret|auth|"
    r"credentials?|pin|pin code|cvv2?|cvc2?|otp|security (?:code|answer)|maiden name)\s{0,2}"
    r"(?P<link>:=|=>|->|[:=]|is|was|ist|lautet|est|es|è)\s{0,2}[\"'`]?(?P<value>[^\s\"'`,;]{3,})",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?<![\w-])(?:passport|reisepass|passeport|pasaporte|passaporto|paszport|driv(?:er'?s?|"
    r"ing) licen[cs]e|licen[cs]e|"
    r"führerschein|permis|permiso|residence permit|aufenthaltstitel|visa|green card|id card|"
    r"ausweis|personalausweis|"
    r"mrn|medical record|patient(?:en)?|chart|health card|health insurance|medicare|medicaid|"
    r"krankenversicherung|"
    r"versicherten|insurance|policy|polic[yi]e?n?|member(?:ship)?|subscriber|beneficiary|claim|"
    r"account|acct|konto|iban|bic|swift|sort code|routing|aba|bsb|ifsc|card|tax|tin|itin|ein|vat|"
    r"steuer|"
    r"ssn|social security|sozialversicherung|rentenversicherung|svnr|nino|national id|nif|nie|dni|"
    r"cpf|rut|curp|"
    r"student|matrikel|employee|personal|staff|badge|payroll|case|docket|inmate|military|service|"
    r"npi|dea|"
    r"phone|tel|telephone|telefon|mobile|handy|fax|cell|whatsapp|call|"
    r"imei|imsi|iccid|meid|serial|device|vin|plate|registration|kennzeichen|"
    r"customer|client|kunden|user|username|login|handle|loyalty|frequent flyer|booking|pnr|"
    r"tracking)"
    r"(?:[ _-]?(?:number|num|no|nr|nummer|id|code|#|n[º°]))?\.?\s{0,2}(?:#|:=|[:=]|is|ist|est|"
    r"es)?\s{0,2}[\"'`]?"
    r"(?P<value>[A-Za-z]{0,6}[-/ ]?\d[\dA-Za-z./ -]{2,28}[\dA-Za-z])(?![\w])",
    re.IGNORECASE,
)
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
    for found in _BORN.finditer(text):
        yield Match("birth_date", *found.span("value"))
    for found in _SECRET.finditer(text):
        value = found["value"].rstrip(".)]}?!")
        if len(value) < 3 or value.casefold() in _NO_VALUE:
            continue
        spoken = found["link"].isalpha()
        if not spoken or _is_odd(value):
            yield Match("credential", found.start("value"), found.end("value"))
    for found in _NUMBERED.finditer(text):
        value = found["value"].rstrip()
        digits = sum(map(str.isdigit, value))
        if digits >= 4 and not _is_plain_figure(value):
            start = found.start("value")
            # A value is one piece, or groups that hold digits.
            end = start + len(_groups(value))
            yield Match("account", start, end)
    for found in _HANDLE.finditer(text):
        yield Match("handle", found.start(), found.end())


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
