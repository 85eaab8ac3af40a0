"""Countries, regions, cities, languages and currencies: the words and codes that stand in cells."""

from __future__ import annotations

from functools import cache

from ai_data_engineer.profiling.vocabulary import word_set

_COUNTRIES = """
AF AFG Afghanistan|AL ALB Albania|DZ DZA Algeria|AD AND Andorra|AO AGO Angola|
AG ATG Antigua and Barbuda|AR ARG Argentina|AM ARM Armenia|AW ABW Aruba|AU AUS Australia|
AT AUT Austria|AZ AZE Azerbaijan|BS BHS Bahamas|BH BHR Bahrain|BD BGD Bangladesh|BB BRB Barbados|
BY BLR Belarus|BE BEL Belgium|BZ BLZ Belize|BJ BEN Benin|BM BMU Bermuda|BT BTN Bhutan|
BO BOL Bolivia|BA BIH Bosnia and Herzegovina|BW BWA Botswana|BR BRA Brazil|
BN BRN Brunei Darussalam|BG BGR Bulgaria|BF BFA Burkina Faso|BI BDI Burundi|KH KHM Cambodia|
CM CMR Cameroon|CA CAN Canada|CV CPV Cape Verde|KY CYM Cayman Islands|
CF CAF Central African Republic|TD TCD Chad|CL CHL Chile|CN CHN China|CO COL Colombia|
KM COM Comoros|CG COG Congo|CD COD Democratic Republic of the Congo|CK COK Cook Islands|
CR CRI Costa Rica|CI CIV Cote d'Ivoire|HR HRV Croatia|CU CUB Cuba|CW CUW Curacao|CY CYP Cyprus|
CZ CZE Czech Republic|DK DNK Denmark|DJ DJI Djibouti|DM DMA Dominica|DO DOM Dominican Republic|
EC ECU Ecuador|EG EGY Egypt|SV SLV El Salvador|GQ GNQ Equatorial Guinea|ER ERI Eritrea|
EE EST Estonia|SZ SWZ Eswatini|ET ETH Ethiopia|FO FRO Faroe Islands|FK FLK Falkland Islands|
FJ FJI Fiji|FI FIN Finland|FR FRA France|GF GUF French Guiana|PF PYF French Polynesia|GA GAB Gabon|
GM GMB Gambia|GE GEO Georgia|DE DEU Germany|GH GHA Ghana|GI GIB Gibraltar|GR GRC Greece|
GL GRL Greenland|GD GRD Grenada|GP GLP Guadeloupe|GU GUM Guam|GT GTM Guatemala|GG GGY Guernsey|
GN GIN Guinea|GW GNB Guinea-Bissau|GY GUY Guyana|HT HTI Haiti|HN HND Honduras|HK HKG Hong Kong|
HU HUN Hungary|IS ISL Iceland|IN IND India|ID IDN Indonesia|IR IRN Iran|IQ IRQ Iraq|IE IRL Ireland|
IM IMN Isle of Man|IL ISR Israel|IT ITA Italy|JM JAM Jamaica|JP JPN Japan|JE JEY Jersey|
JO JOR Jordan|KZ KAZ Kazakhstan|KE KEN Kenya|KI KIR Kiribati|KP PRK North Korea|KR KOR South Korea|
KW KWT Kuwait|KG KGZ Kyrgyzstan|LA LAO Laos|LV LVA Latvia|LB LBN Lebanon|LS LSO Lesotho|
LR LBR Liberia|LY LBY Libya|LI LIE Liechtenstein|LT LTU Lithuania|LU LUX Luxembourg|MO MAC Macao|
MG MDG Madagascar|MW MWI Malawi|MY MYS Malaysia|MV MDV Maldives|ML MLI Mali|MT MLT Malta|
MH MHL Marshall Islands|MQ MTQ Martinique|MR MRT Mauritania|MU MUS Mauritius|YT MYT Mayotte|
MX MEX Mexico|FM FSM Micronesia|MD MDA Moldova|MC MCO Monaco|MN MNG Mongolia|ME MNE Montenegro|
MS MSR Montserrat|MA MAR Morocco|MZ MOZ Mozambique|MM MMR Myanmar|NA NAM Namibia|NR NRU Nauru|
NP NPL Nepal|NL NLD Netherlands|NC NCL New Caledonia|NZ NZL New Zealand|NI NIC Nicaragua|
NE NER Niger|NG NGA Nigeria|NU NIU Niue|MK MKD North Macedonia|NO NOR Norway|OM OMN Oman|
PK PAK Pakistan|PW PLW Palau|PS PSE Palestine|PA PAN Panama|PG PNG Papua New Guinea|
PY PRY Paraguay|PE PER Peru|PH PHL Philippines|PL POL Poland|PT PRT Portugal|PR PRI Puerto Rico|
QA QAT Qatar|RE REU Reunion|RO ROU Romania|RU RUS Russia|RW RWA Rwanda|
KN KNA Saint Kitts and Nevis|LC LCA Saint Lucia|VC VCT Saint Vincent and the Grenadines|
WS WSM Samoa|SM SMR San Marino|ST STP Sao Tome and Principe|SA SAU Saudi Arabia|SN SEN Senegal|
RS SRB Serbia|SC SYC Seychelles|SL SLE Sierra Leone|SG SGP Singapore|SX SXM Sint Maarten|
SK SVK Slovakia|SI SVN Slovenia|SB SLB Solomon Islands|SO SOM Somalia|ZA ZAF South Africa|
SS SSD South Sudan|ES ESP Spain|LK LKA Sri Lanka|SD SDN Sudan|SR SUR Suriname|SJ SJM Svalbard|
SE SWE Sweden|CH CHE Switzerland|SY SYR Syria|TW TWN Taiwan|TJ TJK Tajikistan|TZ TZA Tanzania|
TH THA Thailand|TL TLS Timor-Leste|TG TGO Togo|TK TKL Tokelau|TO TON Tonga|
TT TTO Trinidad and Tobago|TN TUN Tunisia|TR TUR Turkey|TM TKM Turkmenistan|
TC TCA Turks and Caicos Islands|TV TUV Tuvalu|UG UGA Uganda|UA UKR Ukraine|
AE ARE United Arab Emirates|GB GBR United Kingdom|US USA United States|UY URY Uruguay|
UZ UZB Uzbekistan|VU VUT Vanuatu|VA VAT Vatican City|VE VEN Venezuela|VN VNM Vietnam|
VG VGB British Virgin Islands|VI VIR United States Virgin Islands|WF WLF Wallis and Futuna|
EH ESH Western Sahara|YE YEM Yemen|ZM ZMB Zambia|ZW ZWE Zimbabwe|AQ ATA Antarctica|AI AIA Anguilla|
AS ASM American Samoa|BL BLM Saint Barthelemy|BV BVT Bouvet Island|CC CCK Cocos Islands|
CX CXR Christmas Island|MF MAF Saint Martin|MP MNP Northern Mariana Islands|NF NFK Norfolk Island|
PM SPM Saint Pierre and Miquelon|PN PCN Pitcairn|SH SHN Saint Helena|XK XKX Kosovo
"""
_OTHER_COUNTRY_NAMES = """
USA|U.S.A.|UK|U.K.|United States of America|Great Britain|England|Scotland|Wales|Northern Ireland|
Czechia|Russian Federation|Korea|Republic of Korea|Viet Nam|Syrian Arab Republic|Brunei|Holland|
The Netherlands|Türkiye|Turkiye|Ivory Coast|Côte d'Ivoire|Macedonia|Swaziland|Burma|Cabo Verde|
Lao People's Democratic Republic|Libyan Arab Jamahiriya|Iran, Islamic Republic of|Macau|UAE|
South Korea|Bosnia|Deutschland|Österreich|Schweiz|Frankreich|Italien|Spanien|Niederlande|Belgien|
Polen|Dänemark|Schweden|Norwegen|Finnland|Griechenland|Tschechien|Ungarn|Rumänien|Bulgarien|
Kroatien|Slowenien|Slowakei|Türkei|Russland|Irland|Vereinigtes Königreich|Großbritannien|
Vereinigte Staaten|Kanada|Mexiko|Brasilien|Indien|Japan|Australien|Ägypten|Südafrika|Luxemburg|
Estland|Lettland|Litauen|Zypern|Allemagne|Autriche|Suisse|Italie|Espagne|Pays-Bas|Belgique|Pologne|
Danemark|Suède|Norvège|Finlande|Grèce|République tchèque|Hongrie|Roumanie|Bulgarie|Croatie|
Slovénie|Slovaquie|Turquie|Russie|Irlande|Royaume-Uni|États-Unis|Etats-Unis|Mexique|Brésil|Inde|
Chine|Japon|Australie|Égypte|Maroc|Algérie|Tunisie|Sénégal|Alemania|Suiza|Francia|Italia|España|
Países Bajos|Bélgica|Polonia|Dinamarca|Suecia|Noruega|Finlandia|Grecia|Hungría|Rumania|Turquía|
Rusia|Irlanda|Reino Unido|Estados Unidos|Canadá|México|Brasil|Japón|Perú|Panamá|
República Dominicana|Marruecos|Egipto|Sudáfrica|Alemanha|França|Itália|Espanha|Países Baixos|Suíça|
Áustria|Grécia|Turquia|Rússia|Polónia|Suécia|Finlândia|Japão|Índia|Marrocos|Angola|Moçambique|
Germania|Svizzera|Spagna|Paesi Bassi|Belgio|Danimarca|Svezia|Norvegia|Turchia|Regno Unito|
Stati Uniti|Giappone|Cina|Messico|Brasile|Marocco|Egitto|Duitsland|Frankrijk|België|Spanje|
Nederland|Polska|Niemcy|Francja|Sverige|Norge|Danmark|Suomi
"""
_LANGUAGE_CODES = word_set(
    "aa ab af ak am ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li "
    "ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os "
    "pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te "
    "tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_LANGUAGES = """
Abkhazian|Afar|Afrikaans|Akan|Albanian|Alemán|Allemand|Amharic|Anglais|Arabic|Aragonese|Armenian|
Assamese|Avaric|Aymara|Azerbaijani|Bambara|Bashkir|Basque|Belarusian|Bengali|Bihari|Bislama|
Bosnian|Breton|Bulgarian|Burmese|Cantonese|Catalan|Chamorro|Chechen|Chichewa|Chinese|Church Slavic|
Chuvash|Cornish|Corsican|Cree|Croatian|Czech|Danish|Deutsch|Divehi|Dutch|Dzongkha|Englisch|English|
Espagnol|Español|Esperanto|Estonian|Ewe|Faroese|Farsi|Fijian|Filipino|Finnish|Francese|Francés|
Französisch|Français|French|Frisian|Fulah|Gaelic|Galician|Ganda|Georgian|German|Greek|Greenlandic|
Guarani|Gujarati|Haitian|Haitian Creole|Hausa|Hebrew|Herero|Hindi|Hiri Motu|Hungarian|Icelandic|
Ido|Igbo|Indonesian|Inglese|Inglés|Inglês|Interlingua|Interlingue|Inuktitut|Inupiaq|Irish|Italian|
Italiano|Italien|Italienisch|Japanese|Javanese|Kalaallisut|Kannada|Kanuri|Kashmiri|Kazakh|Khmer|
Kikuyu|Kinyarwanda|Kirghiz|Komi|Kongo|Korean|Kuanyama|Kurdish|Kyrgyz|Lao|Latin|Latvian|Limburgish|
Lingala|Lithuanian|Luba-Katanga|Luxembourgish|Macedonian|Malagasy|Malay|Malayalam|Maltese|Mandarin|
Manx|Maori|Marathi|Marshallese|Mongolian|Nauru|Navajo|Ndonga|Nederlands|Nepali|North Ndebele|
Northern Sami|Norwegian|Norwegian Bokmål|Norwegian Nynorsk|Occitan|Odia|Ojibwa|Oriya|Oromo|
Ossetian|Pali|Pashto|Persian|Polish|Polski|Portuguese|Português|Punjabi|Quechua|Romanian|Romansh|
Rundi|Russian|Russisch|Samoan|Sango|Sanskrit|Sardinian|Serbian|Shona|Sichuan Yi|Sindhi|Sinhala|
Slovak|Slovenian|Somali|South Ndebele|Southern Sotho|Spagnolo|Spanisch|Spanish|Sundanese|Svenska|
Swahili|Swati|Swedish|Tagalog|Tahitian|Tajik|Tamil|Tatar|Tedesco|Telugu|Thai|Tibetan|Tigrinya|
Tsonga|Tswana|Turkish|Turkmen|Twi|Türkisch|Ukrainian|Urdu|Uyghur|Uzbek|Venda|Vietnamese|Volapük|
Walloon|Welsh|Western Frisian|Wolof|Xhosa|Yiddish|Yoruba|Zhuang|Zulu
"""
_CURRENCIES = word_set(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES "
    "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
    "TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL BTC ETH"
)
_CURRENCY_NAMES = """
Euro|Euros|US Dollar|Dollar|Dollars|Pound|Pound Sterling|British Pound|Yen|Japanese Yen|
Swiss Franc|Franc|Krone|Krona|Danish Krone|Norwegian Krone|Swedish Krona|Yuan|Yuan Renminbi|
Renminbi|Rupee|Indian Rupee|Peso|Mexican Peso|Real|Brazilian Real|Ruble|Rouble|Russian Ruble|Zloty|
Forint|Koruna|Leu|Lev|Lira|Turkish Lira|Won|Baht|Rupiah|Ringgit|Rand|Dirham|Riyal|Shekel|
Canadian Dollar|Australian Dollar|New Zealand Dollar|Hong Kong Dollar|Singapore Dollar|$|€|£|¥|₹|₽|
US$
"""
_REGIONS = """
Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|
Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|
Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|
New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|
South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|
District of Columbia|Puerto Rico|Alberta|British Columbia|Manitoba|New Brunswick|
Newfoundland and Labrador|Nova Scotia|Ontario|Prince Edward Island|Quebec|Québec|Saskatchewan|
Yukon|Nunavut|Northwest Territories|New South Wales|Queensland|South Australia|Tasmania|Victoria|
Western Australia|Northern Territory|Baden-Württemberg|Bayern|Berlin|Brandenburg|Bremen|Hamburg|
Hessen|Mecklenburg-Vorpommern|Niedersachsen|Nordrhein-Westfalen|Rheinland-Pfalz|Saarland|Sachsen|
Sachsen-Anhalt|Schleswig-Holstein|Thüringen|Bavaria|Saxony|Lower Saxony|Hesse|Thuringia|
Île-de-France|Bretagne|Normandie|Occitanie|Nouvelle-Aquitaine|Auvergne-Rhône-Alpes|
Provence-Alpes-Côte d'Azur|Grand Est|Hauts-de-France|Pays de la Loire|Corse|
Bourgogne-Franche-Comté|Centre-Val de Loire|Andalucía|Aragón|Asturias|Cantabria|Castilla y León|
Cataluña|Extremadura|Galicia|La Rioja|Madrid|Murcia|Navarra|País Vasco|Lombardia|Lazio|Toscana|
Veneto|Sicilia|Piemonte|Emilia-Romagna|Puglia|Campania|Sardegna|Liguria|Calabria|Umbria|Abruzzo|
Marche|São Paulo|Rio de Janeiro|Minas Gerais|Bahia|Paraná|Rio Grande do Sul|Santa Catarina|
Pernambuco|Ceará|Goiás|England|Scotland|Wales|Northern Ireland|Zürich|Bern|Luzern|Genève|Vaud|
Ticino|Noord-Holland|Zuid-Holland|Utrecht|Gelderland|Limburg|Drenthe|Friesland|Groningen|
Overijssel|Zeeland|Flevoland|Noord-Brabant|Maharashtra|Karnataka|Tamil Nadu|Kerala|Gujarat|
Rajasthan|Punjab|West Bengal|Uttar Pradesh|Bihar|Telangana
"""
_US_STATES = word_set(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP FM MH PW AA AE AP"
)
_CITIES = """
New York|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|San Jose|
Austin|Jacksonville|Fort Worth|Columbus|Charlotte|San Francisco|Indianapolis|Seattle|Denver|
Washington|Boston|El Paso|Nashville|Detroit|Oklahoma City|Portland|Las Vegas|Memphis|Louisville|
Baltimore|Milwaukee|Albuquerque|Tucson|Fresno|Sacramento|Kansas City|Mesa|Atlanta|Omaha|
Colorado Springs|Raleigh|Miami|Long Beach|Virginia Beach|Oakland|Minneapolis|Tulsa|Tampa|Arlington|
New Orleans|Wichita|Cleveland|Honolulu|Anaheim|Lexington|Stockton|Cincinnati|Saint Paul|St. Louis|
Pittsburgh|Greensboro|Anchorage|Orlando|Newark|Buffalo|Salt Lake City|Richmond|Toronto|Montreal|
Montréal|Vancouver|Calgary|Edmonton|Ottawa|Winnipeg|Quebec City|Hamilton|Halifax|Mexico City|
Guadalajara|Monterrey|Puebla|Tijuana|Bogotá|Bogota|Medellín|Cali|Lima|Santiago|Buenos Aires|
Córdoba|Rosario|São Paulo|Sao Paulo|Rio de Janeiro|Brasília|Salvador|Fortaleza|Belo Horizonte|
Curitiba|Recife|Porto Alegre|Manaus|Quito|Guayaquil|Caracas|Montevideo|Havana|London|Birmingham|
Manchester|Leeds|Glasgow|Sheffield|Liverpool|Edinburgh|Bristol|Cardiff|Belfast|Leicester|
Nottingham|Newcastle|Southampton|Oxford|Cambridge|Brighton|York|Dublin|Cork|Galway|Paris|Marseille|
Lyon|Toulouse|Nice|Nantes|Strasbourg|Montpellier|Bordeaux|Lille|Rennes|Reims|Grenoble|Dijon|Berlin|
Hamburg|München|Munich|Köln|Cologne|Frankfurt|Frankfurt am Main|Stuttgart|Düsseldorf|Dortmund|
Essen|Leipzig|Bremen|Dresden|Hannover|Nürnberg|Nuremberg|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|
Münster|Karlsruhe|Mannheim|Augsburg|Wiesbaden|Mainz|Kiel|Freiburg|Rostock|Wien|Vienna|Graz|Linz|
Salzburg|Innsbruck|Zürich|Zurich|Genf|Geneva|Genève|Basel|Bern|Lausanne|Luzern|Madrid|Barcelona|
Valencia|Sevilla|Seville|Zaragoza|Málaga|Malaga|Murcia|Bilbao|Alicante|Granada|Lisboa|Lisbon|Porto|
Braga|Coimbra|Roma|Rome|Milano|Milan|Napoli|Naples|Torino|Turin|Palermo|Genova|Genoa|Bologna|
Firenze|Florence|Bari|Catania|Venezia|Venice|Verona|Amsterdam|Rotterdam|The Hague|Den Haag|Utrecht|
Eindhoven|Groningen|Brussels|Bruxelles|Antwerp|Antwerpen|Ghent|Gent|Luxembourg|Copenhagen|
København|Aarhus|Stockholm|Gothenburg|Göteborg|Malmö|Oslo|Bergen|Trondheim|Helsinki|Tampere|
Reykjavik|Warsaw|Warszawa|Kraków|Krakow|Łódź|Wrocław|Poznań|Gdańsk|Prague|Praha|Brno|Budapest|
Bucharest|Sofia|Athens|Thessaloniki|Belgrade|Zagreb|Ljubljana|Bratislava|Vilnius|Riga|Tallinn|Kyiv|
Kiev|Moscow|Saint Petersburg|Minsk|Istanbul|Ankara|Izmir|Tel Aviv|Jerusalem|Cairo|Alexandria|
Casablanca|Tunis|Algiers|Lagos|Nairobi|Accra|Dakar|Addis Ababa|Johannesburg|Cape Town|Durban|
Pretoria|Dubai|Abu Dhabi|Riyadh|Doha|Tehran|Baghdad|Karachi|Lahore|Mumbai|Delhi|New Delhi|
Bangalore|Bengaluru|Hyderabad|Chennai|Kolkata|Pune|Ahmedabad|Jaipur|Dhaka|Colombo|Kathmandu|
Bangkok|Singapore|Kuala Lumpur|Jakarta|Manila|Hanoi|Ho Chi Minh City|Hong Kong|Shanghai|Beijing|
Shenzhen|Guangzhou|Chengdu|Wuhan|Tianjin|Taipei|Seoul|Busan|Tokyo|Osaka|Kyoto|Yokohama|Nagoya|
Sapporo|Sydney|Melbourne|Brisbane|Perth|Adelaide|Auckland|Wellington|Christchurch
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in text.split("|"))


@cache
def _countries() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return names in lower case, two-letter and three-letter codes of ISO 3166-1."""
    split = [entry.strip().split(" ", 2) for entry in _COUNTRIES.split("|")]
    names = frozenset(name.casefold() for _, _, name in split)
    return (
        names | _names(_OTHER_COUNTRY_NAMES),
        frozenset(e[0] for e in split),
        frozenset(e[1] for e in split),
    )


def is_country_name(text: str) -> bool:
    """Return whether the text names a country, in English or as some large neighbours do."""
    return text.casefold() in _countries()[0]


def is_country_code(text: str) -> bool:
    """Return whether the text is a code of ISO 3166-1 in capitals, of two or three letters."""
    return text in _countries()[1 if len(text) == 2 else 2]


@cache
def _languages() -> frozenset[str]:
    return _names(_LANGUAGES)


def is_language_name(text: str) -> bool:
    """Return whether the text names a language, in English or in itself."""
    return text.casefold() in _languages()


def is_language_code(text: str) -> bool:
    """Return whether the text is a code of ISO 639-1 in small letters."""
    return text in _LANGUAGE_CODES


def is_locale(text: str) -> bool:
    """Return whether the text is a language and a country, such as `en-US` or `pt_BR`."""
    language, mark, country = text[:-3], text[-3:-2], text[-2:].upper()
    if mark not in ("-", "_") or country not in _countries()[1]:
        return False
    # Languages of three letters (ISO 639-2 and -3) are some 8,000: any three small letters will do.
    is_long = len(language) == 3 and language.isalpha() and language.islower()
    return is_long or language in _LANGUAGE_CODES


@cache
def _currency_names() -> frozenset[str]:
    return _names(_CURRENCY_NAMES)


def is_currency(text: str) -> bool:
    """Return whether the text is a code of ISO 4217, a currency's name or its sign."""
    return text in _CURRENCIES or text.casefold() in _currency_names()


@cache
def _regions() -> frozenset[str]:
    return _names(_REGIONS)


def is_region_name(text: str) -> bool:
    """Return whether the text names a state, a province or the like of a large country."""
    return text.casefold() in _regions()


def is_us_state(text: str) -> bool:
    """Return whether the text is the postal code of a state or territory of the United States."""
    return text in _US_STATES


@cache
def _cities() -> frozenset[str]:
    return _names(_CITIES)


def is_large_city(text: str) -> bool:
    """Return whether the text names one of some 350 large cities."""
    return text.casefold() in _cities()
