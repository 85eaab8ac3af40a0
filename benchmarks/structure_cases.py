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


def many(count: int, make: Callable[[int], Any]) -> list[Any]:
    return [make(number) for number in range(count)]


def _person(n: int) -> dict[str, Any]:
    return {"id": n + 1, "name": f"Person {n}", "email": f"p{n}@example.org", "active": n % 3 == 0}


def date(n: int) -> str:
    return f"2024-{n // 28 + 1:02}-{n % 28 + 1:02}"


def json_case(name: str, value: Any, path: str | None, records: int, *columns: str) -> Case:
    return Case(name, ".json", json.dumps(value), path, records, columns)


def lines_case(name: str, values: list[Any], path: str | None, records: int, *columns: str) -> Case:
    text = "".join(json.dumps(value) + "\n" for value in values)
    return Case(name, ".jsonl", text, path, records, columns)


def _text(name: str, text: str, path: str | None, records: int, *columns: str) -> Case:
    return Case(name, ".json", text, path, records, columns)


def xml(name: str, text: str, path: str, records: int, *columns: str) -> Case:
    return Case(name, ".xml", text, path, records, columns)


_PLACES = ("Oslo", "Bergen", "Lund", "Turku", "Vejle", "Visby", "Kemi", "Moss")
_CODES = ("EUR", "USD", "GBP", "NOK", "SEK", "DKK", "CHF", "JPY", "PLN", "CZK", "HUF", "ISK")


def place(n: int) -> str:
    return _PLACES[n % len(_PLACES)]


JSON_CASES: tuple[Case, ...] = (
    json_case("array of objects", many(5, _person), "", 5, "id", "name", "email", "active"),
    json_case("array of numbers", [3, 1, 4, 1, 5], "", 5, "value"),
    json_case("array of texts", ["a", "b", "c"], "", 3, "value"),
    json_case("one flat object", {"id": 1, "name": "Ann", "city": "Oslo"}, "", 1, "id", "city"),
    json_case("one nested object",
          {"id": 1, "name": "Ann", "address": {"street": "Main 1", "city": "Oslo"},
           "tags": ["a", "b"]}, "", 1, "id", "address_city", "tags"),
    json_case("one order with lines",
          {"order_id": 17, "customer": "Ann", "street": "Main street 5", "city": "Oslo",
           "note": "leave it at the door, please", "lines": [{"sku": "a", "n": 1}]},
          "", 1, "order_id", "lines"),
    json_case("a page of results (Django REST)",
          {"count": 120, "next": "https://x/?page=2", "previous": None,
           "results": many(6, _person)}, "/results", 6, "id", "email"),
    json_case("a list of GitHub issues",
          many(4, lambda n: {"id": n, "number": n, "title": "t", "user": _person(n),
                              "labels": [{"id": 1, "name": "bug"}], "state": "open"}),
          "", 4, "number", "user_name", "labels"),
    json_case("GitHub search", {"total_count": 40, "incomplete_results": False,
                            "items": many(3, lambda n: {"id": n, "full_name": "a/b"})},
          "/items", 3, "id", "full_name"),
    json_case("JSON:API with included",
          {"jsonapi": {"version": "1.0"},
           "data": many(4, lambda n: {"type": "articles", "id": str(n),
                                       "attributes": {"title": f"Title {n}"}}),
           "included": many(12, lambda n: {"type": "people", "id": str(n), "attributes":
                                            {"first": f"First {n}", "last": f"Last {n}"}}),
           "links": {"self": "https://x/articles"}}, "/data", 4, "id", "attributes_title"),
    json_case("Elasticsearch hits",
          {"took": 3, "timed_out": False, "_shards": {"total": 1, "successful": 1},
           "hits": {"total": {"value": 3, "relation": "eq"}, "max_score": 1.0,
                    "hits": many(3, lambda n: {"_index": "a", "_id": str(n), "_score": 1.0,
                                                "_source": {"user": f"u{n}", "message": "hi"}})},
           "aggregations": {"by_user": {"buckets": many(9, lambda n: {"key": f"u{n}",
                                                                       "doc_count": n})}}},
          "/hits/hits", 3, "source_user", "source_message"),
    json_case("OData", {"@odata.context": "https://x/$metadata#People",
                    "value": many(4, lambda n: {"UserName": f"u{n}", "Age": n})},
          "/value", 4, "user_name", "age"),
    json_case("OData 2", {"d": {"results": many(4, lambda n: {
        "__metadata": {"uri": f"x({n})"}, "Name": f"n{n}"}), "__count": "4"}},
          "/d/results", 4, "name"),
    json_case("SPARQL results",
          {"head": {"vars": ["city", "size"]},
           "results": {"bindings": many(5, lambda n: {
               "city": {"type": "literal", "value": place(n)},
               "size": {"type": "literal", "value": str(n)}})}},
          "/results/bindings", 5, "city_value", "size_value"),
    json_case("CKAN datastore",
          {"help": "https://x/help", "success": True, "result": {
              "resource_id": "a-b", "fields": [{"type": "int", "id": "_id"},
                                               {"type": "text", "id": "place"}],
              "records": many(6, lambda n: {"_id": n, "place": place(n)}), "total": 6}},
          "/result/records", 6, "id", "place"),
    json_case("GeoJSON",
          {"type": "FeatureCollection", "name": "places", "features": many(5, lambda n: {
              "type": "Feature", "properties": {"name": place(n), "size": n},
              "geometry": {"type": "Point", "coordinates": [n, 2.5]}})},
          "/features", 5, "properties_name", "geometry_coordinates"),
    json_case("TopoJSON",
          {"type": "Topology", "objects": {"land": {"type": "GeometryCollection",
              "geometries": many(20, lambda n: {"type": "Polygon", "id": n, "arcs": [[n]],
                                                 "properties": {"name": f"n{n}"}})}},
           "arcs": many(20, lambda n: [[n, m] for m in range(n % 4 + 3)])},
          "/objects/land/geometries", 20, "id", "properties_name"),
    json_case("FHIR bundle",
          {"resourceType": "Bundle", "id": "b1", "type": "searchset", "total": 3,
           "link": [{"relation": "self", "url": "https://x"}],
           "entry": many(3, lambda n: {"fullUrl": f"https://x/{n}", "resource": {
               "resourceType": "Patient", "id": str(n), "gender": "female"}})},
          "/entry", 3, "resource_id", "resource_gender"),
    json_case("objects keyed by id",
          {f"{'abcdef'[n]}{n * 7 + 11}": {"name": place(n), "size": n} for n in range(4)},
          "/*", 4, "key", "name", "size"),
    json_case("objects keyed by id under a path",
          {"status": "ok", "data": {str(100 + n): _person(n) for n in range(5)}},
          "/data/*", 5, "key", "email"),
    json_case("objects keyed by name",
          {name.lower(): {"population": n, "country": "NO", "area": n / 3}
           for n, name in enumerate(_PLACES)}, "/*", 8, "key", "population", "area"),
    json_case("Firebase export",
          {"users": {f"-Kx{n}abcDEF9q": _person(n) for n in range(4)}},
          "/users/*", 4, "key", "name"),
    json_case("exchange rates",
          {"base": "EUR", "date": "2024-01-05", "rates": dict.fromkeys(_CODES, 1.5)},
          "/rates/*", 12, "key", "value"),
    json_case("exchange rates by day",
          {"amount": 1.0, "base": "EUR", "start_date": "2024-01-01", "end_date": "2024-01-09",
           "rates": {date(n): {"USD": 1.09, "GBP": 0.86} for n in range(7)}},
          "/rates/*", 7, "key", "usd", "gbp"),
    json_case("Alpha Vantage",
          {"Meta Data": {"1. Information": "Daily Prices", "2. Symbol": "IBM",
                         "3. Last Refreshed": "2024-01-09"},
           "Time Series (Daily)": {date(n): {"1. open": "10.0", "2. high": "11.0",
                                              "5. volume": "1000"} for n in range(8)}},
          "/Time Series (Daily)/*", 8, "key", "column_1_open", "column_5_volume"),
    json_case("lists keyed by year",
          {str(year): many(3, lambda n: {"place": place(n), "rain": n}) for year in
           (2021, 2022, 2023)}, "/*", 9, "key", "place", "rain"),
    json_case("columns (pandas, list)",
          {"city": list(_PLACES), "size": list(range(8)), "rain": [n / 2 for n in range(8)]},
          "/~columns", 8, "city", "size", "rain"),
    json_case("columns (brief)", {"a": [1, 2], "b": [3, 4]}, "/~columns", 2, "a", "b"),
    json_case("columns (pandas, columns)",
          {"city": {str(n): place(n) for n in range(6)}, "size": {str(n): n for n in range(6)}},
          "/~columns", 6, "key", "city", "size"),
    json_case("rows (pandas, index)",
          {str(n): {"city": place(n), "size": n} for n in range(6)}, "/*", 6, "key", "city"),
    json_case("rows (pandas, split)",
          {"columns": ["city", "size"], "index": list(range(6)),
           "data": many(6, lambda n: [place(n), n])}, "/data", 6, "city", "size"),
    json_case("rows (pandas, table)",
          {"schema": {"fields": [{"name": "index", "type": "integer"},
                                 {"name": "city", "type": "string"}], "primaryKey": ["index"]},
           "data": many(6, lambda n: {"index": n, "city": place(n)})},
          "/data", 6, "index", "city"),
    json_case("Open-Meteo",
          {"latitude": 52.5, "longitude": 13.4, "timezone": "GMT",
           "hourly_units": {"time": "iso8601", "temperature_2m": "C"},
           "hourly": {"time": [f"2024-01-01T{n:02}:00" for n in range(24)],
                      "temperature_2m": [n / 2 for n in range(24)]}},
          "/hourly/~columns", 24, "time", "temperature_2m"),
    json_case("Finnhub candles",
          {"c": [1.5] * 6, "h": [2.5] * 6, "t": list(range(6)), "s": "ok"},
          "/~columns", 6, "c", "h", "t"),
    json_case("rows below a header",
          [["id", "city", "size"], *many(6, lambda n: [n, place(n), n / 2])],
          "/1:", 6, "id", "city", "size"),
    json_case("Census interface",
          [["NAME", "B01001_001E", "state"], *many(6, lambda n: [place(n), str(n * 999), "01"])],
          "/1:", 6, "name", "state"),
    json_case("Google Sheets values",
          {"range": "Sheet1!A1:C7", "majorDimension": "ROWS",
           "values": [["day", "city", "rain"], *many(6, lambda n: [date(n), place(n), "3"])]},
          "/values/1:", 6, "day", "city", "rain"),
    json_case("Binance candles",
          many(6, lambda n: [1704067200000 + n, "42.1", "43.0", "41.5", "42.2", 17]),
          "", 6, "column_1", "column_6"),
    json_case("Socrata rows",
          {"meta": {"view": {"id": "ab-cd", "name": "Trees", "columns": [
              {"id": -1, "name": "sid", "fieldName": ":sid"},
              {"id": 2, "name": "Species", "fieldName": "species"},
              {"id": 3, "name": "Height", "fieldName": "height"}]}},
           "data": many(8, lambda n: [f"row-{n}", "oak", str(n)])},
          "/data", 8, "sid", "species", "height"),
    json_case("World Bank",
          [{"page": 1, "pages": 1, "per_page": 50, "total": 6},
           many(6, lambda n: {"indicator": {"id": "SP.POP", "value": "Population"},
                               "countryiso3code": "NOR", "date": str(2000 + n), "value": n})],
          "/1", 6, "countryiso3code", "date"),
    json_case("Dog CEO", {"message": [f"https://x/{n}.jpg" for n in range(12)],
                          "status": "success"},
          "/message", 12, "value"),
    json_case("Wikipedia pageviews",
          {"items": many(7, lambda n: {"project": "en", "timestamp": f"20240{n}", "views": n})},
          "/items", 7, "timestamp", "views"),
    json_case("MediaWiki query",
          {"batchcomplete": "", "query": {"pages": {str(n * 31 + 7): {
              "pageid": n * 31 + 7, "ns": 0, "title": place(n)} for n in range(5)}}},
          "/query/pages/*", 5, "pageid", "title"),
    json_case("Reddit listing",
          {"kind": "Listing", "data": {"after": "t3_x", "dist": 4, "children": many(
              4, lambda n: {"kind": "t3", "data": {"title": f"t{n}", "score": n}})}},
          "/data/children", 4, "data_title", "data_score"),
    json_case("Overpass",
          {"version": 0.6, "generator": "Overpass API",
           "osm3s": {"timestamp_osm_base": "2024-01-01T00:00:00Z", "copyright": "OSM"},
           "elements": many(6, lambda n: {"type": "node", "id": n, "lat": 1.5, "lon": 2.5,
                                           "tags": {"name": place(n)}})},
          "/elements", 6, "id", "lat", "tags_name"),
    json_case("USGS earthquakes",
          {"type": "FeatureCollection",
           "metadata": {"generated": 1704067200000, "title": "USGS", "count": 4},
           "features": many(4, lambda n: {"type": "Feature", "id": f"us{n}", "properties":
               {"mag": n, "place": place(n)}, "geometry": {"type": "Point",
                                                            "coordinates": [1, 2, 3]}}),
           "bbox": [0, 0, 0, 9, 9, 9]}, "/features", 4, "properties_mag", "id"),
    json_case("Stripe list", {"object": "list", "url": "/v1/charges", "has_more": False,
                          "data": many(3, lambda n: {"id": f"ch_{n}", "object": "charge",
                                                      "amount": n})},
          "/data", 3, "id", "amount"),
    json_case("Shopify orders with lines",
          {"orders": many(4, lambda n: {
              "id": n, "email": "a@example.org", "line_items": many(
                  6, lambda m: {"id": m, "title": "Shirt", "quantity": m, "price": "9.00"})})},
          "/orders", 4, "id", "email", "line_items"),
    json_case("GraphQL connection",
          {"data": {"repository": {"issues": {"totalCount": 5, "pageInfo": {"hasNextPage": False},
              "edges": many(5, lambda n: {"cursor": "x", "node": {"number": n,
                                                                  "title": f"t{n}"}})}}}},
          "/data/repository/issues/edges", 5, "node_number", "node_title"),
    json_case("HAL",
          {"_links": {"self": {"href": "/orders"}, "next": {"href": "/orders?page=2"}},
           "currentlyProcessing": 14, "shippedToday": 20,
           "_embedded": {"ea:order": many(4, lambda n: {
               "_links": {"self": {"href": f"/orders/{n}"}}, "total": n, "status": "shipped"})}},
          "/_embedded/ea:order", 4, "total", "status"),
    json_case("Spring page",
          {"content": many(5, _person), "pageable": {"pageNumber": 0, "pageSize": 20},
           "totalPages": 1, "totalElements": 5, "last": True, "size": 20, "number": 0,
           "sort": {"sorted": False, "empty": True}, "numberOfElements": 5, "first": True},
          "/content", 5, "id", "email"),
    json_case("Algolia",
          {"hits": many(4, lambda n: {"objectID": str(n), "title": f"t{n}"}), "nbHits": 4,
           "page": 0, "nbPages": 1, "hitsPerPage": 20, "query": "t",
           "facets": {"brand": {f"Brand{n}": n for n in range(30)}}},
          "/hits", 4, "object_id", "title"),
    json_case("nodes and links",
          {"nodes": many(8, lambda n: {"id": n, "group": n % 3}),
           "links": many(60, lambda n: {"source": n % 8, "target": n % 5, "value": n})},
          "/links", 60, "source", "target", "value"),
    json_case("COCO annotations",
          {"info": {"year": 2017, "version": "1.0"},
           "licenses": [{"id": 1, "name": "CC", "url": "https://x"}],
           "images": many(6, lambda n: {"id": n, "file_name": f"{n}.jpg", "width": 640}),
           "annotations": many(30, lambda n: {"id": n, "image_id": n % 6, "bbox": [1, 2, 3, 4],
                                               "area": 12.5, "category_id": n % 4}),
           "categories": many(4, lambda n: {"id": n, "name": f"c{n}"})},
          "/annotations", 30, "image_id", "category_id"),
    json_case("HAR",
          {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [
              {"startedDateTime": "2024-01-01T00:00:00Z", "id": "page_1", "title": "x"}],
              "entries": many(7, lambda n: {"startedDateTime": "2024-01-01T00:00:00Z",
                  "time": n, "request": {"method": "GET", "url": "https://x"},
                  "response": {"status": 200}})}},
          "/log/entries", 7, "request_method", "response_status"),
    json_case("CloudTrail", {"Records": many(5, lambda n: {
        "eventVersion": "1.08", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "userIdentity": {"type": "IAMUser", "accountId": "1"}})},
          "/Records", 5, "event_name", "user_identity_type"),
    json_case("Prometheus query",
          {"status": "success", "data": {"resultType": "vector", "result": many(5, lambda n: {
              "metric": {"job": f"j{n}", "instance": "x:9090"}, "value": [1704067200, "1"]})}},
          "/data/result", 5, "metric_job", "value"),
    json_case("Stack Exchange",
          {"items": many(4, lambda n: {"tags": ["a"], "owner": {"user_id": n}, "score": n}),
           "has_more": True, "quota_max": 300, "quota_remaining": 299},
          "/items", 4, "owner_user_id", "score"),
    json_case("npm lock file",
          {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {
              f"node_modules/p{n}": {"version": f"1.{n}.0", "resolved": f"https://x/p{n}.tgz",
                                     "integrity": "sha512-x"} for n in range(12)}},
          "/packages/*", 12, "key", "version", "resolved"),
    json_case("a dump of pages",
          many(3, lambda page: {"page": page, "total": 30,
                                 "results": many(10, lambda n: _person(page * 10 + n))}),
          "/*/results", 30, "id", "email"),
    json_case("arrays of pages", many(3, lambda page: many(4, _person)), "/*", 12, "id", "email"),
    json_case("records behind a long preamble",
          {"license": "word " * 800, "source": {"title": "x", "notes": ["y"] * 30},
           "items": many(60, _person)}, "/items", 60, "id", "email"),
    lines_case("NDJSON", many(5, _person), None, 5, "id", "name"),
    lines_case("NDJSON of orders with lines",
           many(5, lambda n: {"order_id": n, "customer": "Ann",
                               "items": many(8, lambda m: {"sku": f"s{m}", "n": m})}),
           None, 5, "order_id", "customer", "items"),
    lines_case("NDJSON of pages",
           many(4, lambda p: {"page": p, "next": p + 1, "data": many(6, _person)}),
           "*/data", 24, "id", "email"),
    lines_case("NDJSON of arrays of records", many(3, lambda p: many(4, _person)), "*", 12, "id"),
    lines_case("NDJSON of rows below a header",
           [["name", "score", "done"], *many(5, lambda n: [place(n), n, n > 2])],
           "1:", 5, "name", "score", "done"),
    lines_case("NDJSON of rows", many(5, lambda n: [n, place(n)]), None, 5, "column_1", "column_2"),
    lines_case("Docker events",
           many(6, lambda n: {"Type": "container", "Action": "start", "time": n,
                               "Actor": {"ID": f"x{n}"}}), None, 6, "action", "actor_id"),
    _text("documents one behind another", "".join(json.dumps(_person(n)) for n in range(5)),
          "*", 5, "id", "email"),
    _text("documents one behind another, on many lines",
          "\n".join(json.dumps(_person(n), indent=2) for n in range(5)), "*", 5, "id", "email"),
    _text("JSON text sequence (RFC 7464)",
          "".join(f"\x1e{json.dumps(_person(n))}\n" for n in range(5)), "*", 5, "id", "email"),
    _text("JSON with a byte order mark", "\ufeff" + json.dumps(many(4, _person)), "", 4, "id"),
)  # fmt: skip


def repeat(count: int, text: str) -> str:
    return "".join(text.replace("#", str(number)) for number in range(count))


_BOOK = '<book id="#"><title>T #</title><author>A</author><author>B</author><price>1</price></book>'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'

XML_CASES: tuple[Case, ...] = (
    xml("catalogue", f"<catalog>{repeat(4, _BOOK)}</catalog>", "/catalog/book", 4,
         "id", "title", "author", "price"),
    xml("one record", f"<catalog>{repeat(1, _BOOK)}</catalog>", "/catalog/book", 1, "title"),
    xml("attributes only", "<rows>" + repeat(5, '<row Id="#" Score="3" Text="x"/>') + "</rows>",
         "/rows/row", 5, "id", "score", "text"),
    xml("database dump",
         "<mysqldump><database name='d'><table_data name='t'>"
         + repeat(4, '<row><field name="id">#</field><field name="city">Oslo</field></row>')
         + "</table_data></database></mysqldump>",
         "/mysqldump/database/table_data/row", 4, "field"),
    xml("RSS",
         "<rss version='2.0'><channel><title>t</title><link>x</link><description>d</description>"
         "<image><url>u</url><title>t</title></image>"
         + repeat(5, "<item><title>T #</title><link>l</link><guid>#</guid><category>a</category>"
                      "<category>b</category><category>c</category></item>")
         + "</channel></rss>", "/rss/channel/item", 5, "title", "link", "guid", "category"),
    xml("Atom",
         f"<feed {_ATOM}><title>t</title><id>x</id><updated>2024-01-01</updated>"
         "<author><name>Ann</name></author>"
         + repeat(4, '<entry><title>T #</title><id>#</id><link href="x"/></entry>') + "</feed>",
         "/feed/entry", 4, "title", "id", "link_href"),
    xml("sitemap",
         '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
         + repeat(6, "<url><loc>https://x/#</loc><lastmod>2024-01-01</lastmod></url>")
         + "</urlset>", "/urlset/url", 6, "loc", "lastmod"),
    xml("sitemap of addresses alone",
         "<urlset>" + repeat(6, "<url><loc>https://x/#</loc></url>") + "</urlset>",
         "/urlset/url", 6, "loc"),
    xml("few items, many tags",
         "<doc>" + repeat(4, "<item><name>N #</name><price>3</price><tags>"
                              + "<tag>a</tag>" * 12 + "</tags></item>") + "</doc>",
         "/doc/item", 4, "name", "price"),
    xml("orders with lines",
         "<orders>" + repeat(6, '<order id="#"><customer>Ann</customer>'
                                 + '<line sku="1" n="2"/>' * 5 + "</order>") + "</orders>",
         "/orders/order", 6, "id", "customer", "line"),
    xml("SOAP",
         '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/>'
         '<soap:Body><m:GetPricesResponse xmlns:m="urn:p"><m:Prices>'
         + repeat(4, "<m:Price><m:Item>I #</m:Item><m:Amount>3</m:Amount></m:Price>")
         + "</m:Prices></m:GetPricesResponse></soap:Body></soap:Envelope>",
         "/Envelope/Body/GetPricesResponse/Prices/Price", 4, "item", "amount"),
    xml("SOAP, one answer",
         '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
         '<m:Stock xmlns:m="urn:p"><m:Item>a</m:Item><m:Left>3</m:Left></m:Stock>'
         "</s:Body></s:Envelope>", "/Envelope/Body/Stock", 1, "item", "left"),
    xml("KML",
         '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>'
         '<Style id="s"><LineStyle><color>ff</color><width>2</width></LineStyle></Style><Folder>'
         + repeat(6, "<Placemark><name>P #</name><styleUrl>#s</styleUrl><Point><coordinates>1,2"
                      "</coordinates></Point></Placemark>") + "</Folder></Document></kml>",
         "/kml/Document/Folder/Placemark", 6, "name", "point_coordinates"),
    xml("GPX",
         '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>x</time>'
         "</metadata><trk><name>run</name><trkseg>"
         + repeat(20, '<trkpt lat="1.#" lon="2.#"><ele>3</ele><time>2024-01-01T00:00:#Z</time>'
                       "</trkpt>") + "</trkseg></trk></gpx>",
         "/gpx/trk/trkseg/trkpt", 20, "lat", "lon", "ele", "time"),
    xml("OpenStreetMap",
         '<osm version="0.6"><bounds minlat="1" minlon="2"/>'
         + repeat(30, '<node id="#" lat="1.5" lon="2.5" version="1"/>')
         + repeat(4, '<way id="#"><nd ref="1"/><nd ref="2"/><tag k="a" v="b"/></way>') + "</osm>",
         "/osm/node", 30, "id", "lat", "lon"),
    xml("two kinds under one root",
         "<export>" + repeat(20, "<customer><name>N #</name><city>Oslo</city></customer>")
         + repeat(6, "<invoice><number>#</number><total>3</total></invoice>") + "</export>",
         "/export/customer", 20, "name", "city"),
    xml("two lists under one root",
         "<export><customers>" + repeat(3, '<customer name="a" city="b"/>')
         + "</customers><orders>" + repeat(12, '<order id="#" total="3" day="x"/>')
         + "</orders></export>", "/export/orders/order", 12, "id", "total", "day"),
    xml("shelves of books",
         "<library>" + repeat(3, '<shelf name="s#">' + "<book><t>a</t><p>1</p></book>" * 40
                                  + "</shelf>") + "</library>",
         "/library/shelf/book", 120, "t", "p"),
    xml("comments and instructions between records",
         "<?xml version='1.0'?><!-- made --><?style x?><list>"
         + repeat(4, "<!-- # --><?pi #?><entry><a>#</a><b><![CDATA[<x>]]></b></entry>")
         + "</list>", "/list/entry", 4, "a", "b"),
    xml("xsi:nil",
         '<rows xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
         + repeat(4, '<row><id>#</id><city xsi:nil="true"/></row>') + "</rows>",
         "/rows/row", 4, "id", "city"),
    xml("names of two namespaces",
         '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><title>c</title>'
         + repeat(4, '<item><title>T #</title><media:title>M #</media:title><guid>#</guid>'
                      "</item>") + "</channel></rss>",
         "/rss/channel/item", 4, "title", "media_title", "guid"),
    xml("mixed content",
         "<doc>" + repeat(5, "<p id='#'>Some <b>bold</b> text <i>and</i> more</p>") + "</doc>",
         "/doc/p", 5, "id", "b", "i"),
    xml("ONIX-like, deep records",
         "<Message><Header><Sender>x</Sender><Sent>2024</Sent></Header>"
         + repeat(5, "<Product><Ref>#</Ref><Detail><Title><Text>T</Text></Title><Contributor>"
                      "<Name>A</Name></Contributor><Contributor><Name>B</Name></Contributor>"
                      "</Detail></Product>") + "</Message>",
         "/Message/Product", 5, "ref", "detail_title_text", "detail_contributor"),
    xml("one record with a list",
         "<person><name>Ann</name><age>3</age><city>Oslo</city><phone>1</phone><phone>2</phone>"
         "</person>", "/person", 1, "name", "phone"),
    xml("settings",
         "<config><db><host>a</host><port>1</port></db><log><level>x</level></log></config>",
         "/config", 1, "db_host", "log_level"),
    xml("values alone", "<names>" + repeat(8, "<name>N #</name>") + "</names>",
         "/names/name", 8, "text"),
    xml("exchange rates of the ECB",
         '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
         'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>r'
         "</gesmes:subject><gesmes:Sender><gesmes:name>ECB</gesmes:name></gesmes:Sender><Cube>"
         "<Cube time='2024-01-05'>" + repeat(12, "<Cube currency='C#' rate='1.#'/>")
         + "</Cube></Cube></gesmes:Envelope>", "/Envelope/Cube/Cube/Cube", 12,
         "currency", "rate"),
    xml("XBRL-like facts",
         '<xbrl xmlns:us="urn:us"><context id="c1"><entity><identifier scheme="s">1</identifier>'
         "</entity><period><instant>2024-01-01</instant></period></context>"
         '<context id="c2"><entity><identifier scheme="s">1</identifier></entity><period>'
         "<instant>2023-01-01</instant></period></context>"
         + repeat(9, '<us:Assets contextRef="c1" unitRef="usd" decimals="0">#</us:Assets>')
         + "</xbrl>", "/xbrl/Assets", 9, "context_ref", "unit_ref", "text"),
    xml("property list",
         "<plist><array>" + repeat(6, "<dict><key>id</key><integer>#</integer><key>n</key>"
                                       "<string>x</string></dict>") + "</array></plist>",
         "/plist/array/dict", 6, "key", "integer", "string"),
    xml("JUnit report",
         '<testsuites><testsuite name="s" tests="8">'
         + repeat(8, '<testcase classname="c" name="t#" time="0.1"/>')
         + "<system-out>x</system-out></testsuite></testsuites>",
         "/testsuites/testsuite/testcase", 8, "classname", "name", "time"),
    xml("a long preamble",
         "<data><about>" + "word " * 600 + "</about><source><title>x</title></source><rows>"
         + repeat(40, "<row><a>#</a><b>x</b></row>") + "</rows></data>",
         "/data/rows/row", 40, "a", "b"),
)  # fmt: skip

CASES = JSON_CASES + XML_CASES
