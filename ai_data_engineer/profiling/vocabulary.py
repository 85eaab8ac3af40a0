"""Words that column names are made of, in the languages that tables come in."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


FLAG = word_set("is has flag was can should enabled active deleted valid bool boolean")
COUNT = word_set("count total sum avg mean pct percent rate share qty quantity num")
IDENTIFIER = word_set("id ids code key no nr number num ref sku serial identifier uuid guid pk")
MONEY = word_set(
    "price prices amount amt cost costs fee fees total subtotal revenue sales salary wage wages "
    "payment paid balance budget income expense expenses turnover profit charge tip fare tax "
    "discount spend spending money debit credit usd eur gbp chf jpy preis betrag kosten umsatz "
    "gehalt prix montant precio importe coste prezzo importo preco valor"
)
THING_NUMBER = word_set(
    "phone tel telephone telefon telefono telefone mobile mobil fax handy zip zipcode postcode "
    "postal plz cep ssn ein ean gtin upc isbn issn barcode iban bic card imei iccid "
    "vat nif cpf cnpj bsn pesel npi fips version passport license routing swift"
)
"""Words for numbers that name a thing: digits, but not a quantity."""
DATE = word_set(
    "date day dt dob birth birthday birthdate datum tag fecha data jour dia giorno ymd yyyymmdd "
    "on since until from to start end begin created updated modified"
)
MONTH = word_set("month months yearmonth yyyymm ym period monat mois mes mese maand")
MOMENT = word_set("timestamp ts epoch unix time datetime created updated modified at date utc zeit")
DURATION = word_set(
    "duration length elapsed split pace lap runtime dauer duree duracion span interval laptime"
)
