"""A small release to install: a stand-in engine that greets, two libraries, and a pip to choose."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
WEIGHTS = b"weights of the stand-in engine"

ENGINE_SERVER = """
import sys
from importlib import import_module
from pathlib import Path

import engine
import libone
import libtwo
from frih_plugin.protocol.codec import Reply, decode_for_engine, encode
from frih_plugin.protocol.framing import FrameReader, encode_frame
from frih_plugin.protocol.messages import Backend, Welcome

import hashlib
weights = Path(engine.__file__).parent / "weights" / "small.bin"
reader, found = FrameReader(), []
while not found:
    found = reader.feed(sys.stdin.buffer.read1(4096))
call = decode_for_engine(found[0])
welcome = Welcome(call.request.protocol_version, "{version}",
                  hashlib.sha256(weights.read_bytes()).hexdigest(), "onnx", "CPU",
                  (Backend("onnx", True),))
for piece in encode_frame(encode(Reply(call.id, welcome))):
    sys.stdout.buffer.write(piece)
sys.stdout.buffer.flush()
sys.stdin.buffer.read()
"""

PIP = '''
"""Stands in for pip where its own ways do not matter: quick, and it fails as it is told to."""
import os, shutil, sys, sysconfig, time, zipfile
from pathlib import Path

arguments = sys.argv[1:]
value = lambda name: Path(arguments[arguments.index(name) + 1])

def misbehave(moment):
    told = os.environ.get("STAND_IN_PIP", "")
    what, _, output = told.partition("|")
    if what == moment:
        if output == "hang":
            Path(os.environ["STAND_IN_SIGN"]).touch()
            time.sleep(60)
        print(output)
        sys.exit(1)

if arguments[0] == "download":
    pinned = value("--requirement").read_text().split()[0]
    name, _, version = pinned.partition("==")
    with open(os.environ["STAND_IN_INDEX"] + "/asked.txt", "a") as asked:
        asked.write(name + "\\n")
    misbehave("download " + name)
    print("Progress 5 of 10", flush=True)
    wheel = f"{name}-{version}-py3-none-any.whl"
    shutil.copy(os.environ["STAND_IN_INDEX"] + "/" + wheel, value("--dest"))
else:
    is_engine = arguments[-1].endswith(".whl")
    misbehave("engine" if is_engine else "libraries")
    wheels = [Path(arguments[-1])] if is_engine else value("--find-links").glob("*.whl")
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall(sysconfig.get_path("purelib"))
'''


@dataclass(frozen=True, slots=True)
class MadeRelease:
    """plugin: as an editor has it; index: the folder of libraries."""

    plugin: Path
    index: Path

    @property
    def engine_files(self) -> Path:
        return self.plugin / "engine_files"


def make_release(
    folder: Path, *, pip: Path | None = None, version: str = "1.0", library_bytes: int = 10
) -> MadeRelease:
    """A release with a stand-in for pip, or the real one.

    pip: a wheel of the real one; library_bytes: of each library; the engine has twice as many.
    """
    made = MadeRelease(folder / "plugin", folder / "index")
    made.engine_files.mkdir(parents=True)
    made.index.mkdir(exist_ok=True)
    libraries = [_library(made.index, name, library_bytes) for name in ("libone", "libtwo")]
    requirements = made.engine_files / "engine-cpu.txt"
    requirements.write_text("# pinned\n" + "".join(map(pinned, libraries)), encoding="utf-8")
    plugin = {
        "version": version,
        "protocol_version": 1,
        "weights": {
            "file": "engine/weights/small.bin",
            "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
        },
    }
    (made.plugin / "plugin.json").write_text(json.dumps(plugin), encoding="utf-8")
    engine = _engine(made.engine_files, version, json.dumps(plugin), 2 * library_bytes)
    pip = pip or make_wheel(made.engine_files, "pip", "99", {"pip/__main__.py": PIP.encode()})
    write_contents(made, engine, pip)
    return made


def write_contents(made: MadeRelease, engine: Path, pip: Path) -> None:
    """As packaging/build.py does."""
    own_pip = made.engine_files / pip.name
    if own_pip != pip:
        own_pip.write_bytes(pip.read_bytes())
    named = {"engine": engine, "pip": own_pip, "requirements": made.engine_files / "engine-cpu.txt"}
    content: dict[str, object] = {
        name: {"file": path.name, "sha256": sha256(path)} for name, path in named.items()
    }
    content |= {"download_mb": 1, "installed_mb": 1}
    (made.engine_files / "contents.json").write_text(json.dumps(content), encoding="utf-8")


def make_wheel(folder: Path, name: str, version: str, files: dict[str, bytes]) -> Path:
    """A pure wheel that pip installs."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    wheel = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = {**files, f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": wheel.encode()}
    lines = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in content.items()]
    content[f"{info}/RECORD"] = ("\n".join([*lines, f"{info}/RECORD,,"]) + "\n").encode()
    target = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as packed:
        for path, data in content.items():
            packed.writestr(path, data)
    return target


def pinned(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} \\\n    --hash=sha256:{sha256(wheel)}\n"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def own_python() -> Path:
    return Path(sys.executable)


def _library(index: Path, name: str, size: int) -> Path:
    noise = hashlib.shake_256(name.encode()).digest(size)
    return make_wheel(index, name, "2.5", {f"{name}/__init__.py": b"", f"{name}/data.bin": noise})


def _engine(folder: Path, version: str, plugin: str, size: int) -> Path:
    protocol = CHECKOUT / "frih_plugin" / "protocol"
    files = {f"frih_plugin/protocol/{p.name}": p.read_bytes() for p in protocol.glob("*.py")}
    files |= {
        "frih_plugin/__init__.py": b"",
        "engine/__init__.py": b"",
        "engine/server/__init__.py": b"",
        "engine/server/__main__.py": ENGINE_SERVER.replace("{version}", version).encode(),
        "engine/weights/small.bin": WEIGHTS,
        "engine/plugin.json": plugin.encode(),
        "engine/data.bin": hashlib.shake_256(b"engine").digest(size),
    }
    return make_wheel(folder, "frih_harmonize_engine", version, files)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
