"""How often languages use letters beyond ASCII, and the encodings their texts are met in.

Letters stand in order of their frequency in running text, the first the most frequent.
"""

from __future__ import annotations

from typing import Final

LETTERS: Final[dict[str, str]] = {
    "german": "üäöß",
    "french": "éèàêçôâîûùïëœæ",
    "spanish": "óíáéñúü",
    "portuguese": "ãçáéíóêõúâàô",
    "italian": "àèùòéì",
    "dutch": "ëéïöüèó",
    "swedish": "äåöé",
    "danish": "øåæé",
    "finnish": "äöåšž",
    "icelandic": "áíðóéúæöþý",
    "polish": "łąężśóćńź",
    "czech": "íáéěřšýčžůúťňďó",
    "slovak": "áíéčšýžúťľôňďóäŕĺ",
    "hungarian": "áéőöóüíúű",
    "romanian": "ăîâşţșț",
    "croatian": "čšžćđ",
    "lithuanian": "ėšžąųįūčę",
    "latvian": "āīēšņļūžčķģ",
    "estonian": "äõüöšž",
    "turkish": "ıüşöçği̇âî",
    "greek": "αοιετσνηυρπκλμωςίόάέήγύδχθφβώξζψϊϋΐΰ",
    "russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "ukrainian": "оанивтеірсклдумпязьбгчйхцїжшюєщфґ",
    "bulgarian": "аоиентрсвлпкдмзъгубячцжхщйшюфь",
    "serbian": "аоиенсртјувкдмлпзгбчштцјхњжћљђфџ",
    "hebrew": "יוהלאתרבשמנדכחקפעטזםסגץןךףצ",
    "arabic": "اليمنرتوبعدسفةهكقحجأشصىطخضذزإثغظءئؤآ",
    "thai": "านรอกเง่มยล้วดทสตะปคัีิบหแจพืชขใไโ์ุูผณ็ธศซถฉำญฟฐษฎฏฌภฒฑฮฬฝๆฯฆฤึ",
    "chinese": (
        "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之"
        "过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前"
        "所本见经头面市区省县京海广州南北东西江山河路号张王李刘陈杨黄赵周吴徐孙请您商品订单地"
        "址购买谢公司名数量价格"
    ),
    "traditional": (
        "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之"
        "過家學對可裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前"
        "所本見經頭面市區省縣京海廣州南北東西江山河路號張王李劉陳楊黃趙周吳徐孫請您商品訂單地"
        "址購買謝公司名數量價格臺灣"
    ),
    "japanese": (
        "のにはをたがでとしるなてれあかいっりすらもこまうさくよんそつけえせわちおみめどろやば"
        "きだンスルトイリアラクドシレジタフロカテマコメサキブオパムチ日本人大中田山川東京都市"
        "区県町村名前社会年月小上下木林高橋佐藤鈴伊一二三子郎太美和原野井島崎松谷石西北南新電"
        "話番号住所商品注文"
    ),
    "korean": (
        "이다는에의가고하을지로기한사리도시어자아나서를인은들대해일그정수전보과있부스주여장국"
        "게으라상원제성동니만구세유조우소중신생무면공관마비안려적위진요트드습내김박최명호영경"
        "현산울광천북남"
    ),
}  # fmt: skip

_WEST = "german french spanish portuguese italian dutch swedish danish finnish icelandic estonian"
_CENTRAL = "polish czech slovak hungarian romanian croatian german"
_BALTIC = "lithuanian latvian estonian"
_CYRILLIC = "russian ukrainian bulgarian serbian"

ENCODINGS: Final[dict[str, tuple[float, str]]] = {
    "cp1252": (0.0, _WEST), "iso8859-15": (2.0, _WEST), "mac-roman": (2.5, _WEST),
    "cp850": (2.0, _WEST), "cp437": (2.5, _WEST),
    "cp1250": (1.0, _CENTRAL), "iso8859-2": (1.5, _CENTRAL), "cp852": (2.5, _CENTRAL),
    "mac-latin2": (3.5, _CENTRAL), "iso8859-16": (4.0, "romanian"),
    "cp1257": (1.5, _BALTIC), "iso8859-13": (3.0, _BALTIC), "cp775": (3.5, _BALTIC),
    "cp1254": (1.0, "turkish"), "cp857": (3.0, "turkish"),
    "cp1253": (1.0, "greek"), "iso8859-7": (1.5, "greek"), "cp737": (2.5, "greek"),
    "cp1251": (0.5, _CYRILLIC), "koi8-r": (1.0, "russian"), "koi8-u": (1.5, "ukrainian"),
    "cp866": (1.5, "russian bulgarian"), "iso8859-5": (2.5, _CYRILLIC),
    "mac-cyrillic": (3.0, _CYRILLIC), "cp1125": (3.5, "ukrainian"), "cp855": (4.0, _CYRILLIC),
    "cp1255": (1.0, "hebrew"), "cp862": (2.5, "hebrew"),
    "cp1256": (1.0, "arabic"), "iso8859-6": (2.0, "arabic"),
    "cp874": (1.0, "thai"),
    "gb18030": (0.5, "chinese"), "big5": (1.0, "traditional"), "cp932": (0.5, "japanese"),
    "euc_jp": (1.5, "japanese"), "cp949": (0.5, "korean"),
}  # fmt: skip
"""For each encoding how rare it is among files of data (nought: usual; each step e times rarer),
and the languages that are met in it."""
