"""Some three hundred kinds of value that must never reach a model, each with a made-up example.

Numbers are examples from the documentation of their schemes, or made to have right check digits;
keys have the form that their service documents and open nothing. They are put together from two
parts, so that nobody's scanner takes this file for a leak.
"""

# ruff: noqa: E501 - a table with a kind a line.

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seed:
    """One kind of value."""

    kind: str
    value: str
    is_telling: bool = True
    """Whether the value by itself says that it is somebody's, or secret; else it does so only at
    a person (an illness, a salary), and as the name of a column it is a column like others."""
    is_told_in_text: bool = True
    """Whether it can be told from what a goal may well say: a date and an amount cannot."""


_SAID_IN_GOALS = (
    "date of birth", "date of birth, German", "date of birth, American", "date of birth in words",
    "date of birth, compact", "pay", "balance", "driving licence, New York",
)  # fmt: skip


def _seeds(text: str, *, is_telling: bool = True) -> list[Seed]:
    pairs = (line.split(" | ", 1) for line in text.strip().splitlines())
    return [
        Seed(kind.strip(), value.strip(), is_telling, kind.strip() not in _SAID_IN_GOALS)
        for kind, value in pairs
    ]


_HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MIXED = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d"

CONTACTS = _seeds(
    """
    e-mail | john.kowalczyk@examplemail.com
    e-mail with a tag | maja+newsletter@mailbox.example.org
    e-mail of a company | t.okonkwo@payroll.contoso.co.uk
    e-mail beyond ASCII | jürgen.müßig@bücher.example
    e-mail in capitals | PRIYA.NAIR@EXAMPLE.IN
    e-mail with a name | Zbigniew Nowak <zbigniew.nowak@example.pl>
    e-mail, spelt out | oluwaseun (at) example (dot) ng
    e-mail in an address | mailto:hiroshi.tanaka%40example.jp
    payment address | rahul.verma@okaxis
    phone, international | +49 30 90182041
    phone, compact | +447700900123
    phone, United States | (415) 555-2671
    phone, with dots | 212.555.0187
    phone, bare | 4155552671
    phone, Germany | 0176 55512345
    phone, France | 06 12 34 56 78
    phone, Britain | 020 7946 0958
    phone, India | +91 98765 43210
    phone, Japan | 03-1234-5678
    phone, Brazil | +55 (11) 91234-5678
    phone, Australia | 0491 570 156
    phone with an extension | +1 415-555-2671 x4321
    handle | @zelda_kowalski
    street, United States | 1742 Evergreen Terrace, Springfield
    street, Britain | 221B Baker Street, London
    street, Germany | Musterstraße 17, 10969 Berlin
    street, France | 12 rue de la Paix, 75002 Paris
    street, Spain | Calle de Alcalá 45
    street, Italy | Via Garibaldi 12
    street, Netherlands | Prinsengracht 263
    street, Poland | ul. Marszałkowska 142
    post box | P.O. Box 48213
    postcode, Britain | SW1A 2AA
    position | 52.520008, 13.404954
    position in degrees | 48°51'29.6"N 2°17'40.2"E
    plus code | 9F4MG97V+8XQ
    position as a URI | geo:37.786971,-122.399677
    IPv4 | 203.0.113.195
    IPv6 | 2001:db8:85a3::8a2e:370:7334
    MAC | 3D:F2:C9:A6:B3:4F
    MAC with hyphens | 3D-F2-C9-A6-B3-50
    MAC with dots | 3df2.c9a6.b351
    """
)

PEOPLE = _seeds(
    """
    name | Jane Kowalczyk
    name in lower case | oliver braithwaite
    name turned round | Braithwaite, Oliver
    name with a title | Dr. Ngozi Adeyemi
    name of several parts | María Fernanda Gutiérrez Robles
    name with a particle | Pieter van der Meulen
    name with a hyphen | Marie-Claire Delacroix
    name with an initial | Harold J. Finchley
    name in capitals | ZBIGNIEW WOJCIECHOWSKI
    name in a key | jane_kowalczyk
    name in camel case | janeKowalczyk
    name, Vietnam | Nguyen Thi Minh Khai
    name, Finland | Aino Virtanen
    name, Turkey | Ayşe Yıldırım
    name, Nigeria | Chinedu Okafor
    name, Japan in Latin | Hiroshi Tanaka
    name, Cyrillic | Иван Сергеевич Петров
    name, Greek | Γιώργος Παπαδόπουλος
    name, Chinese | 王小明
    name, Japanese | 山田太郎
    name, Korean | 김민수
    name, Arabic | محمد الحسن
    name, Hebrew | דוד כהן
    name, Hindi | राजेश कुमार
    """
)

NATIONAL = _seeds(
    """
    United States, SSN | 536-90-4399
    United States, SSN bare | 536904399
    United States, ITIN | 912-90-3456
    Canada, SIN | 123-456-782
    Mexico, CURP | BOXW310820HNERXN09
    Mexico, RFC | GODE561231GR8
    Brazil, CPF | 390.533.447-05
    Brazil, CPF bare | 39053344705
    Argentina, CUIT | 20-05536168-2
    Chile, RUT | 12.531.909-2
    Dominican Republic, cedula | 22400022111
    Ecuador, CI | 1714307103
    Britain, NINO | QQ123456C
    Britain, NINO spaced | AB 12 34 56 C
    Britain, NHS | 943 476 5870
    Britain, pupil | B801200001001
    Ireland, PPS | 6433435F
    France, NIR | 2 95 10 99 126 111 93
    Spain, DNI | 54362315K
    Spain, NIE | X2482300W
    Portugal, NIF | 501964843
    Portugal, citizen card | 00000000 0 ZZ4
    Italy, codice fiscale | RCCMNL83S18D969H
    Germany, tax | 36 574 261 809
    Germany, pension | 65 170839 J 003
    Austria, insurance | 1237 010180
    Switzerland, AHV | 756.9217.0769.85
    Netherlands, BSN | 111222333
    Belgium, NN | 85.07.30-033.28
    Denmark, CPR | 211062-5629
    Sweden, personnummer | 880320-0016
    Norway, fodselsnummer | 151086 95088
    Finland, hetu | 131052-308T
    Iceland, kennitala | 450401-3150
    Estonia, IK | 36805280109
    Latvia, PK | 161175-19997
    Lithuania, asmens | 38703181745
    Poland, PESEL | 44051401359
    Poland, NIP | 856-734-62-15
    Czechia, RC | 710319/2745
    Romania, CNP | 1630615123457
    Bulgaria, EGN | 7523169263
    Croatia, OIB | 33392005961
    Slovenia, EMSO | 0101006500006
    Greece, AMKA | 01013099997
    Turkey, TC Kimlik | 17291716060
    Russia, INN | 500100732259
    Russia, SNILS | 112-233-445 95
    Ukraine, RNTRC | 1759013776
    Israel, identity | 39337423
    South Africa, identity | 7503305044089
    Egypt, identity | 29001011234567
    India, Aadhaar | 2341 2341 2346
    India, PAN | ACUPA7085R
    India, voter | WKH1186253
    Pakistan, CNIC | 34201-0891231-8
    Sri Lanka, NIC | 853400937V
    Malaysia, NRIC | 770305-02-1234
    Singapore, NRIC | S1234567D
    Indonesia, NIK | 3171011708450001
    Thailand, PIN | 1-2345-45678-78-1
    Vietnam, CCCD | 001085012345
    China, RIC | 360426199101010071
    Hong Kong, identity | A123456(3)
    Taiwan, identity | A123456789
    South Korea, RRN | 971013-9019902
    Japan, My Number | 123456789018
    Australia, TFN | 123 456 782
    Australia, Medicare | 2123 45670 1
    New Zealand, IRD | 49091850
    Ghana, card | GHA-123456789-0
    Nigeria, NIN | 70123456789
    VAT, Germany | DE136695976
    VAT, Austria | ATU13585627
    VAT, France | FR40303265045
    """
)

DOCUMENTS = _seeds(
    """
    passport, Germany | C01X00T478
    passport, United States | 488839667
    passport, India | J8369854
    passport, machine readable | P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
    driving licence, Britain | MORGA753116SM9IJ
    driving licence, California | D1234567
    driving licence, New York | 123 456 789
    green card | MSC2190012345
    vehicle, VIN | 1M8GDM9AXKP042788
    plate, Britain | BD51 SMR
    plate, France | AB-123-CD
    medical record | MRN-00482913
    Medicare, United States | 1EG4-TE5-MK73
    health card, Germany | A123456780
    prescriber, DEA | BB1388568
    provider, NPI | 1234567893
    insurance policy | POL-7734-991-2288
    employee | EMP00482913
    student | 20180048291
    case | 2:21-cv-01234567
    device, IMEI | 490154203237518
    device, IMSI | 310150123456789
    device, ICCID | 8991101200003204510
    device, Android | 9774d56d682e549c
    device, advertising | 38400000-8cf0-11bd-b23e-10b96e40000d
    date of birth | 1985-03-12
    date of birth, German | 12.03.1985
    date of birth, American | 03/12/1985
    date of birth in words | 12 March 1985
    date of birth, compact | 19850312
    """
)

ACCOUNTS = _seeds(
    """
    IBAN | DE89370400440532013000
    IBAN spaced | GB29 NWBK 6016 1331 9268 19
    IBAN, France | FR1420041010050500013M02606
    IBAN, Netherlands in lower case | nl91abna0417164300
    card, Visa | 4111111111111111
    card, Mastercard spaced | 5500 0055 5555 5559
    card, American Express | 378282246310005
    card, with hyphens | 6011-1111-1111-1117
    account, Britain | 60-16-13 31926819
    account, United States | 000123456789
    routing number | 021000021
    Bitcoin | 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
    Bitcoin, bech32 | bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4
    Ethereum | 0x52908400098527886E0F7030069857D2E4169EE7
    Monero | 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A
    Ripple | rDTXLQ7ZKZVKz33zJbHjgVShjsBnqMBhmN
    wallet words | legal winner thank year wave sausage worth useful legal winner thank yellow
    pay | EUR 84,350.75
    balance | -12043.17
    """
)

SECRETS = [
    Seed(kind, value)
    for kind, value in (
        ("AWS access key", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("AWS temporary key", "ASIA" + "Y34FZKBOKMUTVV7A"),
        ("AWS secret key", "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"),
        ("Google API key", "AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"),
        ("Google client secret", "GOCSPX" + "-1a2B3c4D5e6F7g8H9i0JkLmNoPqR"),
        ("Google OAuth", "ya29" + ".a0AfH6SMBx3yZ9kQ2wL8vN5tR7uJ1cX4"),
        ("GitHub token", "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a"),
        ("GitHub server token", "ghs" + "_16C7e42F292c6912E7710c838347Ae178B4b"),
        ("GitHub fine-grained", "github" + "_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789"),
        ("GitLab token", "glpat" + "-x9Yz8Wv7Ut6Sr5Qp4On3"),
        ("Slack bot", "xoxb" + "-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"),
        ("Slack app", "xapp" + "-1-A0123456789-1234567890123-0a1b2c3d4e5f"),
        ("Slack webhook", "https://hooks.slack" + ".com/services/T0ABC1234/B0DEF5678/x1Y2z3W4v5U6t7S8r9Q0"),
        ("Discord bot", "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"),
        ("Discord webhook", "https://discord" + ".com/api/webhooks/123456789012345678/abcDEF-123_ghi"),
        ("Stripe secret", "sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc"),
        ("Stripe restricted", "rk" + "_live_51H8xYzKZ9aBcDeFgHiJkLmN"),
        ("Stripe webhook", "whsec" + "_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"),
        ("OpenAI", "sk" + "-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"),
        ("OpenAI, old", "sk" + "-aB3dE5fG7hJ9kL1mN3pQT3BlbkFJ5rS7tU9vW1xY3zA5bC7d"),
        ("Anthropic", "sk" + "-ant-api03-q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6"),
        ("Twilio account", "AC" + _HEX[:32]),
        ("Twilio key", "SK" + _HEX[8:40]),
        ("SendGrid", "SG" + ".ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc1s5cr9A"),
        ("Mailgun", "key" + "-3ax6xnjp29jd6fds4gc373sgvjxteol0"),
        ("Mailchimp", _HEX[:32] + "-us14"),
        ("npm", "npm" + f"_{_MIXED[:36]}"),
        ("PyPI", "pypi" + "-AgEIcHlwaS5vcmcCJDU3ZTM0YzQ1LWE1"),
        ("RubyGems", "rubygems" + f"_{_HEX[:48]}"),
        ("Docker", "dckr" + "_pat_7awgM4jG5SQvxcvmNzhKj8PQjxo"),
        ("Hugging Face", "hf" + "_QNqXrtFihRuySZubEgnUVvGcnENCBhKgGD"),
        ("DigitalOcean", "dop" + f"_v1_{_HEX}"),
        ("Shopify", "shpat" + f"_{_HEX[:32]}"),
        ("Square", "sq0atp" + "-x9Yz8Wv7Ut6Sr5Qp4On3Ml2K"),
        ("Facebook", "EAA" + "CEdEose0cBAH8kZCxYz9QwErTy7UiOp5As"),
        ("Telegram", "110201543" + ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
        ("Linear", "lin_api" + "_x9Yz8Wv7Ut6Sr5Qp4On3Ml2KjIhGfEdC"),
        ("Notion", "secret" + f"_{_MIXED}"),
        ("Airtable", "patAbC123dEf456Gh" + f".{_HEX}"),
        ("Databricks", "dapi" + _HEX[:32]),
        ("Atlassian", "ATATT3" + "xFfGF0x1Y2z3W4v5U6t7S8r9Q0pOnMlK"),
        ("Vault", "hvs" + ".CAESIJ1x2Y3z4W5v6U7t8S9r0QpOnMlK"),
        ("Grafana", "glsa" + "_x9Yz8Wv7Ut6Sr5Qp4On3Ml2KjIhGfEdC_1a2b3c4d"),
        ("New Relic", "NRAK" + "-1A2B3C4D5E6F7G8H9I0JKLMNOPQ"),
        ("Postman", "PMAK" + "-5f1e2d3c4b5a69788796a5b4-c3d2e1f00f1e2d3c4b5a697887"),
        ("Heroku", "HRKU" + "-AAx9Yz8Wv7Ut6Sr5Qp4On3Ml2KjI"),
        ("Doppler", "dp" + ".pt.x9Yz8Wv7Ut6Sr5Qp4On3Ml2KjIhGfEdC"),
        ("Figma", "figd" + "_x9Yz8Wv7Ut6Sr5Qp4On3Ml2KjIhGfEdC"),
        ("Supabase", "sbp" + f"_{_HEX[:40]}"),
        ("Sentry", "sntrys" + "_x9Yz8Wv7Ut6Sr5Qp4On3Ml2KjIhGfEdC"),
        ("Mapbox", "sk" + ".eyJ1IjoiZXhhbXBsZSIsImEiOiJja3h5ejEyMyJ9.x9Yz8Wv7Ut6Sr5Qp4On3Ml"),
        ("Azure storage", "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq=="),
        ("Azure signature", "sv=2022-11-02&sig=" + "Z3J2x8Kq9vL5nR7uJ1cX4bM6wP0tY2sD"),
        ("JSON web token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
        ("private key", "-----BEGIN RSA PRIVATE" + " KEY-----MIIEpAIBAAKCAQEA04up8hoqzS1+APIB0RhjXyObwHQnOzhAk5Bd-----END RSA PRIVATE KEY-----"),
        ("private key, OpenSSH", "-----BEGIN OPENSSH PRIVATE" + " KEY-----b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ-----END OPENSSH PRIVATE KEY-----"),
        ("age key", "AGE-SECRET" + "-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),
        ("public key with a name", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"),
        ("password in an address", "https://deploy:s3cr3tpass@git.example.com/repo.git"),
        ("PostgreSQL address", "postgres://admin:Zx81kq@db.internal:5432/prod"),
        ("MongoDB address", "mongodb+srv://svc:Qw9pLm@cluster0.example.net/app"),
        ("Redis address", "redis://:p4ssw0rdX@cache.internal:6379/0"),
        ("AMQP address", "amqp://guest:Vb7nMx@mq.internal/vhost"),
        ("JDBC address", "jdbc:mysql://root:Hj5kLp@10.0.0.5/payroll"),
        ("SQL Server string", "Server=tcp:db1;Database=hr;User Id=sa;Password=Yt6!rEw2;"),
        ("bearer token", "Authorization: Bearer mF_9.B5f-4.1JqM"),
        ("basic authorization", "Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l"),
        ("bcrypt", "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"),
        ("argon2", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b7dWRWJTmaaJObG"),
        ("crypt", "$6$rounds=5000$usesomesillystri$KqJWpanXZHKq2BOB43TSaYhEWsQ1Lr5QNyPCDH"),
        ("MD5", _HEX[3:35]),
        ("SHA-256", _HEX),
        ("LDAP", "{SSHA}" + "DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3"),
        ("one-time password", "otpauth://totp/Acme:ops?secret=JBSWY3DPEHPK3PXP&issuer=Acme"),
        ("netrc", "machine api.example.com login ops password Kx7tRq"),
        ("session", "s%3Aj4Vd9kL2mN8pQ5rT7uW1xY3z.b6C0dE4fG8h"),
        ("random, hex", _HEX[:40]),
        ("random, base64", "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg=="),
        ("UUID", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        ("product key", "VK7JG-NPHTM-C97JM-9MPGT-3V66T"),
        ("password", "P@ssw0rd!2024"),
        ("password of letters and digits", "xK9mQ2vL7w"),
        ("password with signs", "Tr0ub4dor&3"),
        ("password of signs", "!@#$%^&*()_+"),
        ("password said", "password: sunflower"),
        ("password assigned", "DB_PASSWORD=swordfish"),
        ("PIN said", "PIN: 4711"),
        ("token said", "api_key = 7h3k3y"),
    )
]  # fmt: skip

OF_A_PERSON = _seeds(
    """
    diagnosis | Type 2 diabetes mellitus
    diagnosis code | E11.65
    result | HIV positive
    medication | Metformin 850 mg
    allergy | penicillin anaphylaxis
    blood | AB negative
    therapy | weekly psychotherapy
    disability | hearing impaired
    belief | Roman Catholic
    descent | Romani
    orientation | bisexual
    politics | Green Party voter
    union | member of ver.di
    conviction | convicted of fraud
    surname | Wojciechowska
    password of a word | dragonfire
    passphrase | correct horse battery staple
    username | zkowalski88
    PIN | 4713
    card code | 737
    pay a year | 84350
    credit score | 687
    weight | 104.37 kg
    free text | Her landlord called twice about the rent
    maiden name | born Featherstonehaugh
    plate, Germany | B-MW 1234
    plate, California | 7ABC123
    BIC | DEUTDEFF500
    nickname | Schnuffelchen
    password of few signs | !?#%~*
    signs of a mood | 😀🏥💊
    """,
    is_telling=False,
)

SEEDS: tuple[Seed, ...] = (
    *CONTACTS, *PEOPLE, *NATIONAL, *DOCUMENTS, *ACCOUNTS, *SECRETS, *OF_A_PERSON,
)  # fmt: skip
