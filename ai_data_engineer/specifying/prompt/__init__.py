"""What a model is sent: the language first (constant), then the sources, the goal, the findings."""

from ai_data_engineer.specifying.prompt.composing import Prompted, question
from ai_data_engineer.specifying.prompt.language import system_prompt
from ai_data_engineer.specifying.prompt.mending import Repair, with_ids
from ai_data_engineer.specifying.prompt.versions import language_version, prompt_version
from ai_data_engineer.specifying.prompt.wire import read_wire, repair_schema, to_wire, wire_schema

__all__ = [
    "Prompted",
    "Repair",
    "language_version",
    "prompt_version",
    "question",
    "read_wire",
    "repair_schema",
    "system_prompt",
    "to_wire",
    "wire_schema",
    "with_ids",
]
