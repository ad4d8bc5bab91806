"""Starting is quick because little is loaded, and versions are told from one place."""

from __future__ import annotations

import subprocess
import sys

from engine_process import CHECKOUT

from engine.manifest import read_manifest
from engine.runtime.names import BACKENDS
from engine.server.backends import DEFAULT, known_backends
from frih_plugin.protocol import PROTOCOL_VERSION


def test_what_hello_needs_loads_neither_numpy_nor_a_network() -> None:
    code = (
        "import sys, engine.server.main\n"
        "print(*[m for m in ('numpy', 'onnxruntime', 'torch', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_plugin_json_names_the_protocols_version() -> None:
    assert read_manifest().protocol_version == PROTOCOL_VERSION


def test_every_backend_is_listed_and_the_default_can_be_had() -> None:
    listed = {backend.name: backend for backend in known_backends()}
    assert tuple(listed) == BACKENDS
    assert listed[DEFAULT].available
    assert all(backend.available or backend.why_not.endswith(".") for backend in listed.values())
