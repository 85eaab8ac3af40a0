"""Words in the names of columns that say what the column holds, in the languages of tables."""

from __future__ import annotations

from typing import Final

from ai_data_engineer.profiling.vocabulary import word_set

POSTCODE: Final = word_set(
    "zip zipcode postcode postal plz cep postleitzahl postnummer postnr cap kodpocztowy psc"
)
COUNTRY: Final = word_set(
    "country countries nation land pays pais paese nationality citizenship kraj iso2 iso3 "
    "countrycode staat landcode"
)
REGION: Final = word_set(
    "state province region bundesland departement department county prefecture canton kanton "
    "provincia estado regione provincie wojewodztwo statecode"
)
CITY: Final = word_set(
    "city town municipality stadt ort gemeinde wohnort ville commune ciudad municipio localidad "
    "cidade citta comune stad plaats woonplaats gemeente miasto kommune stad locality birthplace"
)
LANGUAGE: Final = word_set(
    "language languages lang locale sprache langue idioma lingua taal sprak jezyk"
)
CURRENCY: Final = word_set("currency ccy waehrung wahrung devise moneda valuta moeda curr waluta")
LATITUDE: Final = word_set("lat latitude breitengrad latitud")
LONGITUDE: Final = word_set("lon lng long longitude langengrad longitud")
UNMISTAKABLE: Final = frozenset({"latitude", "longitude"})
PHONE: Final = word_set(
    "phone phonenumber tel telephone telefon telefono telefone mobile mobil fax handy cell "
    "cellphone telefoon portable movil celular telefonnummer"
)
ORDINAL: Final = word_set("rating rank level grade stage priority score stars tier class step")
YEAR: Final = word_set("year years yr jahr annee ano anno jaar rok ar baujahr vintage")
QUARTER: Final = word_set("quarter quartal trimestre kwartaal kvartal qtr")
COLOUR: Final = word_set("color colour farbe couleur kleur colore cor kolor farg")
KEY: Final = word_set("id ids key pk uuid guid identifier code sku isbn ean upc gtin")
QUANTITY: Final = word_set(
    "height width length depth weight size distance speed temperature pressure volume area "
    "population duration age mass power energy quantity qty count amount"
)
COMPANY: Final = word_set(
    "company companies employer firm firma business organisation organization supplier vendor "
    "manufacturer entreprise empresa azienda bedrijf unternehmen societe corporation merchant"
)
ABOUT_COMPANY: Final = word_set("type size category kind reference ref status number no uri")
"""Words with which a column says something about companies, not which ones."""
PERSON: Final = word_set(
    "customer client employee person patient contact user author owner passenger student teacher "
    "driver member applicant guest rider athlete player doctor physician buyer recipient sender "
    "manager staff worker tenant subscriber kunde kunden mitarbeiter person patiente cliente "
    "empleado paciente utente dipendente klant medewerker salesperson representative actor artist"
)
NAME: Final = word_set("name names nom nombre nome naam navn namn")
PERSON_NAMES: Final = word_set(
    "firstname lastname fullname middlename givenname familyname fname lname surname forename "
    "vorname nachname familienname zuname prenom apellido apellidos cognome sobrenome voornaam "
    "achternaam fornavn etternavn fornamn efternamn imie nazwisko jmeno prijmeni username login"
)
NAME_PARTS: Final = word_set("first last full middle given family maiden legal")
OF_WHOM: Final = word_set("billing shipping contact your my the of s emergency primary")
NOT_PERSON_NAMES: Final = word_set(
    "file product country company host event city column model brand table field type category "
    "group team school station airport street road region state business firm organisation "
    "organization item domain class display process job department project id path"
)
ADDRESS: Final = word_set(
    "address addr adresse anschrift direccion endereco indirizzo adres streetaddress hausnummer"
)
STREET: Final = word_set("street strasse rue calle straat via")
NOT_ADDRESS: Final = word_set(
    "ip mac email mail web url network wallet type id memory host website websites site sites"
)
BIRTH: Final = word_set(
    "dob birth birthdate birthday birthyear geburtsdatum geburtstag geburtsjahr naissance "
    "nacimiento nascita nascimento geboortedatum born fodselsdato"
)
NATIONAL: Final = word_set(
    "ssn nino passport passaporte pasaporte reisepass nif nie dni cpf bsn pesel personnummer cnp "
    "aadhaar steuerid steuernummer fiscale curp sozialversicherungsnummer nir nhs"
)
COMPANY_NUMBER: Final = word_set(
    "vat vatin cnpj siren siret ein ustid ustidnr partitaiva piva umsatzsteuer"
)
NOT_TEXT: Final = word_set("count total sum rate share pct percent flag is has")
"""Words of figures and flags: `customers_count` is no customer, `has_phone` no number."""


def speaks_of_people(hints: frozenset[str]) -> bool:
    """Return whether the words of a column's name say that it holds names of people."""
    if hints & PERSON_NAMES:
        return True
    if not hints & NAME or hints & NOT_PERSON_NAMES:
        return False
    others = {h for h in hints - NAME - NAME_PARTS - OF_WHOM if not h.isdigit()}
    return others <= PERSON and bool(others or hints & NAME_PARTS)


def may_speak_of_people(hints: frozenset[str]) -> bool:
    """Return whether the name allows names of people without saying so (`name`, `customer`)."""
    return not hints & NOT_PERSON_NAMES and bool(
        hints <= NAME or (len(hints) == 1 and hints & PERSON)
    )


def is_street_alone(hints: frozenset[str]) -> bool:
    """Return whether a name speaks of streets, which trees and shops have too, not of addresses."""
    return bool(hints & STREET) and not hints & ADDRESS
