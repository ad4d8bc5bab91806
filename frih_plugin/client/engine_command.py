"""Which program is the engine: the hosts' entry files ask, EngineClient starts it."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "FRIH_ENGINE"
"""Names a command line that goes before all other ways to find the engine."""

_MODULE = "engine.server"
_OLDEST_PYTHON = (3, 11)
_NEEDED = (_MODULE, "numpy", "PIL", "safetensors")

_NOT_FOUND = (
    "FRIH's engine is not installed for this editor: run its installer, or name the engine's "
    f"command line in the environment variable {VARIABLE}."
)


class EngineNotFoundError(Exception):
    """There is no engine to start; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class EngineCommand:
    """A program with its arguments. folder: to start it in, None for the editor's own."""

    program: str
    arguments: tuple[str, ...]
    folder: Path | None = None


def find_engine(
    *,
    own_python: bool,
    settings_file: Path | None = None,
    variables: Mapping[str, str] = os.environ,
) -> EngineCommand:
    """The engine's command: of FRIH_ENGINE, of the Python that runs us, of an installer's file.

    own_python: whether sys.executable is a Python; False inside an editor, whose own program that
    is on some systems (Krita for Windows). settings_file: see command_from_file.
    Raises EngineNotFoundError.
    """
    line = variables.get(VARIABLE, "").strip()
    if line:
        return _command_from_line(line)
    if own_python and _runs_the_engine():
        return _command_of_this_python()
    if settings_file is not None and settings_file.exists():
        return command_from_file(settings_file)
    raise EngineNotFoundError(_NOT_FOUND)


def command_from_file(settings_file: Path) -> EngineCommand:
    """The engine that an installer made: a JSON object whose "python" is the environment's Python.

    Raises EngineNotFoundError for a file that cannot be read or names a Python that is gone.
    """
    try:
        content: Any = json.loads(settings_file.read_text(encoding="utf-8"))
        python = content["python"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineNotFoundError(
            f"The file {settings_file}, which says where FRIH's engine is, is damaged: run the "
            "installer again."
        ) from error
    if not isinstance(python, str) or not Path(python).is_file():
        raise EngineNotFoundError(
            f"FRIH's engine is gone from where it was installed ({python}): run the installer "
            "again."
        )
    # -I hears no PYTHON variable, not even the PYTHONUTF8 of clean_environment.
    return EngineCommand(python, ("-I", "-X", "utf8", "-m", _MODULE))


def _command_from_line(line: str) -> EngineCommand:
    """As a shell splits it, but a backslash is one: Windows' paths are full of them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        program, *arguments = lexer
    except ValueError as error:
        raise EngineNotFoundError(
            f"The command line in {VARIABLE} has a quotation mark that is not closed: close it."
        ) from error
    return EngineCommand(program, tuple(arguments))


def _runs_the_engine() -> bool:
    return sys.version_info >= _OLDEST_PYTHON and all(map(_is_importable, _NEEDED))


def _is_importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def _command_of_this_python() -> EngineCommand:
    """In a checkout the engine lies beside us, not in site-packages: so it starts in our folder."""
    return EngineCommand(sys.executable, ("-m", _MODULE), Path(__file__).resolve().parents[2])
