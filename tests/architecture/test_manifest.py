"""plugin.json names entry points that there are."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOSTS: dict[str, str] = json.loads((ROOT / "plugin.json").read_text(encoding="utf-8"))["hosts"]


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_entry_point_of_each_host_exists(host: str) -> None:
    module, function = HOSTS[host].split(":")
    file = ROOT / (module.replace(".", "/") + ".py")
    functions = [
        node.name
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    assert function in functions
    assert module.startswith(f"frih_plugin.hosts.{host}")
