"""Nothing is sent anywhere: onnxruntime's telemetry does not even prepare itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SILENCED_BY = (
    "CI",
    "GITHUB_ACTIONS",
    "TF_BUILD",
    "ORT_RUNNING_UNIT_TESTS",
    "ORT_DISABLE_TELEMETRY",
)
LOAD = "import engine.runtime.onnx_backend"


@pytest.mark.skipif(sys.platform == "win32", reason="it leaves no files there")
def test_loading_the_backend_leaves_no_identifier_and_no_queue(tmp_path: Path) -> None:
    """Where it is on, its device id and its queue of events appear in the home folder at load."""
    environment = {name: value for name, value in os.environ.items() if name not in SILENCED_BY}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", LOAD], cwd=root, env=environment, check=True, timeout=60)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
