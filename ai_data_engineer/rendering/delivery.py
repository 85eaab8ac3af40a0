"""Which sources bring the rows of an output, and which are only looked up."""

from __future__ import annotations

from ai_data_engineer.spec.spec import Output, PipelineSpec


def delivered_by(spec: PipelineSpec, output: Output) -> list[str]:
    """Return the sources whose files make a delivery what it is, in the order of the spec.

    What a join looks up is read each time anew, and says nothing about what was appended.
    """
    steps = {step.id: step for step in spec.steps}
    waiting = [output.input]
    found = set()
    while waiting:
        place = waiting.pop()
        if place in steps:
            waiting.extend(steps[place].bringing)
        else:
            found.add(place)
    return [source.id for source in spec.sources if source.id in found]
