"""German is whole: every sentence of panel, state and client, with the same placeholders."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

PLUGIN = Path(__file__).resolve().parents[2] / "frih_plugin"
ROOMS = ("panel", "state", "client")


def sentences(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
            first = node.args[0]
            assert isinstance(first, ast.Constant), ast.unparse(node)
            yield str(first.value)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def catalogue() -> dict[str, str]:
    german: dict[str, str] = json.loads((PLUGIN / "texts" / "de.json").read_text("utf-8"))
    return german


def test_every_sentence_is_there_in_german() -> None:
    files = [path for room in ROOMS for path in sorted((PLUGIN / room).rglob("*.py"))]
    used = {sentence for path in files for sentence in sentences(path.read_text("utf-8"))}
    assert len(used) > 80
    assert sorted(used - set(catalogue())) == []


def test_placeholders_are_the_same() -> None:
    differ = [
        english
        for english, german in catalogue().items()
        if placeholders(english) != placeholders(german)
    ]
    assert differ == []
