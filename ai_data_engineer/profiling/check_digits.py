"""Check digits: what tells an account number from a number that looks like one."""

from __future__ import annotations


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
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and is_luhn(digits)


def is_ean(digits: str) -> bool:
    """Return whether the last digit is right by GS1 (EAN-8, UPC-A, EAN-13, GTIN-14)."""
    if not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return False
    body = sum(
        int(c) * (3 if place % 2 == 0 else 1) for place, c in enumerate(reversed(digits[:-1]))
    )
    return (body + int(digits[-1])) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether the text is an IBAN by ISO 13616 (mod 97), blanks allowed."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34 or not plain.isalnum() or not plain.isascii():
        return False
    if not (plain[:2].isalpha() and plain[2:4].isdigit()):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def is_us_social_security(text: str) -> bool:
    """Return whether the text is `ddd-dd-dddd` with groups that are issued."""
    area, _, rest = text.partition("-")
    group, _, serial = rest.partition("-")
    if not all(p.isascii() and p.isdigit() for p in (area, group, serial)):
        return False
    if (len(area), len(group), len(serial)) != (3, 2, 4):
        return False
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_brazilian_cpf(text: str) -> bool:
    """Return whether the text is `ddd.ddd.ddd-dd` with right check digits (mod 11)."""
    digits = [int(c) for c in text if c.isascii() and c.isdigit()]
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(d * w for d, w in zip(digits, range(length + 1, 1, -1), strict=False))
        if total * 10 % 11 % 10 != digits[length]:
            return False
    return True


def is_spanish_dni(text: str) -> bool:
    """Return whether the text is eight digits and their letter (mod 23)."""
    digits, letter = text[:-1].rstrip("-"), text[-1:].upper()
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        return False
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == letter
