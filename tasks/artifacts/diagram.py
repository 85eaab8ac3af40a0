"""A specification as a picture: sources above, steps in the order of the data, outputs below.

Layers by longest path, and within one by the mean place of what a node takes (the first two steps
of Sugiyama, Tagawa and Toda, 1981). Pipelines are narrow; more is not needed to read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from ai_data_engineer.spec.spec import PipelineSpec
from tasks.artifacts.markdown import Raw, picture

MOST = 60
"""Nodes that a picture shows; a larger one is read as a table."""
_WIDTH, _HEIGHT, _APART, _BETWEEN, _MARGIN = 216, 44, 24, 34, 8
_LETTERS = 25
# Dark letters on light boxes and grey lines: seen on white as well as on black.
_FILLS = {"source": "#bae6fd", "step": "#e2e8f0", "output": "#bbf7d0"}


@dataclass
class _Node:
    title: str
    below: str
    kind: str
    inputs: list[str] = field(default_factory=list)
    layer: int = 0
    x: float = 0.0


def diagram(spec: PipelineSpec) -> Raw | None:
    """Return the picture, or None where it would be too large to be read."""
    nodes = _nodes(spec)
    if len(nodes) > MOST:
        return None
    _place(nodes)
    words = f"{len(spec.sources)} sources, {len(spec.steps)} steps, {len(spec.outputs)} outputs"
    return picture(_drawn(nodes), words)


def _nodes(spec: PipelineSpec) -> dict[str, _Node]:
    nodes = {s.id: _Node(s.id, s.format, "source") for s in spec.sources}
    nodes |= {s.id: _Node(s.id, s.op, "step", list(s.inputs)) for s in spec.steps}
    nodes |= {
        # An output may be called as a step is.
        f"→ {o.id}": _Node(o.path, f"{o.format}, {o.mode}", "output", [o.input])
        for o in spec.outputs
    }
    for node in nodes.values():
        # What is named and is not there is a finding, not a line.
        node.inputs = [name for name in node.inputs if name in nodes]
    return nodes


def _place(nodes: Mapping[str, _Node]) -> None:
    for _ in nodes:  # as often as the longest path may be long; a cycle ends here as well
        for node in nodes.values():
            node.layer = max((nodes[name].layer + 1 for name in node.inputs), default=0)
    for name, node in nodes.items():
        takers = [other.layer for other in nodes.values() if name in other.inputs]
        if node.kind == "source" and takers:
            node.layer = min(takers) - 1  # just above where it is used
    for layer in _layers(nodes):
        wanted = [_wanted(node, nodes) for node in layer]
        places = sorted(range(len(layer)), key=lambda i: wanted[i])
        right = float("-inf")
        for i in places:
            layer[i].x = right = max(wanted[i], right + _WIDTH + _APART)
        # As far to the right as some were pushed, all go back by the half.
        shift = sum(n.x - w for n, w in zip(layer, wanted, strict=True)) / len(layer)
        for node in layer:
            node.x -= shift
    left = min(node.x for node in nodes.values())
    for node in nodes.values():
        node.x += _MARGIN - left


def _layers(nodes: Mapping[str, _Node]) -> Iterator[list[_Node]]:
    for number in sorted({node.layer for node in nodes.values()}):
        yield [node for node in nodes.values() if node.layer == number]


def _wanted(node: _Node, nodes: Mapping[str, _Node]) -> float:
    above = [nodes[name].x for name in node.inputs]
    return sum(above) / len(above) if above else 0.0


def _drawn(nodes: Mapping[str, _Node]) -> str:
    first = min(node.layer for node in nodes.values())
    tops = {
        name: _MARGIN + (node.layer - first) * (_HEIGHT + _BETWEEN) for name, node in nodes.items()
    }
    width = max(node.x for node in nodes.values()) + _WIDTH + _MARGIN
    height = max(tops.values()) + _HEIGHT + _MARGIN
    lines = "".join(
        _line(nodes[above].x, tops[above] + _HEIGHT, node.x, tops[name])
        for name, node in nodes.items()
        for above in node.inputs
    )
    boxes = "".join(_box(node, tops[name]) for name, node in nodes.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'font-family="system-ui, sans-serif" text-anchor="middle">'
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>'
        f'<g fill="none" stroke="#64748b" stroke-width="1.5" marker-end="url(#a)">{lines}</g>'
        f"{boxes}</svg>"
    )


def _line(from_x: float, from_y: float, to_x: float, to_y: float) -> str:
    start, end, half = from_x + _WIDTH / 2, to_x + _WIDTH / 2, (from_y + to_y) / 2
    return (
        f'<path d="M{start:.1f} {from_y:.1f}C{start:.1f} {half:.1f} {end:.1f} {half:.1f} '
        f'{end:.1f} {to_y - 1:.1f}"/>'
    )


def _box(node: _Node, top: float) -> str:
    middle, radius = node.x + _WIDTH / 2, 18 if node.kind == "source" else 6
    return (
        f'<rect x="{node.x:.1f}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="{radius}" '
        f'fill="{_FILLS[node.kind]}"/>'
        f'<text x="{middle:.1f}" y="{top + 19}" font-size="13" font-weight="600" '
        f'fill="#0f172a">{_short(node.title)}</text>'
        f'<text x="{middle:.1f}" y="{top + 35}" font-size="11" fill="#475569">'
        f"{_short(node.below)}</text>"
    )


def _short(title: str) -> str:
    return escape(title if len(title) <= _LETTERS else f"{title[: _LETTERS - 1]}…")
