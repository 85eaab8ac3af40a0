"""More documents of known forms, written when the rules were done, to see what these miss.

The values are made up; the shapes are those of the interfaces and programs that the names say."""

from __future__ import annotations

import json

from benchmarks.structure_cases import Case, date, json_case, lines_case, many, place, repeat, xml

HELD_OUT: tuple[Case, ...] = (
    json_case("Jira search",
              {"expand": "schema,names", "startAt": 0, "maxResults": 50, "total": 3,
               "issues": many(3, lambda n: {"id": str(n), "key": f"AB-{n}", "fields": {
                   "summary": "s", "status": {"name": "Open"}}})},
              "/issues", 3, "key", "fields_summary"),
    json_case("Slack history",
              {"ok": True, "messages": many(4, lambda n: {"type": "message", "user": f"U{n}",
                                                          "text": "hi", "ts": str(n)}),
               "has_more": False, "response_metadata": {"next_cursor": ""}},
              "/messages", 4, "user", "ts"),
    json_case("tweets with their authors",
              {"data": many(3, lambda n: {"id": str(n), "text": "t", "author_id": str(n)}),
               "includes": {"users": many(9, lambda n: {"id": str(n), "name": f"Name {n}",
                                                        "username": f"user{n}"})},
               "meta": {"result_count": 3, "next_token": "x"}}, "/data", 3, "id", "author_id"),
    json_case("YouTube search",
              {"kind": "youtube#list", "etag": "x", "nextPageToken": "CA", "regionCode": "NO",
               "pageInfo": {"totalResults": 99, "resultsPerPage": 4},
               "items": many(4, lambda n: {"kind": "k", "id": {"videoId": f"v{n}"},
                                           "snippet": {"title": "t"}})},
              "/items", 4, "id_video_id", "snippet_title"),
    json_case("Spotify tracks",
              {"tracks": {"href": "https://x", "limit": 3, "next": None, "offset": 0, "total": 3,
                          "items": many(3, lambda n: {"id": f"t{n}", "name": "n", "artists": [
                              {"id": "a", "name": "A"}], "duration_ms": n})}},
              "/tracks/items", 3, "id", "duration_ms"),
    json_case("near earth objects",
              {"links": {"self": "https://x"}, "element_count": 12, "near_earth_objects": {
                  date(d): many(4, lambda n: {"id": str(n), "name": f"({n})",
                                              "absolute_magnitude_h": 21.5}) for d in range(3)}},
              "/near_earth_objects/*", 12, "key", "id", "absolute_magnitude_h"),
    json_case("weather forecast",
              {"cod": "200", "message": 0, "cnt": 8, "list": many(8, lambda n: {
                  "dt": n, "main": {"temp": 1.5, "humidity": 80}, "weather": [{"id": 500}]}),
               "city": {"id": 1, "name": "Oslo", "coord": {"lat": 1, "lon": 2}}},
              "/list", 8, "dt", "main_temp"),
    json_case("prices by coin", {c: {"usd": 1.5, "eur": 1.4, "last_updated_at": 17} for c in
                                 ("bitcoin", "ethereum", "solana", "cardano")},
              "/*", 4, "key", "usd", "eur"),
    json_case("price history as rows", {"prices": many(30, lambda n: [1704067200000 + n, 42.5])},
              "/prices", 30, "column_1", "column_2"),
    json_case("PokeAPI list", {"count": 1302, "next": "https://x", "previous": None,
                               "results": many(5, lambda n: {"name": f"n{n}", "url": "u"})},
              "/results", 5, "name", "url"),
    json_case("recipes", {"meals": many(3, lambda n: {"idMeal": str(n), "strMeal": "m",
                                                      "strTags": None})},
              "/meals", 3, "id_meal", "str_meal"),
    json_case("Wikidata entities",
              {"entities": {f"Q{n * 7}": {"type": "item", "id": f"Q{n * 7}", "labels": {
                  "en": {"language": "en", "value": "x"}}} for n in range(4)}, "success": 1},
              "/entities/*", 4, "key", "id", "labels_en_value"),
    json_case("Crossref",
              {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": {
                  "facets": {}, "total-results": 3, "items": many(3, lambda n: {
                      "DOI": f"10.1/{n}", "title": ["t"], "author": [{"family": "A"}]}),
                  "items-per-page": 20, "query": {"start-index": 0}}},
              "/message/items", 3, "doi", "title"),
    json_case("OpenAlex",
              {"meta": {"count": 9, "page": 1}, "results": many(3, lambda n: {
                  "id": f"W{n}", "title": "t", "cited_by_count": n}),
               "group_by": many(12, lambda n: {"key": str(n), "key_display_name": f"Name {n}",
                                               "count": n})},
              "/results", 3, "id", "cited_by_count"),
    json_case("FRED observations",
              {"realtime_start": "2024-01-01", "realtime_end": "2024-01-01", "units": "lin",
               "count": 9, "offset": 0, "limit": 100, "observations": many(9, lambda n: {
                   "date": date(n), "value": str(n)})}, "/observations", 9, "date", "value"),
    json_case("Kubernetes list",
              {"apiVersion": "v1", "kind": "PodList", "metadata": {"resourceVersion": "9"},
               "items": many(3, lambda n: {"metadata": {"name": f"pod-{n}", "namespace": "d"},
                                           "spec": {"nodeName": "a"}, "status": {"phase": "R"}})},
              "/items", 3, "metadata_name", "status_phase"),
    json_case("Terraform state",
              {"version": 4, "terraform_version": "1.6.0", "serial": 12, "lineage": "a-b",
               "outputs": {"ip": {"value": "1.2.3.4", "type": "string"}},
               "resources": many(5, lambda n: {"mode": "managed", "type": "aws_x", "name": f"n{n}",
                                               "instances": [{"attributes": {"id": "i"}}]})},
              "/resources", 5, "mode", "type", "name"),
    json_case("Jupyter notebook",
              {"cells": many(12, lambda n: {"cell_type": "code", "execution_count": n,
                                            "source": ["x = 1\n"], "outputs": []}),
               "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5},
              "/cells", 12, "cell_type", "execution_count"),
    json_case("OpenAPI paths",
              {"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": {
                  f"/things/{n}": {"get": {"summary": f"Get {n}", "operationId": f"get{n}",
                                           "responses": {"200": {"description": "ok"}}}}
                  for n in range(12)}}, "/paths/*", 12, "key", "get_summary"),
    json_case("ESLint", many(3, lambda n: {"filePath": f"/a/{n}.js", "errorCount": 1,
                                           "messages": [{"ruleId": "semi", "line": n}]}),
              "", 3, "file_path", "error_count", "messages"),
    json_case("dataset server rows",
              {"features": many(2, lambda n: {"feature_idx": n, "name": "ab"[n]}),
               "rows": many(10, lambda n: {"row_idx": n, "row": {"a": n, "b": "x"},
                                           "truncated_cells": []}), "num_rows_total": 900},
              "/rows", 10, "row_idx", "row_a"),
    json_case("nested categories",
              many(3, lambda n: {"id": n, "name": place(n), "children": many(4, lambda m: {
                  "id": m, "name": place(m), "children": []})}), "", 3, "id", "name", "children"),
    json_case("a user profile",
              {"id": 9, "login": "ann", "email": "a@example.org", "plan": {"name": "pro"},
               "followers": 3, "emails": [{"email": "a@example.org", "primary": True}],
               "bio": "writes programs, likes trees", "company": None}, "", 1, "id", "login"),
    json_case("an invoice with lines",
              {"invoice": {"number": "A-17", "issued": "2024-01-05", "customer": {
                  "name": "Ann", "street": "Main street 4", "city": "Oslo"}, "lines": [
                      {"sku": "a", "n": 1, "price": "3.00"}, {"sku": "b", "n": 2, "price": "4.00"}],
                  "total": "11.00", "currency": "EUR", "terms": "30 days net"}},
              "", 1, "invoice_number", "invoice_lines"),
    json_case("sensors by room and hour",
              {f"room{n}": {f"{h:02}:00": 20.5 + h for h in range(24)} for n in range(6)},
              "/*", 6, "key"),
    json_case("translations", {"en": {"hello": "Hello", "bye": "Bye", "yes": "Yes"},
                               "de": {"hello": "Hallo", "bye": "Tschuess", "yes": "Ja"},
                               "fr": {"hello": "Bonjour", "bye": "Adieu", "yes": "Oui"}},
              "/*", 3, "key", "hello", "bye"),
    json_case("word counts", {f"word{n}": n for n in range(40)}, "/*", 40, "key", "value"),
    json_case("a matrix", many(6, lambda n: [n / 2, n / 3, n / 4]), "", 6, "column_1", "column_3"),
    json_case("columns under a path",
              {"status": "ok", "table": {"sku": list("abcdef"), "price": [1, 2, 3, 4, 5, 6]}},
              "/table/~columns", 6, "sku", "price"),
    json_case("rows with described columns",
              {"cols": [{"label": "Day", "type": "date"}, {"label": "Rain", "type": "number"}],
               "rows": many(9, lambda n: [date(n), n / 2])}, "/rows", 9, "day", "rain"),
    json_case("BigQuery-like rows",
              {"kind": "q", "jobComplete": True, "totalRows": "5",
               "rows": many(5, lambda n: {"f": [{"v": str(n)}, {"v": "x"}]})}, "/rows", 5, "f"),
    json_case("feed in JSON",
              {"version": "https://jsonfeed.org/version/1.1", "title": "t", "home_page_url": "u",
               "feed_url": "u", "items": many(4, lambda n: {"id": str(n), "content_text": "c",
                                                            "date_published": date(n)})},
              "/items", 4, "id", "content_text"),
    json_case("mixed events",
              [*many(9, lambda n: {"type": "click", "x": n, "y": n}),
               *many(6, lambda n: {"type": "view", "url": "u", "ms": n})], "", 15, "type", "x",
              "url"),
    lines_case("logs", many(6, lambda n: {"ts": n, "level": "info", "msg": "m", "ctx": {"a": n}}),
               None, 6, "ts", "ctx_a"),
    lines_case("training conversations",
               many(4, lambda n: {"messages": [{"role": "user", "content": "a"},
                                               {"role": "assistant", "content": "b"}]}),
               None, 4, "messages"),
    lines_case("Elasticsearch answers",
               many(3, lambda p: {"took": p, "timed_out": False, "hits": {
                   "total": {"value": 15}, "hits": many(5, lambda n: {"_id": f"{p}{n}",
                                                                      "_source": {"a": n}})}}),
               "*/hits/hits", 15, "id", "source_a"),
    Case("documents with blank lines between", ".json",
         "\n\n\n".join(json.dumps({"k": n, "v": [n]}) for n in range(6)), None, 6, ("k", "v")),
    xml("PubMed",
        "<PubmedArticleSet>" + repeat(4, "<PubmedArticle><MedlineCitation><PMID>#</PMID><Article>"
            "<ArticleTitle>T</ArticleTitle><AuthorList><Author><LastName>A</LastName></Author>"
            "<Author><LastName>B</LastName></Author><Author><LastName>C</LastName></Author>"
            "</AuthorList></Article></MedlineCitation></PubmedArticle>") + "</PubmedArticleSet>",
        "/PubmedArticleSet/PubmedArticle", 4, "medline_citation_pmid"),
    xml("Maven project",
        "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1</version><dependencies>"
        + repeat(12, "<dependency><groupId>g#</groupId><artifactId>a#</artifactId><version>1"
                     "</version></dependency>") + "</dependencies></project>",
        "/project/dependencies/dependency", 12, "group_id", "artifact_id"),
    xml("Android texts",
        "<resources>" + repeat(9, '<string name="s#">Text #</string>') + "</resources>",
        "/resources/string", 9, "name", "text"),
    xml("translation memory",
        '<tmx version="1.4"><header srclang="en" datatype="x"/><body>'
        + repeat(6, '<tu tuid="#"><tuv xml:lang="en"><seg>A</seg></tuv><tuv xml:lang="de">'
                    "<seg>B</seg></tuv></tu>") + "</body></tmx>", "/tmx/body/tu", 6, "tuid", "tuv"),
    xml("Wikipedia dump",
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/"><siteinfo><sitename>W'
        "</sitename><namespaces>" + repeat(12, '<namespace key="#" case="first-letter">N#'
                                               "</namespace>")
        + "</namespaces></siteinfo>" + repeat(9, "<page><title>T#</title><ns>0</ns><id>#</id>"
            "<revision><id>1</id><timestamp>x</timestamp><contributor><username>u</username>"
            "<id>1</id></contributor><text bytes='3'>abc</text></revision></page>")
        + "</mediawiki>", "/mediawiki/page", 9, "title", "id", "revision_timestamp"),
    xml("Jenkins builds",
        "<project><name>p</name><url>u</url>" + repeat(15, "<build><number>#</number><url>u#</url>"
                                                           "</build>") + "</project>",
        "/project/build", 15, "number", "url"),
    xml("bank statement (camt)",
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr>'
        "<MsgId>m</MsgId></GrpHdr><Stmt><Id>1</Id>"
        + repeat(7, '<Ntry><Amt Ccy="EUR">#.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>x</Dt>'
                    "</BookgDt></Ntry>") + "</Stmt></BkToCstmrStmt></Document>",
        "/Document/BkToCstmrStmt/Stmt/Ntry", 7, "amt", "cdt_dbt_ind"),
    xml("web features (WFS)",
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="urn:app" numberReturned="5">'
        + repeat(5, '<wfs:member><app:Tree gml:id="t#"><app:species>oak</app:species>'
                    "<app:height>#</app:height></app:Tree></wfs:member>")
        + "</wfs:FeatureCollection>", "/FeatureCollection/member", 5, "tree_species",
        "tree_height"),
    xml("bibliography of several kinds",
        "<dblp>" + repeat(14, '<article key="a#"><author>A</author><title>T</title><year>2020'
                              "</year></article>")
        + repeat(6, '<book key="b#"><author>A</author><title>T</title></book>') + "</dblp>",
        "/dblp/article", 14, "key", "author", "title"),
    xml("outline of feeds",
        "<opml><head><title>t</title></head><body>" + repeat(
            8, '<outline text="F#" xmlUrl="u#" type="rss"/>') + "</body></opml>",
        "/opml/body/outline", 8, "text", "xml_url"),
    xml("parliament members by party",
        "<parties>" + repeat(12, '<party name="P#" seats="3"><member><n>A</n></member><member>'
                                 "<n>B</n></member></party>") + "</parties>",
        "/parties/party", 12, "name", "seats", "member"),
)  # fmt: skip
