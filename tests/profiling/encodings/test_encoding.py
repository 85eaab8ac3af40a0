from __future__ import annotations

import os

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.encodings.encoding import detect_encoding

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


FRENCH = "nom;ville\nHélène Lefèvre;Besançon\nZoé Noël;Nîmes\nçà et là;forêt\n"
CZECH = "jméno;město\nJiří Dvořák;Děčín\nŽofie Růžičková;Třebíč\npříliš;žluťoučký kůň\n"
LITHUANIAN = "vardas;miestas\nGiedrė Čepaitė;Šiauliai\nRūta Žąsienė;Panevėžys\nšį;ačiū už\n"
TURKISH = "ad;şehir\nGülşen Yıldız;İstanbul\nOğuz Çağlar;Eskişehir\nışık;öğün\n"
GREEK = "όνομα;πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\nΕλένη;Θεσσαλονίκη\n"
UKRAINIAN = "ім'я;місто\nЇжакевич Іван;Київ\nЄвген;Чернігів\nкількість;ціна\n"
HEBREW = "שם;עיר\nדוד כהן;ירושלים\nשרה לוי;תל אביב\n"
ARABIC = "الاسم;المدينة\nمحمد علي;القاهرة\nفاطمة حسن;بغداد\n"
THAI = "ชื่อ;เมือง\nสมชาย ใจดี;กรุงเทพมหานคร\nวิภา;เชียงใหม่\n"
TRADITIONAL = "姓名;城市\n張偉;臺北市大安區\n王秀英;高雄市\n您的訂單將於明天送達\n"


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (FRENCH, "cp1252 iso8859-15 mac-roman cp850 cp437"),
        (GERMAN, "cp1252 cp850 cp437 mac-roman"),
        (CZECH, "cp1250 iso8859-2 cp852 mac-latin2"),
        (LITHUANIAN, "cp1257 iso8859-13 cp775"),
        (TURKISH, "cp1254 iso8859-9 cp857"),
        (GREEK, "cp1253 iso8859-7 cp737 utf-16-le utf-16-be utf-32-be"),
        (RUSSIAN, "cp1251 koi8-r iso8859-5 cp866 mac-cyrillic utf-16-le"),
        (UKRAINIAN, "cp1251 koi8-u mac-cyrillic utf-16-be"),
        (HEBREW, "cp1255 iso8859-8 cp862 utf-16-le"),
        (ARABIC, "cp1256 iso8859-6 utf-16-be"),
        (THAI, "cp874 tis-620 utf-16-le"),
        (JAPANESE, "cp932 shift-jis euc-jp iso2022-jp utf-16-le"),
        (CHINESE, "gb18030 gbk gb2312 utf-16-be"),
        (TRADITIONAL, "big5 gb18030"),
        (KOREAN, "cp949 euc-kr iso2022-kr utf-16-le"),
    ],
    ids=[
        "French",
        "German",
        "Czech",
        "Lithuanian",
        "Turkish",
        "Greek",
        "Russian",
        "Ukrainian",
        "Hebrew",
        "Arabic",
        "Thai",
        "Japanese",
        "Chinese",
        "traditional",
        "Korean",
    ],
)
def test_the_text_is_read_as_it_was_written(text: str, encodings: str) -> None:
    for name in encodings.split():
        found = detect_encoding(text.encode(name))

        assert (name, found.decode(text.encode(name))) == (name, text)
        assert not found.damaged


def test_a_sign_in_every_line_is_no_more_evidence_than_one() -> None:
    text = "Tag;Preis\n" + "".join(f"{n}. März;{n},50 €\n" for n in range(1, 32))

    assert detect_encoding(text.encode("cp1252")).name == "cp1252"


@pytest.mark.parametrize(
    ("name", "company"),
    [("cp932", "株式会社山田"), ("big5", "台灣公司"), ("cp949", "한국전력공사")],
)
def test_words_that_differ_by_numbers_alone_are_one(name: str, company: str) -> None:
    text = "".join(f"{n:06},{company}{n},2023/01/{n:02}\n" for n in range(1, 32))

    assert detect_encoding(text.encode(name)).decode(text.encode(name)) == text


def test_the_first_accent_may_come_late() -> None:
    text = "a,b,c\n" * 100_000 + "x,Müller,Köln\n"

    assert detect_encoding(text.encode("cp1252")).name == "cp1252"
    assert detect_encoding(text.encode("cp850")).name == "cp850"


@pytest.mark.parametrize("word", ["Gießen", "Łódź", "Ñ", "ř"])
def test_one_word_is_never_a_sure_sign(word: str) -> None:
    for name in ("cp1252", "cp1250", "cp850", "mac-roman"):
        try:
            data = f"id,city\n1,{word}\n".encode(name)
        except UnicodeEncodeError:
            continue
        assert detect_encoding(data).confidence <= 0.9


def test_the_first_accent_may_come_late_in_a_line_without_end() -> None:
    line = '{"plain": ' + "1" * 700_000 + ', "names": "José Gómez, Begoña Muñoz, Íñigo Peña"}'

    assert detect_encoding(line.encode("cp1252")).name == "cp1252"


def test_a_few_bytes_of_another_encoding_do_not_make_utf_8() -> None:
    # Two letters of a DOS encoding that would be one of UTF-8, were there nothing between them.
    assert detect_encoding("1,ÕA,Äü\n".encode("cp775")).name != "utf-8"


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
