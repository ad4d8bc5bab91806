"""What a person reads, in their language; the English sentences of the code are the keys.

A language is one JSON file here, named by its code: {"English": "in that language"}.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import cast

from frih_plugin.qt.core import QLocale

_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent
_chosen: dict[str, dict[str, str]] = {}
"""The catalogue in use under its language's code; empty until one is chosen."""


def text(english: str, **values: object) -> str:
    """A sentence in the language in use, with `{name}` replaced by the value of that name.

    What a catalogue lacks, or has with other placeholders, is shown in English.
    """
    translated = _catalogue().get(english, english)
    try:
        return translated.format(**values)
    except (LookupError, ValueError):
        _log.warning("A translation does not fit its English: %s", english)
        return english.format(**values)


def languages() -> tuple[str, ...]:
    """The codes of all languages that there are, English first."""
    return ("en", *sorted(path.stem for path in _FOLDER.glob("*.json")))


def language() -> str:
    """The code of the language in use."""
    _catalogue()
    return next(iter(_chosen))


def use_language(code: str = "") -> None:
    """Use a language from now on; "" for the first of Qt's locale that there is, else English."""
    wanted = [code] if code else QLocale().uiLanguages()
    known = languages()
    found = next((name for name in map(_short, wanted) if name in known), "en")
    _chosen.clear()
    _chosen[found] = {} if found == "en" else _read(_FOLDER / f"{found}.json")


def _catalogue() -> dict[str, str]:
    if not _chosen:
        use_language()
    return next(iter(_chosen.values()))


def _short(code: str) -> str:
    return code.replace("_", "-").split("-")[0].lower()


def _read(path: Path) -> dict[str, str]:
    return cast("dict[str, str]", json.loads(path.read_text(encoding="utf-8")))
