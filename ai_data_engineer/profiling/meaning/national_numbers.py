"""Numbers that a state gives to people and firms: their forms here, their check digits in stdnum.

A column of digits is no proof: of random numbers one in ten or eleven passes a check digit. Each
scheme therefore says how likely chance is, and a column is believed when so many different values
are valid that chance is out of the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

Holder = Literal["national_number", "company_number"]


@dataclass(frozen=True)
class Scheme:
    """One kind of number: its form as written, its check, and how easily chance passes both."""

    module: str
    """Of python-stdnum, below `stdnum`."""
    form: re.Pattern[str]
    chance: float
    """How likely a text of another kind is to have the form and be valid all the same."""
    holder: Holder = "national_number"

    def is_valid(self, text: str) -> bool:
        """Return whether a text is such a number."""
        if not self.form.fullmatch(text):
            return False
        # Here and not above: most tables hold no such number, and each module takes a while.
        return bool(import_module(f"stdnum.{self.module}").is_valid(text))


def _scheme(module: str, form: str, chance: float, holder: Holder = "national_number") -> Scheme:
    return Scheme(module, re.compile(form, re.ASCII), chance, holder)


# Forms with marks of their own are rarer than digits alone, so fewer values of them prove it.
SCHEMES: Final = (
    _scheme("us.ssn", r"\d{3}-\d{2}-\d{4}", 0.003),
    _scheme("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{11}", 0.01),
    _scheme("it.codicefiscale", r"[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]", 0.02),
    _scheme("es.dni", r"\d{8}-?[A-Za-z]", 0.04),
    _scheme("es.nie", r"[XYZxyz]-?\d{7}-?[A-Za-z]", 0.04),
    _scheme("fr.nir", r"[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", 0.01),
    _scheme("nl.bsn", r"\d{9}", 0.09),
    _scheme("pl.pesel", r"\d{11}", 0.02),
    _scheme("se.personnummer", r"\d{6}(?:\d\d)?[-+]\d{4}", 0.01),
    _scheme("de.idnr", r"\d{11}|\d\d \d{3} \d{3} \d{3}", 0.05),
    _scheme("in_.aadhaar", r"\d{4} \d{4} \d{4}|\d{12}", 0.09),
    _scheme("be.nn", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d|\d{11}", 0.01),
    _scheme("ch.ssn", r"756\.?\d{4}\.?\d{4}\.?\d\d", 0.01),
    _scheme("dk.cpr", r"\d{6}-\d{4}", 0.03),
    _scheme("fi.hetu", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", 0.001),
    _scheme("no.fodselsnummer", r"\d{6} ?\d{5}", 0.01),
    _scheme("ro.cnp", r"[1-9]\d{12}", 0.02),
    _scheme("cz.rc", r"\d{6}/\d{3,4}", 0.02),
    _scheme("bg.egn", r"\d{10}", 0.02),
    _scheme("tr.tckimlik", r"[1-9]\d{10}", 0.01),
    _scheme("cn.ric", r"\d{17}[0-9Xx]", 0.003),
    _scheme("za.idnr", r"\d{13}", 0.01),
    _scheme("kr.rrn", r"\d{6}-[1-8]\d{6}", 0.01),
    _scheme("mx.curp", r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", 0.01),
    _scheme("cl.rut", r"\d{1,2}\.?\d{3}\.?\d{3}-[0-9Kk]", 0.05),
    _scheme("ca.sin", r"\d{3}[ -]\d{3}[ -]\d{3}", 0.08),
    _scheme("gb.nhs", r"\d{3} \d{3} \d{4}", 0.09),
    _scheme("in_.pan", r"[A-Z]{3}[PCHABGJLFT][A-Z]\d{4}[A-Z]", 0.1),
    _scheme("br.cnpj", r"\d\d\.?\d{3}\.?\d{3}/?\d{4}-?\d\d", 0.01, "company_number"),
    _scheme("fr.siret", r"\d{3} ?\d{3} ?\d{3} ?\d{5}", 0.01, "company_number"),
    _scheme("eu.vat", r"[A-Z]{2}[0-9A-Z]{8,12}", 0.03, "company_number"),
)

COULD_BE: Final = re.compile(
    r"[A-Za-z0-9](?=(?:\D*\d){4})[A-Za-z0-9 ./+-]{7,20}[A-Za-z0-9]", re.ASCII
)
"""What each of the forms has in common."""

NATIONAL_INSURANCE: Final = re.compile(
    r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
)
"""The British number has no check digit: its letters alone tell it (HMRC, NIM39110)."""
