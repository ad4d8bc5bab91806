"""Every sentence of the panel has its translations."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

PANEL = Path(__file__).resolve().parents[2] / "frih_plugin"
CATALOGUES = sorted((PANEL / "texts").glob("*.json"))


def calls_of_text() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PANEL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and is_text(node.func) and path.parent.name != "texts":
                yield f"{path.relative_to(PANEL)}:{node.lineno}", node


def is_text(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "text"


def literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def catalogue(path: Path) -> dict[str, str]:
    return json.loads(path.read_text(encoding="utf-8"))


LITERALS = {sentence for _, call in calls_of_text() if (sentence := literal(call)) is not None}


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    assert len(LITERALS) > 80
    assert [place for place, call in calls_of_text() if literal(call) is None] == []


def test_values_fit_the_placeholders() -> None:
    wrong = [
        place
        for place, call in calls_of_text()
        if (sentence := literal(call)) is not None
        and placeholders(sentence) != {keyword.arg for keyword in call.keywords}
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_catalogue_translates_every_literal(path: Path) -> None:
    assert sorted(LITERALS - catalogue(path).keys()) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_translations_keep_the_placeholders(path: Path) -> None:
    wrong = {
        english: translated
        for english, translated in catalogue(path).items()
        if placeholders(english) != placeholders(translated) or not translated.strip()
    }
    assert wrong == {}
