import pytest

from ai_data_engineer.profiling.meaning.national_numbers import (
    COULD_BE,
    NATIONAL_INSURANCE,
    SCHEMES,
)

VALID = {
    "br.cpf": "390.533.447-05",
    "it.codicefiscale": "RCCMNL83S18D969H",
    "es.dni": "54362315K",
    "es.nie": "X-2482300-W",
    "fr.nir": "2 95 10 99 126 111 93",
    "nl.bsn": "111222333",
    "pl.pesel": "44051401359",
    "se.personnummer": "880320-0016",
    "de.idnr": "36 574 261 809",
    "in_.aadhaar": "2341 2341 2346",
    "be.nn": "85.07.30-033.28",
    "ch.ssn": "756.9217.0769.85",
    "dk.cpr": "211062-5629",
    "fi.hetu": "131052-308T",
    "cz.rc": "710319/2745",
    "cn.ric": "360426199101010071",
    "tr.tckimlik": "17291716060",
    "cl.rut": "12.531.909-2",
    "ca.sin": "123-456-782",
    "gb.nhs": "943 476 5870",
    "br.cnpj": "16.727.230/0001-97",
    "fr.siret": "732 829 320 00074",
    "eu.vat": "DE136695976",
}


@pytest.mark.parametrize(("module", "number"), VALID.items())
def test_valid_numbers_and_the_same_with_another_last_place(module: str, number: str) -> None:
    (scheme,) = (s for s in SCHEMES if s.module == module)
    last = number[-1]
    wrong = number[:-1] + (chr(ord(last) + 1) if last not in "9ZK" else "1" if last == "9" else "A")

    assert COULD_BE.fullmatch(number)
    assert scheme.is_valid(number)
    assert module == "dk.cpr" or not scheme.is_valid(wrong)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("AB 12 34 56 C", True),
        ("JG103759A", True),
        ("ZZ 12 34 56 C", False),
        ("AB 12 34 56 E", False),
    ],
)
def test_the_british_number_is_told_by_its_letters(text: str, is_one: bool) -> None:
    assert (NATIONAL_INSURANCE.fullmatch(text) is not None) is is_one
