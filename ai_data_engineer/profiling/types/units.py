"""Currencies and units that stand at numbers."""

from __future__ import annotations

from ai_data_engineer.profiling.vocabulary import word_set

CURRENCY_SIGNS = word_set(
    "$ € £ ¥ ₹ ₽ ₩ ₺ ₴ ₫ ฿ ₪ ₱ ₦ ₡ ₲ ₸ ₼ ₾ ¢ R$ US$ A$ AU$ C$ CA$ NZ$ HK$ S$ NT$ MX$ AR$ S/ Bs kr "
    "kr. zł Kč Ft Fr. SFr. CHF Rs Rs. RM Rp lei Lei лв лв. грн грн. руб руб. р. 元 円 원 TL ден din"
)


CURRENCY_CODES = word_set(
    "USD EUR GBP JPY CNY RMB CHF CAD AUD NZD SEK NOK DKK ISK PLN CZK HUF RON BGN TRY RUB UAH INR "
    "KRW BRL MXN ARS CLP COP PEN UYU ZAR SGD HKD TWD THB IDR MYR PHP VND ILS AED SAR QAR KWD EGP "
    "MAD TND NGN KES GHS PKR BDT LKR KZT GEL RSD HRK BTC ETH"
)


UNITS = word_set(
    "% ‰ kg g mg µg μg ng t to. lb lbs oz st km m cm mm µm μm nm mi ft in yd ml cl dl l L hl gal "
    "°C °F °C. C F K ° h hr hrs min mins s sec secs ms µs ns d day days wk weeks mo months yr yrs "
    "year years b kB KB MB GB TB PB B KiB MiB GiB TiB kbps Mbps Gbps px pt pcs pc Stk Stück ea x "
    "W kW MW GW Wh kWh MWh V kV mV A mA mAh Ah Ω kΩ Hz kHz MHz GHz N kN Nm J kJ MJ cal kcal bar "
    "mbar Pa kPa hPa MPa psi km/h kmh mph m/s kn rpm U/min bpm dB dBm lm lx cd mol ppm ppb pH "
    "m² m2 cm² cm2 mm² km² km2 ha ft² ft2 sqft sq.ft. ac acres m³ m3 cm³ cm3 dm³ ft³ cc hp PS "
    "g/l mg/l g/km g/kg mg/kg µg/m³ μg/m³ µg/l g/cm³ kg/m² kg/m³ mg/dL mmol/L l/h mpg $/h €/m² €/h"
)
