"""Plays a story in a real Krita, without a screen: `play.py [--chroot FOLDER] [--only PARTS]`.

Starts Xvfb and a Krita with a profile of its own, in which the plug-in lies as Krita's importer
unpacks it, and prints the story's report. Krita may live in a chroot (then this needs root): the
engine runs outside it, in the Python that runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "packaging")]

from krita_profile import MODULE, Profile, fill  # noqa: E402 - from packaging/

LIMIT_S = 480


def lay_out(work: Path) -> None:
    """The built zip in Krita's folder, as its importer unpacks it, and the player beside it."""
    build = [sys.executable, str(ROOT / "packaging" / "build.py"), "krita", "--out"]
    built = subprocess.run([*build, str(work / "zip")], check=True, stdout=subprocess.PIPE)
    fill(Profile(work), Path(built.stdout.decode().strip()), sys.executable)
    plugins = work / "data" / "krita" / "pykrita"
    shutil.copytree(HERE / "frih_story", plugins / "frih_story", dirs_exist_ok=True)
    shutil.copy(HERE / "frih_story.desktop", plugins)


@contextmanager
def x_screen() -> Generator[str]:
    """An Xvfb on a free display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        number = os.read(reading, 16).decode().strip()
        _wait_for(Path("/tmp/.X11-unix") / f"X{number}")  # noqa: S108 - where X has its sockets
        yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)


def _wait_for(address: Path) -> None:
    """Until somebody answers there: the number is told a little earlier."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with socket.socket(socket.AF_UNIX) as trial:
            if trial.connect_ex(str(address)) == 0:
                break
        time.sleep(0.05)
    time.sleep(1)


@contextmanager
def mounted(chroot: Path) -> Generator[None]:
    """What a Krita in a chroot needs of the system around it."""
    mounts = [
        (["--bind", "/tmp/.X11-unix"], chroot / "tmp/.X11-unix"),  # noqa: S108 - the X sockets
        (["-t", "proc", "proc"], chroot / "proc"),
        (["--rbind", "--make-rslave", "/dev"], chroot / "dev"),
    ]
    with ExitStack() as stack:
        for arguments, place in mounts:
            place.mkdir(parents=True, exist_ok=True)
            if os.path.ismount(place):
                continue
            subprocess.run(["mount", *arguments, str(place)], check=True)  # noqa: S607
            leave = ["umount", "-R", "-l", str(place)]
            stack.callback(subprocess.run, leave, check=False)
        yield


def play(work: Path, chroot: Path | None = None, only: str = "") -> dict[str, Any]:
    """Act the story out; `work` (inside the chroot) keeps the profile, and takes what is made."""
    for name in ("home", "config", "data/krita", "cache", "run", "made"):
        (work / name).mkdir(parents=True, exist_ok=True)
    (work / "run").chmod(0o700)
    lay_out(work)
    (work / "config" / "kritarc").write_text(
        f"[python]\nenable_{MODULE}=true\nenable_frih_story=true\n", encoding="utf-8"
    )
    (work / "config" / "kritadisplayrc").write_text("OpenGLRenderer=none\n", encoding="utf-8")
    (work / "story").mkdir(exist_ok=True)
    for acts in ("story.py", "pictures.py", "rarer_acts.py"):
        shutil.copy(HERE / acts, work / "story" / acts)
    shutil.copytree(ROOT / "engine" / "examples", work / "examples", dirs_exist_ok=True)
    report = work / "made" / "report.json"
    report.unlink(missing_ok=True)
    with ExitStack() as stack:
        display = stack.enter_context(x_screen())
        if chroot is not None:
            stack.enter_context(mounted(chroot))
        command = ["krita", "--nosplash"]
        if chroot is not None:
            command = ["chroot", str(chroot), *command]
        variables = _variables(work, chroot, display, only)
        with (work / "krita.log").open("wb") as log:
            finished = subprocess.run(
                command, env=variables, stdout=log, stderr=log, timeout=LIMIT_S, check=False
            )
    if not report.is_file():
        raise RuntimeError(f"Krita ended with {finished.returncode} and without a report.")
    return json.loads(report.read_text(encoding="utf-8"))


def _variables(work: Path, chroot: Path | None, display: str, only: str) -> dict[str, str]:
    def inside(path: Path) -> str:
        return str(path) if chroot is None else f"/{path.relative_to(chroot)}"

    engine = ["/usr/bin/env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "engine.server"]
    if chroot is not None:
        # Out of the chroot again: what is there for Krita has no engine.
        engine = ["/usr/sbin/chroot", f"/proc/{os.getpid()}/root", *engine]
    return {
        "HOME": inside(work / "home"),
        "XDG_CONFIG_HOME": inside(work / "config"),
        "XDG_DATA_HOME": inside(work / "data"),
        "XDG_CACHE_HOME": inside(work / "cache"),
        "XDG_RUNTIME_DIR": inside(work / "run"),
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "FRIH_ENGINE": shlex.join(engine),
        "FRIH_STORY": inside(work / "story" / "story.py"),
        "FRIH_STORY_FOLDER": inside(work / "made"),
        "FRIH_STORY_EXAMPLES": inside(work / "examples"),
        "FRIH_STORY_ONLY": only,
        "FRIH_STORY_LIMIT": str(LIMIT_S - 30),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chroot", type=Path, help="a folder with another system's Krita")
    parser.add_argument("--only", default="", help="parts of the story, with commas")
    parser.add_argument("--keep", type=Path, help="a folder for the profile and all that is made")
    options = parser.parse_args()
    began = time.monotonic()
    chroot: Path | None = None if options.chroot is None else options.chroot.resolve()
    root = Path(tempfile.gettempdir()) if chroot is None else chroot / "tmp"
    work: Path = options.keep or Path(tempfile.mkdtemp(prefix="frih-story-", dir=root))
    report = play(work.resolve(), chroot, options.only)
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False))
    sys.stdout.write(f"\n{time.monotonic() - began:.0f} s; pictures in {work / 'made'}\n")
    return 0 if report.get("the end") else 1


if __name__ == "__main__":
    raise SystemExit(main())
