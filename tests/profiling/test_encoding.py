from __future__ import annotations

import os

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.encoding import detect_encoding

GERMAN = "name,city\nJosé,München\nZoë,Köln\n"
RUSSIAN = "имя,город\nИван,Москва\nПётр,Казань\nЕкатерина,Новосибирск\n"
JAPANESE = "名前,都市\n太郎,東京都新宿区\n花子,おおさか\nこちらはテストです,カタカナ\n"
CHINESE = "姓名,城市\n张三,北京市朝阳区\n李四,上海市\n"
KOREAN = "이름,도시\n김철수,서울\n박영희,부산\n"
POLISH = "miasto,kraj\nŁódź,Polska\nGdańsk,Polska\nświęta,żółw\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (GERMAN, "utf-8", "utf-8"),
        (GERMAN, "utf-8-sig", "utf-8-sig"),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "utf-32", "utf-32"),
        (GERMAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        (GERMAN, "utf-32-le", "utf-32-le"),
        (GERMAN, "utf-32-be", "utf-32-be"),
        (GERMAN, "latin-1", "cp1252"),
        (GERMAN, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "shift_jis", "cp932"),
        (JAPANESE, "iso2022_jp", "iso2022_jp"),
        (CHINESE, "gb2312", "gb18030"),
        (KOREAN, "euc_kr", "cp949"),
        (POLISH, "cp1250", "cp1250"),
        ("plain,ascii\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(text: str, written: str, found: str) -> None:
    encoding = detect_encoding(text.encode(written))
    assert encoding.name == found
    assert encoding.decode(text.encode(written)).removeprefix("\ufeff") == text


@pytest.mark.parametrize("short", ["Müller,12\n", "café;niño;São Paulo\n", "£25,000\n"])
def test_a_few_western_letters_are_enough(short: str) -> None:
    assert detect_encoding(short.encode("cp1252")).name == "cp1252"


def test_certain_encodings_are_told_from_guesses() -> None:
    assert detect_encoding(GERMAN.encode()).confidence == 1.0
    assert detect_encoding(GERMAN.encode("cp1252")).confidence < 1.0


def test_a_sample_may_end_inside_a_character() -> None:
    encoding = detect_encoding("Käse".encode()[:2])
    assert encoding.name == "utf-8"
    assert encoding.decode("Käse".encode()[:2]) == "K"


def test_a_few_bad_bytes_do_not_hide_utf_8() -> None:
    encoding = detect_encoding(("Ärger,Öl,Übel\n" * 20).encode() + b"\xff\n")
    assert (encoding.name, encoding.damaged) == ("utf-8", True)


def test_some_nul_bytes_do_not_make_text_binary() -> None:
    assert detect_encoding(b"a;b\n1;\x00\n" + b"2;3\n" * 100).name == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(20_000),
        bytes(range(256)) * 40,
        b"\x00\x01\x02" * 500,
        b"\xff\xfe" + os.urandom(5000),
    ],
    ids=["noise", "all bytes", "controls", "noise behind a byte order mark"],
)
def test_binary_data_are_refused(data: bytes) -> None:
    with pytest.raises(SourceError) as refused:
        detect_encoding(data, location="data.csv")
    assert refused.value.code in ("E_BINARY", "E_ENCODING")
    assert refused.value.location == "data.csv"


@pytest.mark.parametrize("separator", ["\x01", "\x1f"])
def test_a_control_character_between_the_cells_of_each_line_is_text(separator: str) -> None:
    text = separator.join("abc") + "\n" + (separator.join("123") + "\n") * 20
    assert detect_encoding(text.encode()).name == "utf-8"
