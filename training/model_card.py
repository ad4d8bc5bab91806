"""The part of the model card that is printed, not written: the configuration of the run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadInputError
from training.report import write_text

BEGIN, END = "<!-- printed by export --card -->", "<!-- end of what is printed -->"


def print_settings(card: Path, settings: Sequence[str]) -> None:
    """Put a run's settings, path=value each, in place of those that the card has.

    Raises BadInputError when there is no such file or no place in it, OutputError when it cannot
    be written.
    """
    try:
        text = card.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{card} cannot be read: name the model card to change.") from error
    block = "\n".join([BEGIN, "", *(f"    {line}" for line in settings), "", END])
    place = re.escape(BEGIN) + ".*" + re.escape(END)
    changed, places = re.subn(place, lambda _: block, text, flags=re.DOTALL)
    if places != 1:
        raise BadInputError(f"{card} has no place for settings: add the lines {BEGIN} and {END}.")
    write_text(card, changed)
