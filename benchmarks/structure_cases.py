"""Documents of known forms, as public interfaces and programs write them, and where their records
lie. The values are made up; the shapes are those of the interfaces that the names say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A document, and what a reader should find in it."""

    name: str
    suffix: str
    text: str
    path: str | None
    """Record path; None for NDJSON, where each line is a record."""
    records: int
    columns: tuple[str, ...]
    """Safe names, each of which must be among the columns."""


def _many(count: int, make: Callable[[int], Any]) -> list[Any]:
    return [make(number) for number in range(count)]


def _person(n: int) -> dict[str, Any]:
    return {"id": n + 1, "name": f"Person {n}", "email": f"p{n}@example.org", "active": n % 3 == 0}


def _date(n: int) -> str:
    return f"2024-{n // 28 + 1:02}-{n % 28 + 1:02}"


def _json(name: str, value: Any, path: str | None, records: int, *columns: str) -> Case:
    return Case(name, ".json", json.dumps(value), path, records, columns)


def _lines(name: str, values: list[Any], path: str | None, records: int, *columns: str) -> Case:
    text = "".join(json.dumps(value) + "\n" for value in values)
    return Case(name, ".jsonl", text, path, records, columns)


def _text(name: str, text: str, path: str | None, records: int, *columns: str) -> Case:
    return Case(name, ".json", text, path, records, columns)


def _xml(name: str, text: str, path: str, records: int, *columns: str) -> Case:
    return Case(name, ".xml", text, path, records, columns)


_PLACES = ("Oslo", "Bergen", "Lund", "Turku", "Vejle", "Visby", "Kemi", "Moss")
_CODES = ("EUR", "USD", "GBP", "NOK", "SEK", "DKK", "CHF", "JPY", "PLN", "CZK", "HUF", "ISK")


def _place(n: int) -> str:
    return _PLACES[n % len(_PLACES)]


JSON_CASES: tuple[Case, ...] = (
    _json("array of objects", _many(5, _person), "", 5, "id", "name", "email", "active"),
    _json("array of numbers", [3, 1, 4, 1, 5], "", 5, "value"),
    _json("array of texts", ["a", "b", "c"], "", 3, "value"),
    _json("one flat object", {"id": 1, "name": "Ann", "city": "Oslo"}, "", 1, "id", "city"),
    _json("one nested object",
          {"id": 1, "name": "Ann", "address": {"street": "Main 1", "city": "Oslo"},
           "tags": ["a", "b"]}, "", 1, "id", "address_city", "tags"),
    _json("one order with lines",
          {"order_id": 17, "customer": "Ann", "street": "Main street 5", "city": "Oslo",
           "note": "leave it at the door, please", "lines": [{"sku": "a", "n": 1}]},
          "", 1, "order_id", "lines"),
    _json("a page of results (Django REST)",
          {"count": 120, "next": "https://x/?page=2", "previous": None,
           "results": _many(6, _person)}, "/results", 6, "id", "email"),
    _json("a list of GitHub issues",
          _many(4, lambda n: {"id": n, "number": n, "title": "t", "user": _person(n),
                              "labels": [{"id": 1, "name": "bug"}], "state": "open"}),
          "", 4, "number", "user_name", "labels"),
    _json("GitHub search", {"total_count": 40, "incomplete_results": False,
                            "items": _many(3, lambda n: {"id": n, "full_name": "a/b"})},
          "/items", 3, "id", "full_name"),
    _json("JSON:API with included",
          {"jsonapi": {"version": "1.0"},
           "data": _many(4, lambda n: {"type": "articles", "id": str(n),
                                       "attributes": {"title": f"Title {n}"}}),
           "included": _many(12, lambda n: {"type": "people", "id": str(n), "attributes":
                                            {"first": f"First {n}", "last": f"Last {n}"}}),
           "links": {"self": "https://x/articles"}}, "/data", 4, "id", "attributes_title"),
    _json("Elasticsearch hits",
          {"took": 3, "timed_out": False, "_shards": {"total": 1, "successful": 1},
           "hits": {"total": {"value": 3, "relation": "eq"}, "max_score": 1.0,
                    "hits": _many(3, lambda n: {"_index": "a", "_id": str(n), "_score": 1.0,
                                                "_source": {"user": f"u{n}", "message": "hi"}})},
           "aggregations": {"by_user": {"buckets": _many(9, lambda n: {"key": f"u{n}",
                                                                       "doc_count": n})}}},
          "/hits/hits", 3, "source_user", "source_message"),
    _json("OData", {"@odata.context": "https://x/$metadata#People",
                    "value": _many(4, lambda n: {"UserName": f"u{n}", "Age": n})},
          "/value", 4, "user_name", "age"),
    _json("OData 2", {"d": {"results": _many(4, lambda n: {
        "__metadata": {"uri": f"x({n})"}, "Name": f"n{n}"}), "__count": "4"}},
          "/d/results", 4, "name"),
    _json("SPARQL results",
          {"head": {"vars": ["city", "size"]},
           "results": {"bindings": _many(5, lambda n: {
               "city": {"type": "literal", "value": _place(n)},
               "size": {"type": "literal", "value": str(n)}})}},
          "/results/bindings", 5, "city_value", "size_value"),
    _json("CKAN datastore",
          {"help": "https://x/help", "success": True, "result": {
              "resource_id": "a-b", "fields": [{"type": "int", "id": "_id"},
                                               {"type": "text", "id": "place"}],
              "records": _many(6, lambda n: {"_id": n, "place": _place(n)}), "total": 6}},
          "/result/records", 6, "id", "place"),
    _json("GeoJSON",
          {"type": "FeatureCollection", "name": "places", "features": _many(5, lambda n: {
              "type": "Feature", "properties": {"name": _place(n), "size": n},
              "geometry": {"type": "Point", "coordinates": [n, 2.5]}})},
          "/features", 5, "properties_name", "geometry_coordinates"),
    _json("TopoJSON",
          {"type": "Topology", "objects": {"land": {"type": "GeometryCollection",
              "geometries": _many(20, lambda n: {"type": "Polygon", "id": n, "arcs": [[n]],
                                                 "properties": {"name": f"n{n}"}})}},
           "arcs": _many(20, lambda n: [[n, m] for m in range(n % 4 + 3)])},
          "/objects/land/geometries", 20, "id", "properties_name"),
    _json("FHIR bundle",
          {"resourceType": "Bundle", "id": "b1", "type": "searchset", "total": 3,
           "link": [{"relation": "self", "url": "https://x"}],
           "entry": _many(3, lambda n: {"fullUrl": f"https://x/{n}", "resource": {
               "resourceType": "Patient", "id": str(n), "gender": "female"}})},
          "/entry", 3, "resource_id", "resource_gender"),
    _json("objects keyed by id",
          {f"{'abcdef'[n]}{n * 7 + 11}": {"name": _place(n), "size": n} for n in range(4)},
          "/*", 4, "key", "name", "size"),
    _json("objects keyed by id under a path",
          {"status": "ok", "data": {str(100 + n): _person(n) for n in range(5)}},
          "/data/*", 5, "key", "email"),
    _json("objects keyed by name",
          {name.lower(): {"population": n, "country": "NO", "area": n / 3}
           for n, name in enumerate(_PLACES)}, "/*", 8, "key", "population", "area"),
    _json("Firebase export",
          {"users": {f"-Kx{n}abcDEF9q": _person(n) for n in range(4)}},
          "/users/*", 4, "key", "name"),
    _json("exchange rates",
          {"base": "EUR", "date": "2024-01-05", "rates": dict.fromkeys(_CODES, 1.5)},
          "/rates/*", 12, "key", "value"),
    _json("exchange rates by day",
          {"amount": 1.0, "base": "EUR", "start_date": "2024-01-01", "end_date": "2024-01-09",
           "rates": {_date(n): {"USD": 1.09, "GBP": 0.86} for n in range(7)}},
          "/rates/*", 7, "key", "usd", "gbp"),
    _json("Alpha Vantage",
          {"Meta Data": {"1. Information": "Daily Prices", "2. Symbol": "IBM",
                         "3. Last Refreshed": "2024-01-09"},
           "Time Series (Daily)": {_date(n): {"1. open": "10.0", "2. high": "11.0",
                                              "5. volume": "1000"} for n in range(8)}},
          "/Time Series (Daily)/*", 8, "key", "column_1_open", "column_5_volume"),
    _json("lists keyed by year",
          {str(year): _many(3, lambda n: {"place": _place(n), "rain": n}) for year in
           (2021, 2022, 2023)}, "/*", 9, "key", "place", "rain"),
    _json("columns (pandas, list)",
          {"city": list(_PLACES), "size": list(range(8)), "rain": [n / 2 for n in range(8)]},
          "/~columns", 8, "city", "size", "rain"),
    _json("columns (brief)", {"a": [1, 2], "b": [3, 4]}, "/~columns", 2, "a", "b"),
    _json("columns (pandas, columns)",
          {"city": {str(n): _place(n) for n in range(6)}, "size": {str(n): n for n in range(6)}},
          "/~columns", 6, "key", "city", "size"),
    _json("rows (pandas, index)",
          {str(n): {"city": _place(n), "size": n} for n in range(6)}, "/*", 6, "key", "city"),
    _json("rows (pandas, split)",
          {"columns": ["city", "size"], "index": list(range(6)),
           "data": _many(6, lambda n: [_place(n), n])}, "/data", 6, "city", "size"),
    _json("rows (pandas, table)",
          {"schema": {"fields": [{"name": "index", "type": "integer"},
                                 {"name": "city", "type": "string"}], "primaryKey": ["index"]},
           "data": _many(6, lambda n: {"index": n, "city": _place(n)})},
          "/data", 6, "index", "city"),
    _json("Open-Meteo",
          {"latitude": 52.5, "longitude": 13.4, "timezone": "GMT",
           "hourly_units": {"time": "iso8601", "temperature_2m": "C"},
           "hourly": {"time": [f"2024-01-01T{n:02}:00" for n in range(24)],
                      "temperature_2m": [n / 2 for n in range(24)]}},
          "/hourly/~columns", 24, "time", "temperature_2m"),
    _json("Finnhub candles",
          {"c": [1.5] * 6, "h": [2.5] * 6, "t": list(range(6)), "s": "ok"},
          "/~columns", 6, "c", "h", "t"),
    _json("rows below a header",
          [["id", "city", "size"], *_many(6, lambda n: [n, _place(n), n / 2])],
          "/1:", 6, "id", "city", "size"),
    _json("Census interface",
          [["NAME", "B01001_001E", "state"], *_many(6, lambda n: [_place(n), str(n * 999), "01"])],
          "/1:", 6, "name", "state"),
    _json("Google Sheets values",
          {"range": "Sheet1!A1:C7", "majorDimension": "ROWS",
           "values": [["day", "city", "rain"], *_many(6, lambda n: [_date(n), _place(n), "3"])]},
          "/values/1:", 6, "day", "city", "rain"),
    _json("Binance candles",
          _many(6, lambda n: [1704067200000 + n, "42.1", "43.0", "41.5", "42.2", 17]),
          "", 6, "column_1", "column_6"),
    _json("Socrata rows",
          {"meta": {"view": {"id": "ab-cd", "name": "Trees", "columns": [
              {"id": -1, "name": "sid", "fieldName": ":sid"},
              {"id": 2, "name": "Species", "fieldName": "species"},
              {"id": 3, "name": "Height", "fieldName": "height"}]}},
           "data": _many(8, lambda n: [f"row-{n}", "oak", str(n)])},
          "/data", 8, "sid", "species", "height"),
    _json("World Bank",
          [{"page": 1, "pages": 1, "per_page": 50, "total": 6},
           _many(6, lambda n: {"indicator": {"id": "SP.POP", "value": "Population"},
                               "countryiso3code": "NOR", "date": str(2000 + n), "value": n})],
          "/1", 6, "countryiso3code", "date"),
    _json("Dog CEO", {"message": [f"https://x/{n}.jpg" for n in range(12)], "status": "success"},
          "/message", 12, "value"),
    _json("Wikipedia pageviews",
          {"items": _many(7, lambda n: {"project": "en", "timestamp": f"20240{n}", "views": n})},
          "/items", 7, "timestamp", "views"),
    _json("MediaWiki query",
          {"batchcomplete": "", "query": {"pages": {str(n * 31 + 7): {
              "pageid": n * 31 + 7, "ns": 0, "title": _place(n)} for n in range(5)}}},
          "/query/pages/*", 5, "pageid", "title"),
    _json("Reddit listing",
          {"kind": "Listing", "data": {"after": "t3_x", "dist": 4, "children": _many(
              4, lambda n: {"kind": "t3", "data": {"title": f"t{n}", "score": n}})}},
          "/data/children", 4, "data_title", "data_score"),
    _json("Overpass",
          {"version": 0.6, "generator": "Overpass API",
           "osm3s": {"timestamp_osm_base": "2024-01-01T00:00:00Z", "copyright": "OSM"},
           "elements": _many(6, lambda n: {"type": "node", "id": n, "lat": 1.5, "lon": 2.5,
                                           "tags": {"name": _place(n)}})},
          "/elements", 6, "id", "lat", "tags_name"),
    _json("USGS earthquakes",
          {"type": "FeatureCollection",
           "metadata": {"generated": 1704067200000, "title": "USGS", "count": 4},
           "features": _many(4, lambda n: {"type": "Feature", "id": f"us{n}", "properties":
               {"mag": n, "place": _place(n)}, "geometry": {"type": "Point",
                                                            "coordinates": [1, 2, 3]}}),
           "bbox": [0, 0, 0, 9, 9, 9]}, "/features", 4, "properties_mag", "id"),
    _json("Stripe list", {"object": "list", "url": "/v1/charges", "has_more": False,
                          "data": _many(3, lambda n: {"id": f"ch_{n}", "object": "charge",
                                                      "amount": n})},
          "/data", 3, "id", "amount"),
    _json("Shopify orders with lines",
          {"orders": _many(4, lambda n: {
              "id": n, "email": "a@example.org", "line_items": _many(
                  6, lambda m: {"id": m, "title": "Shirt", "quantity": m, "price": "9.00"})})},
          "/orders", 4, "id", "email", "line_items"),
    _json("GraphQL connection",
          {"data": {"repository": {"issues": {"totalCount": 5, "pageInfo": {"hasNextPage": False},
              "edges": _many(5, lambda n: {"cursor": "x", "node": {"number": n,
                                                                  "title": f"t{n}"}})}}}},
          "/data/repository/issues/edges", 5, "node_number", "node_title"),
    _json("HAL",
          {"_links": {"self": {"href": "/orders"}, "next": {"href": "/orders?page=2"}},
           "currentlyProcessing": 14, "shippedToday": 20,
           "_embedded": {"ea:order": _many(4, lambda n: {
               "_links": {"self": {"href": f"/orders/{n}"}}, "total": n, "status": "shipped"})}},
          "/_embedded/ea:order", 4, "total", "status"),
    _json("Spring page",
          {"content": _many(5, _person), "pageable": {"pageNumber": 0, "pageSize": 20},
           "totalPages": 1, "totalElements": 5, "last": True, "size": 20, "number": 0,
           "sort": {"sorted": False, "empty": True}, "numberOfElements": 5, "first": True},
          "/content", 5, "id", "email"),
    _json("Algolia",
          {"hits": _many(4, lambda n: {"objectID": str(n), "title": f"t{n}"}), "nbHits": 4,
           "page": 0, "nbPages": 1, "hitsPerPage": 20, "query": "t",
           "facets": {"brand": {f"Brand{n}": n for n in range(30)}}},
          "/hits", 4, "object_id", "title"),
    _json("nodes and links",
          {"nodes": _many(8, lambda n: {"id": n, "group": n % 3}),
           "links": _many(60, lambda n: {"source": n % 8, "target": n % 5, "value": n})},
          "/links", 60, "source", "target", "value"),
    _json("COCO annotations",
          {"info": {"year": 2017, "version": "1.0"},
           "licenses": [{"id": 1, "name": "CC", "url": "https://x"}],
           "images": _many(6, lambda n: {"id": n, "file_name": f"{n}.jpg", "width": 640}),
           "annotations": _many(30, lambda n: {"id": n, "image_id": n % 6, "bbox": [1, 2, 3, 4],
                                               "area": 12.5, "category_id": n % 4}),
           "categories": _many(4, lambda n: {"id": n, "name": f"c{n}"})},
          "/annotations", 30, "image_id", "category_id"),
    _json("HAR",
          {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [
              {"startedDateTime": "2024-01-01T00:00:00Z", "id": "page_1", "title": "x"}],
              "entries": _many(7, lambda n: {"startedDateTime": "2024-01-01T00:00:00Z",
                  "time": n, "request": {"method": "GET", "url": "https://x"},
                  "response": {"status": 200}})}},
          "/log/entries", 7, "request_method", "response_status"),
    _json("CloudTrail", {"Records": _many(5, lambda n: {
        "eventVersion": "1.08", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "userIdentity": {"type": "IAMUser", "accountId": "1"}})},
          "/Records", 5, "event_name", "user_identity_type"),
    _json("Prometheus query",
          {"status": "success", "data": {"resultType": "vector", "result": _many(5, lambda n: {
              "metric": {"job": f"j{n}", "instance": "x:9090"}, "value": [1704067200, "1"]})}},
          "/data/result", 5, "metric_job", "value"),
    _json("Stack Exchange",
          {"items": _many(4, lambda n: {"tags": ["a"], "owner": {"user_id": n}, "score": n}),
           "has_more": True, "quota_max": 300, "quota_remaining": 299},
          "/items", 4, "owner_user_id", "score"),
    _json("npm lock file",
          {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {
              f"node_modules/p{n}": {"version": f"1.{n}.0", "resolved": f"https://x/p{n}.tgz",
                                     "integrity": "sha512-x"} for n in range(12)}},
          "/packages/*", 12, "key", "version", "resolved"),
    _json("a dump of pages",
          _many(3, lambda page: {"page": page, "total": 30,
                                 "results": _many(10, lambda n: _person(page * 10 + n))}),
          "/*/results", 30, "id", "email"),
    _json("arrays of pages", _many(3, lambda page: _many(4, _person)), "/*", 12, "id", "email"),
    _json("records behind a long preamble",
          {"license": "word " * 800, "source": {"title": "x", "notes": ["y"] * 30},
           "items": _many(60, _person)}, "/items", 60, "id", "email"),
    _lines("NDJSON", _many(5, _person), None, 5, "id", "name"),
    _lines("NDJSON of orders with lines",
           _many(5, lambda n: {"order_id": n, "customer": "Ann",
                               "items": _many(8, lambda m: {"sku": f"s{m}", "n": m})}),
           None, 5, "order_id", "customer", "items"),
    _lines("NDJSON of pages",
           _many(4, lambda p: {"page": p, "next": p + 1, "data": _many(6, _person)}),
           "*/data", 24, "id", "email"),
    _lines("NDJSON of arrays of records", _many(3, lambda p: _many(4, _person)), "*", 12, "id"),
    _lines("NDJSON of rows below a header",
           [["name", "score", "done"], *_many(5, lambda n: [_place(n), n, n > 2])],
           "1:", 5, "name", "score", "done"),
    _lines("NDJSON of rows", _many(5, lambda n: [n, _place(n)]), None, 5, "column_1", "column_2"),
    _lines("Docker events",
           _many(6, lambda n: {"Type": "container", "Action": "start", "time": n,
                               "Actor": {"ID": f"x{n}"}}), None, 6, "action", "actor_id"),
    _text("documents one behind another", "".join(json.dumps(_person(n)) for n in range(5)),
          "*", 5, "id", "email"),
    _text("documents one behind another, on many lines",
          "\n".join(json.dumps(_person(n), indent=2) for n in range(5)), "*", 5, "id", "email"),
    _text("JSON text sequence (RFC 7464)",
          "".join(f"\x1e{json.dumps(_person(n))}\n" for n in range(5)), "*", 5, "id", "email"),
    _text("JSON with a byte order mark", "\ufeff" + json.dumps(_many(4, _person)), "", 4, "id"),
)  # fmt: skip


def _repeat(count: int, text: str) -> str:
    return "".join(text.replace("#", str(number)) for number in range(count))


_BOOK = '<book id="#"><title>T #</title><author>A</author><author>B</author><price>1</price></book>'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'

XML_CASES: tuple[Case, ...] = (
    _xml("catalogue", f"<catalog>{_repeat(4, _BOOK)}</catalog>", "/catalog/book", 4,
         "id", "title", "author", "price"),
    _xml("one record", f"<catalog>{_repeat(1, _BOOK)}</catalog>", "/catalog/book", 1, "title"),
    _xml("attributes only", "<rows>" + _repeat(5, '<row Id="#" Score="3" Text="x"/>') + "</rows>",
         "/rows/row", 5, "id", "score", "text"),
    _xml("database dump",
         "<mysqldump><database name='d'><table_data name='t'>"
         + _repeat(4, '<row><field name="id">#</field><field name="city">Oslo</field></row>')
         + "</table_data></database></mysqldump>",
         "/mysqldump/database/table_data/row", 4, "field"),
    _xml("RSS",
         "<rss version='2.0'><channel><title>t</title><link>x</link><description>d</description>"
         "<image><url>u</url><title>t</title></image>"
         + _repeat(5, "<item><title>T #</title><link>l</link><guid>#</guid><category>a</category>"
                      "<category>b</category><category>c</category></item>")
         + "</channel></rss>", "/rss/channel/item", 5, "title", "link", "guid", "category"),
    _xml("Atom",
         f"<feed {_ATOM}><title>t</title><id>x</id><updated>2024-01-01</updated>"
         "<author><name>Ann</name></author>"
         + _repeat(4, '<entry><title>T #</title><id>#</id><link href="x"/></entry>') + "</feed>",
         "/feed/entry", 4, "title", "id", "link_href"),
    _xml("sitemap",
         '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
         + _repeat(6, "<url><loc>https://x/#</loc><lastmod>2024-01-01</lastmod></url>")
         + "</urlset>", "/urlset/url", 6, "loc", "lastmod"),
    _xml("sitemap of addresses alone",
         "<urlset>" + _repeat(6, "<url><loc>https://x/#</loc></url>") + "</urlset>",
         "/urlset/url", 6, "loc"),
    _xml("few items, many tags",
         "<doc>" + _repeat(4, "<item><name>N #</name><price>3</price><tags>"
                              + "<tag>a</tag>" * 12 + "</tags></item>") + "</doc>",
         "/doc/item", 4, "name", "price"),
    _xml("orders with lines",
         "<orders>" + _repeat(6, '<order id="#"><customer>Ann</customer>'
                                 + '<line sku="1" n="2"/>' * 5 + "</order>") + "</orders>",
         "/orders/order", 6, "id", "customer", "line"),
    _xml("SOAP",
         '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/>'
         '<soap:Body><m:GetPricesResponse xmlns:m="urn:p"><m:Prices>'
         + _repeat(4, "<m:Price><m:Item>I #</m:Item><m:Amount>3</m:Amount></m:Price>")
         + "</m:Prices></m:GetPricesResponse></soap:Body></soap:Envelope>",
         "/Envelope/Body/GetPricesResponse/Prices/Price", 4, "item", "amount"),
    _xml("SOAP, one answer",
         '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
         '<m:Stock xmlns:m="urn:p"><m:Item>a</m:Item><m:Left>3</m:Left></m:Stock>'
         "</s:Body></s:Envelope>", "/Envelope/Body/Stock", 1, "item", "left"),
    _xml("KML",
         '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>'
         '<Style id="s"><LineStyle><color>ff</color><width>2</width></LineStyle></Style><Folder>'
         + _repeat(6, "<Placemark><name>P #</name><styleUrl>#s</styleUrl><Point><coordinates>1,2"
                      "</coordinates></Point></Placemark>") + "</Folder></Document></kml>",
         "/kml/Document/Folder/Placemark", 6, "name", "point_coordinates"),
    _xml("GPX",
         '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>x</time>'
         "</metadata><trk><name>run</name><trkseg>"
         + _repeat(20, '<trkpt lat="1.#" lon="2.#"><ele>3</ele><time>2024-01-01T00:00:#Z</time>'
                       "</trkpt>") + "</trkseg></trk></gpx>",
         "/gpx/trk/trkseg/trkpt", 20, "lat", "lon", "ele", "time"),
    _xml("OpenStreetMap",
         '<osm version="0.6"><bounds minlat="1" minlon="2"/>'
         + _repeat(30, '<node id="#" lat="1.5" lon="2.5" version="1"/>')
         + _repeat(4, '<way id="#"><nd ref="1"/><nd ref="2"/><tag k="a" v="b"/></way>') + "</osm>",
         "/osm/node", 30, "id", "lat", "lon"),
    _xml("two kinds under one root",
         "<export>" + _repeat(20, "<customer><name>N #</name><city>Oslo</city></customer>")
         + _repeat(6, "<invoice><number>#</number><total>3</total></invoice>") + "</export>",
         "/export/customer", 20, "name", "city"),
    _xml("two lists under one root",
         "<export><customers>" + _repeat(3, '<customer name="a" city="b"/>')
         + "</customers><orders>" + _repeat(12, '<order id="#" total="3" day="x"/>')
         + "</orders></export>", "/export/orders/order", 12, "id", "total", "day"),
    _xml("shelves of books",
         "<library>" + _repeat(3, '<shelf name="s#">' + "<book><t>a</t><p>1</p></book>" * 40
                                  + "</shelf>") + "</library>",
         "/library/shelf/book", 120, "t", "p"),
    _xml("comments and instructions between records",
         "<?xml version='1.0'?><!-- made --><?style x?><list>"
         + _repeat(4, "<!-- # --><?pi #?><entry><a>#</a><b><![CDATA[<x>]]></b></entry>")
         + "</list>", "/list/entry", 4, "a", "b"),
    _xml("xsi:nil",
         '<rows xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
         + _repeat(4, '<row><id>#</id><city xsi:nil="true"/></row>') + "</rows>",
         "/rows/row", 4, "id", "city"),
    _xml("names of two namespaces",
         '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><title>c</title>'
         + _repeat(4, '<item><title>T #</title><media:title>M #</media:title><guid>#</guid>'
                      "</item>") + "</channel></rss>",
         "/rss/channel/item", 4, "title", "media_title", "guid"),
    _xml("mixed content",
         "<doc>" + _repeat(5, "<p id='#'>Some <b>bold</b> text <i>and</i> more</p>") + "</doc>",
         "/doc/p", 5, "id", "b", "i"),
    _xml("ONIX-like, deep records",
         "<Message><Header><Sender>x</Sender><Sent>2024</Sent></Header>"
         + _repeat(5, "<Product><Ref>#</Ref><Detail><Title><Text>T</Text></Title><Contributor>"
                      "<Name>A</Name></Contributor><Contributor><Name>B</Name></Contributor>"
                      "</Detail></Product>") + "</Message>",
         "/Message/Product", 5, "ref", "detail_title_text", "detail_contributor"),
    _xml("one record with a list",
         "<person><name>Ann</name><age>3</age><city>Oslo</city><phone>1</phone><phone>2</phone>"
         "</person>", "/person", 1, "name", "phone"),
    _xml("settings",
         "<config><db><host>a</host><port>1</port></db><log><level>x</level></log></config>",
         "/config", 1, "db_host", "log_level"),
    _xml("values alone", "<names>" + _repeat(8, "<name>N #</name>") + "</names>",
         "/names/name", 8, "text"),
    _xml("exchange rates of the ECB",
         '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
         'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>r'
         "</gesmes:subject><gesmes:Sender><gesmes:name>ECB</gesmes:name></gesmes:Sender><Cube>"
         "<Cube time='2024-01-05'>" + _repeat(12, "<Cube currency='C#' rate='1.#'/>")
         + "</Cube></Cube></gesmes:Envelope>", "/Envelope/Cube/Cube/Cube", 12,
         "currency", "rate"),
    _xml("XBRL-like facts",
         '<xbrl xmlns:us="urn:us"><context id="c1"><entity><identifier scheme="s">1</identifier>'
         "</entity><period><instant>2024-01-01</instant></period></context>"
         '<context id="c2"><entity><identifier scheme="s">1</identifier></entity><period>'
         "<instant>2023-01-01</instant></period></context>"
         + _repeat(9, '<us:Assets contextRef="c1" unitRef="usd" decimals="0">#</us:Assets>')
         + "</xbrl>", "/xbrl/Assets", 9, "context_ref", "unit_ref", "text"),
    _xml("property list",
         "<plist><array>" + _repeat(6, "<dict><key>id</key><integer>#</integer><key>n</key>"
                                       "<string>x</string></dict>") + "</array></plist>",
         "/plist/array/dict", 6, "key", "integer", "string"),
    _xml("JUnit report",
         '<testsuites><testsuite name="s" tests="8">'
         + _repeat(8, '<testcase classname="c" name="t#" time="0.1"/>')
         + "<system-out>x</system-out></testsuite></testsuites>",
         "/testsuites/testsuite/testcase", 8, "classname", "name", "time"),
    _xml("a long preamble",
         "<data><about>" + "word " * 600 + "</about><source><title>x</title></source><rows>"
         + _repeat(40, "<row><a>#</a><b>x</b></row>") + "</rows></data>",
         "/data/rows/row", 40, "a", "b"),
)  # fmt: skip

CASES = JSON_CASES + XML_CASES
