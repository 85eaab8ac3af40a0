"""Names of colours."""

from __future__ import annotations

from ai_data_engineer.profiling.vocabulary import word_set

_COLOUR_NAMES = word_set(
    "red green blue yellow orange purple pink brown black white gray grey cyan magenta violet "
    "indigo turquoise teal navy maroon olive lime silver gold beige crimson salmon coral khaki "
    "lavender ivory tan fuchsia aqua rot grün blau gelb schwarz weiß grau rouge vert bleu jaune "
    "noir blanc rojo verde azul amarillo negro blanco"
)


def is_colour(text: str) -> bool:
    """Return whether the text names a colour."""
    return text.casefold() in _COLOUR_NAMES
