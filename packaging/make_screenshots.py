"""Renders panel, installer and Doctor in all states: `python packaging/make_screenshots.py DIR`.

Light and dark, at 100 and 200 %, English and German, with a bundled example and the real engine.
For looking at: what is ugly or clipped shows here first. Needs PyQt6; draws offscreen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

_SCALES = ("1", "2")
_ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write every picture; one process a scale, as Qt reads it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--width", type=int, default=270, help="of the panel, in pixels")
    parser.add_argument("--height", type=int, default=820, help="of the panel, in pixels")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for scale in _SCALES:
        subprocess.run(
            [
                sys.executable,
                str(_ROOT / "packaging" / "screenshot_states.py"),
                str(wanted.folder),
                str(wanted.width),
                str(wanted.height),
            ],
            check=True,
            cwd=_ROOT,
            env={
                **os.environ,
                "QT_QPA_PLATFORM": "offscreen",
                "QT_SCALE_FACTOR": scale,
                "PYTHONPATH": str(_ROOT),
            },
        )


if __name__ == "__main__":
    main()
