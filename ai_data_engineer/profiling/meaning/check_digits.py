"""Check digits: what tells an account number from a number that looks like one."""

from __future__ import annotations

import re

# Ranges of issuers by ISO/IEC 7812 as the networks publish them, and the lengths they use: Visa,
# Mastercard, American Express, Discover, JCB, Diners Club, UnionPay, Maestro, Mir.
_NETWORK = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|3(?:0[0-5]|09|[689]\d)\d{11,16}|62\d{14,17}|(?:50|5[6-9]|6[37])\d{10,17}|220[0-4]\d{12,15}|(?:2131|1800)\d{11}",
    re.ASCII,
)


def is_luhn(digits: str) -> bool:
    """Return whether the last digit is right by ISO/IEC 7812 (cards, IMEI)."""
    if not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_card(text: str) -> bool:
    """Return whether the text is a payment card number of a known network, blanks allowed."""
    digits = text.replace(" ", "").replace("-", "")
    return _NETWORK.fullmatch(digits) is not None and is_luhn(digits)


def is_ean(digits: str) -> bool:
    """Return whether the last digit is right by GS1 (EAN-8, UPC-A, EAN-13, GTIN-14)."""
    if not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return False
    body = sum(
        int(c) * (3 if place % 2 == 0 else 1) for place, c in enumerate(reversed(digits[:-1]))
    )
    return (body + int(digits[-1])) % 10 == 0


def is_isbn(text: str) -> bool:
    """Return whether the text is an ISBN of 10 or 13 places, hyphens allowed."""
    plain = text.replace("-", "").replace(" ", "")
    if len(plain) == 13:
        return plain.startswith(("978", "979")) and is_ean(plain)
    if not (len(plain) == 10 and plain.isascii() and plain[:9].isdigit() and plain.strip("0")):
        return False
    if not (plain[9].isdigit() or plain[9] in "Xx"):
        return False
    values = [*map(int, plain[:9]), 10 if plain[9] in "Xx" else int(plain[9])]
    return sum(v * w for v, w in zip(values, range(10, 0, -1), strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Return whether the text is an IBAN by ISO 13616 (mod 97), blanks allowed."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34 or not plain.isalnum() or not plain.isascii():
        return False
    if not (plain[:2].isalpha() and plain[2:4].isdigit()):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
