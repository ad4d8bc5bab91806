"""The same code under PyQt6 and PyQt5."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from programs import run_program

PYTHON_VARIABLE = "FRIH_TEST_PYQT5"
"""Names a Python that has PyQt5, where the one of the tests has not."""


def python_with(binding: str) -> str:
    if importlib.util.find_spec(binding) is not None:
        return sys.executable
    other = os.environ.get(PYTHON_VARIABLE, "") if binding == "PyQt5" else ""
    if not other:
        pytest.skip(f"needs {binding}: name a Python that has PyQt5 in {PYTHON_VARIABLE}")
    return other


@pytest.mark.parametrize("binding", ["PyQt6", "PyQt5"])
def test_qt_6_names_and_the_engine_client_work(binding: str, tmp_path: Path) -> None:
    done = run_program(
        "binding_program.py",
        binding,
        home=tmp_path,
        python=python_with(binding),
        first=f"import {binding}.QtCore",  # a loaded binding is the one in use
    )
    assert done.stderr == ""
    assert done.stdout == binding
    assert done.returncode == 0
