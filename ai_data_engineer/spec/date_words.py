"""Names of months, weekdays and zones in dates.

After the Unicode CLDR: full names (with the genitive that a date takes) and the abbreviations in
use, in small letters; an abbreviation may end in a point.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from ai_data_engineer.parsing import DateLanguage

ENGLISH: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip

_MONTHS: Final[dict[DateLanguage, str]] = {
    "cs": "ledna leden led|února únor úno|března březen bře|dubna duben dub|května květen kvě"
    "|června červen čvn|července červenec čvc|srpna srpen srp|září zář|října říjen říj"
    "|listopadu listopad lis|prosince prosinec pro",
    "da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug"
    "|september sep sept|oktober okt|november nov|december dec",
    "de": "januar jänner jan jän|februar feber feb|märz maerz mär mrz|april apr|mai|juni jun"
    "|juli jul|august aug|september sept sep|oktober okt|november nov|dezember dez",
    "el": "ιανουαρίου ιανουάριος ιαν|φεβρουαρίου φεβρουάριος φεβ|μαρτίου μάρτιος μαρ"
    "|απριλίου απρίλιος απρ|μαΐου μάιος μαΐ μάι|ιουνίου ιούνιος ιουν|ιουλίου ιούλιος ιουλ"
    "|αυγούστου αύγουστος αυγ|σεπτεμβρίου σεπτέμβριος σεπ|οκτωβρίου οκτώβριος οκτ"
    "|νοεμβρίου νοέμβριος νοε|δεκεμβρίου δεκέμβριος δεκ",
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug"
    "|september sept sep|october oct|november nov|december dec",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago"
    "|septiembre setiembre sept sep|octubre oct|noviembre nov|diciembre dic",
    "fi": "tammikuuta tammikuu tammi|helmikuuta helmikuu helmi|maaliskuuta maaliskuu maalis"
    "|huhtikuuta huhtikuu huhti|toukokuuta toukokuu touko|kesäkuuta kesäkuu kesä"
    "|heinäkuuta heinäkuu heinä|elokuuta elokuu elo|syyskuuta syyskuu syys"
    "|lokakuuta lokakuu loka|marraskuuta marraskuu marras|joulukuuta joulukuu joulu",
    "fr": "janvier janv jan|février fevrier févr fév fev|mars mar|avril avr|mai|juin"
    "|juillet juil|août aout|septembre sept sep|octobre oct|novembre nov"
    "|décembre decembre déc dec",
    "hu": "január jan|február febr feb|március márc már|április ápr|május máj|június jún"
    "|július júl|augusztus aug|szeptember szept|október okt|november nov|december dec",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug"
    "|agosto ago|settembre sett set|ottobre ott|novembre nov|dicembre dic",
    "nb": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug"
    "|september sept sep|oktober okt|november nov|desember des",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug"
    "|september sept sep|oktober okt|november nov|december dec",
    "pl": "stycznia styczeń sty|lutego luty lut|marca marzec mar|kwietnia kwiecień kwi"
    "|maja maj|czerwca czerwiec cze|lipca lipiec lip|sierpnia sierpień sie"
    "|września wrzesień wrz|października październik paź|listopada listopad lis"
    "|grudnia grudzień gru",
    "pt": "janeiro jan|fevereiro fev|março marco mar|abril abr|maio mai|junho jun|julho jul"
    "|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
    "ro": "ianuarie ian|februarie feb|martie mar|aprilie apr|mai|iunie iun|iulie iul"
    "|august aug|septembrie sept sep|octombrie oct|noiembrie noi nov|decembrie dec",
    "ru": "января январь янв|февраля февраль февр фев|марта март мар|апреля апрель апр"
    "|мая май|июня июнь июн|июля июль июл|августа август авг|сентября сентябрь сент сен"
    "|октября октябрь окт|ноября ноябрь нояб ноя|декабря декабрь дек",
    "sv": "januari jan|februari feb|mars mar|april apr|maj|juni jun|juli jul|augusti aug"
    "|september sept sep|oktober okt|november nov|december dec",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem"
    "|ağustos ağu|eylül eyl|ekim eki|kasım kas|aralık ara",
    "uk": "січня січень січ|лютого лютий лют|березня березень бер|квітня квітень квіт"
    "|травня травень трав|червня червень черв|липня липень лип|серпня серпень серп"
    "|вересня вересень вер|жовтня жовтень жовт|листопада листопад лист|грудня грудень груд",
}

_WEEKDAYS: Final[dict[DateLanguage, str]] = {
    "cs": "pondělí úterý středa čtvrtek pátek sobota neděle po út st čt pá so ne",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tirs tir ons tors tor fre lør "
    "søn",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr "
    "sa so",
    "el": "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρί τετ πέμ παρ σάβ κυρ",
    "en": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur "
    "thurs fri sat sun",
    "es": "lunes martes miércoles jueves viernes sábado domingo lun mar mié jue vie sáb dom",
    "fi": "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai "
    "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina "
    "ma ti ke to pe la su",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim",
    "hu": "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica lun mar mer gio ven sab dom",
    "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tir ons tor fre lør søn",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça quarta "
    "quinta sexta sábado domingo seg ter qua qui sex sáb dom",
    "ro": "luni marți miercuri joi vineri sâmbătă duminică lun mar mie joi vin sâm dum",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor fre lör sön",
    "tr": "pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt sal çar per cum cmt paz",
    "uk": "понеділок вівторок середа четвер п'ятниця субота неділя пн вт ср чт пт сб нд",
}

ZONES: Final = {
    "CEST": "+0200", "EEST": "+0300", "WEST": "+0100",
    "UTC": "+0000", "GMT": "+0000", "WET": "+0000", "CET": "+0100", "EET": "+0200",
    "MSK": "+0300", "JST": "+0900", "EST": "-0500", "EDT": "-0400", "CST": "-0600",
    "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}  # fmt: skip
"""Abbreviations of zones and their offsets: RFC 5322's American ones, and those that mean one zone
only. Longer ones come first."""


def folded(words: Iterable[str]) -> list[str]:
    """Return words in small letters, each once, and those with a final sigma with the plain one
    too: engines differ in which one they make of a capital.
    """
    small = [word.lower() for word in words]
    return list(dict.fromkeys(w for s in small for w in (s, s.replace("\u03c2", "\u03c3"))))


@cache
def month_names(language: DateLanguage) -> dict[str, str]:
    """Return every name of a month and the English abbreviation, longer names first."""
    names = {
        name: english
        for english, forms in zip(ENGLISH, _MONTHS[language].split("|"), strict=True)
        for name in folded(forms.split())
    }
    return dict(sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def weekday_names(language: DateLanguage) -> tuple[str, ...]:
    """Return every name of a weekday, longer names first."""
    return tuple(sorted(folded(_WEEKDAYS[language].split()), key=lambda name: (-len(name), name)))
