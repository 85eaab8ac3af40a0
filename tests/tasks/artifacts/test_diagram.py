"""A specification as a picture."""

import base64
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ai_data_engineer.spec.spec import PipelineSpec
from tasks.artifacts.diagram import MOST, diagram

SVG = "{http://www.w3.org/2000/svg}"


def spec(steps, sources=("orders", "customers")):
    return PipelineSpec.model_validate(
        {
            "spec_version": "1",
            "name": "shop",
            "sources": [
                {
                    "id": name,
                    "uri": f"{name}.csv",
                    "format": "csv",
                    "columns": [{"name": "id", "type": "int64"}],
                }
                for name in sources
            ],
            "steps": steps,
            "outputs": [
                {"id": "out", "input": steps[-1]["id"], "format": "csv", "path": "a<b.csv"}
            ],
        }
    )


def limit(name, above):
    return {"id": name, "op": "limit", "inputs": [above], "n": 1}


JOIN = {
    "id": "both",
    "op": "join",
    "inputs": ["few", "customers"],
    "left_on": ["id"],
    "right_on": ["id"],
    "how": "inner",
}


def boxes(drawn):
    """Return title → (left, top, right, bottom)."""
    data = re.search(r"base64,([^)]+)\)", drawn)[1]
    root = ElementTree.fromstring(base64.b64decode(data))
    rects, texts = root.findall(f"{SVG}rect"), root.findall(f"{SVG}text")
    places = [
        (float(r.get("x")), float(r.get("y")), float(r.get("width")), float(r.get("height")))
        for r in rects
    ]
    titles = [text.text for text in texts[::2]]
    return {title: (x, y, x + w, y + h) for title, (x, y, w, h) in zip(titles, places, strict=True)}


def test_what_is_taken_stands_above_and_no_box_covers_another():
    found = boxes(diagram(spec([limit("few", "orders"), JOIN, limit("last", "both")])))
    order = ["orders", "few", "both", "last", "a<b.csv"]
    assert all(found[a][3] < found[b][1] for a, b in pairwise(order))
    assert found["customers"][1] == found["few"][1]  # just above where it is used
    corners = sorted(found.values())
    for one in corners:
        for other in corners:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1]
            assert one == other or apart or other[3] <= one[1]


def test_many_sources_stand_side_by_side():
    names = [f"s{n}" for n in range(7)]
    union = {"id": "all", "op": "union", "inputs": names}
    found = boxes(diagram(spec([union], sources=names)))
    lefts = sorted(found[name][0] for name in names)
    assert all(b - a >= 216 for a, b in pairwise(lefts))
    assert min(lefts) > 0
    assert lefts[3] == pytest.approx(found["all"][0])


def test_a_long_name_is_cut_and_a_large_pipeline_is_left_to_the_table():
    assert "x" * 24 + "…" in boxes(diagram(spec([limit("x" * 40, "orders")])))
    chain = [limit("n0", "orders")] + [limit(f"n{n}", f"n{n - 1}") for n in range(1, MOST)]
    assert diagram(spec(chain)) is None
