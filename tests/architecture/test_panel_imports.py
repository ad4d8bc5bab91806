"""The panel runs in the editor's own Python, where nothing can be installed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PANEL = Path(__file__).resolve().parents[2] / "frih_plugin"
# The only folders that may import something else, and what.
GUESTS = {
    "qt": {"PyQt5", "PyQt6"},
    "hosts/krita": {"krita"},
    "hosts/gimp": {"gi"},
}
# The small editor is an application of ours: it may use the engine's rooms for files and colour.
STANDALONE = {"engine", "numpy", "PIL", "tifffile"}


def imported_packages(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            yield node.module.split(".")[0]


def allowed_packages(path: Path) -> set[str]:
    folder = path.relative_to(PANEL).parent.as_posix()
    is_standalone = folder.split("/")[:2] == ["hosts", "standalone"]
    guests = STANDALONE if is_standalone else GUESTS.get(folder, set())
    return {"frih_plugin", *sys.stdlib_module_names, *guests}


def test_panel_imports_only_the_standard_library_and_its_host() -> None:
    sources = sorted(PANEL.rglob("*.py"))
    foreign = {
        f"{path.relative_to(PANEL)}: {package}"
        for path in sources
        for package in imported_packages(path.read_text(encoding="utf-8"))
        if package not in allowed_packages(path)
    }
    assert sources
    assert foreign == set()
