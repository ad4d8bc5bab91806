"""An X screen of their own for the tests that show real windows."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

SIZE = "1600x1100x24"


@pytest.fixture
def x_screen() -> Iterator[str]:
    """Start an Xvfb on a free display, and end it; gives the display's name."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("needs Xvfb, a screen without a screen: on Debian, apt-get install xvfb")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        number = os.read(reading, 16).decode().strip()
        yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)
