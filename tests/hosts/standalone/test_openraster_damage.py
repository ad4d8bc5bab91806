"""Damaged and hostile OpenRaster files: one sentence that names the file, and nothing else."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.color.picture import Picture
from engine.errors import BadInputError
from frih_plugin.hosts.standalone.document import new_document, open_document, save_document
from frih_plugin.hosts.standalone.document.files import openraster

PICTURE = Picture(np.random.default_rng(4).integers(0, 256, (30, 40, 3), np.uint8))
LAYER = '<layer name="a" src="data/layer0.png"/>'


def image(content: str = LAYER, size: str = 'w="40" h="30"', head: str = "") -> str:
    return f"{head}<image {size}><stack>{content}</stack></image>"


def png_header(width: int, height: int) -> bytes:
    data = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", data), (b"IEND", b""))
    packed = (
        struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def whole(tmp_path: Path) -> bytes:
    path = tmp_path / "whole.ora"
    save_document(path, new_document(PICTURE, "a"))
    return path.read_bytes()


def archive(tmp_path: Path, stack: str | None, **parts: bytes) -> Path:
    """A good file with another stack.xml (None: without), and other parts."""
    path = tmp_path / "a.ora"
    with zipfile.ZipFile(io.BytesIO(whole(tmp_path))) as good:
        contents = {name: good.read(name) for name in good.namelist()}
    contents |= {f"data/{name}.png": content for name, content in parts.items()}
    contents["stack.xml"] = (stack or "").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for name, content in contents.items():
            if stack is not None or name != "stack.xml":
                changed.writestr(name, content)
    return path


def sentence_for(path: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        open_document(path)
    sentence = caught.value.sentence
    assert sentence.startswith(str(path))
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


BOMB = (
    '<!DOCTYPE image [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
STACKS = {
    "no stack.xml": (None, 'no "stack.xml"'),
    "bad XML": (image()[:-8], "damaged stack.xml"),
    "not XML": ("hello", "damaged stack.xml"),
    "empty XML": ("", "damaged stack.xml"),
    "entity bomb": (
        image('<layer name="&i;" src="data/layer0.png"/>', head=BOMB),
        "document type",
    ),
    "outer entity": (
        image(head='<!DOCTYPE image [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "document type",
    ),
    "no size": (image(size=""), "how large"),
    "odd size": (image(size='w="many" h="3"'), "how large"),
    "no pixels": (image(size='w="0" h="30"'), "no pixels"),
    "canvas too large": (image(size='w="20000" h="20000"'), "20000 x 20000 pixels"),
    "missing layer": (image('<layer src="data/none.png"/>'), 'no "data/none.png"'),
    "layer without source": (image("<layer/>"), "no place inside the file"),
    "path traversal": (image('<layer src="../../etc/passwd"/>'), "no place inside the file"),
    "hidden traversal": (image('<layer src="data/..\\..\\x.png"/>'), "no place inside the file"),
    "absolute path": (image('<layer src="/etc/passwd"/>'), "no place inside the file"),
    "drive": (image('<layer src="C:/x.png"/>'), "no place inside the file"),
    "layer that is text": (image('<layer src="stack.xml"/>'), "not a PNG"),
    "nested without end": (image("<stack>" * 100 + "</stack>" * 100), "too deeply"),
    "layers without end": (image(LAYER * 501), "more than 500 layers"),
}


@pytest.mark.parametrize(("stack", "says"), STACKS.values(), ids=STACKS)
def test_a_bad_description_is_declined(tmp_path: Path, stack: str | None, says: str) -> None:
    assert says in sentence_for(archive(tmp_path, stack))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_document_type_cannot_hide_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.ora"
    head = f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}'
    with zipfile.ZipFile(path, "w") as changed:
        changed.writestr("stack.xml", image("<layer name='&i;'/>", head=head).encode(encoding))
    sentence_for(path)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (b"", "not a PNG"),
        (b"\x89PNG\r\n\x1a\n", "not a PNG"),
        (png_header(40, 30), "damaged"),
        (png_header(20_000, 20_000), "20000 x 20000 pixels"),
        (b"\xff\xd8\xff\xe0 a JPEG" + b"\0" * 40, "not a PNG"),
    ],
    ids=["empty", "cut short", "no data", "too large", "JPEG"],
)
def test_a_bad_layer_is_declined(tmp_path: Path, layer: bytes, says: str) -> None:
    assert says in sentence_for(archive(tmp_path, image(), layer0=layer))


def test_layers_that_need_too_much_together_are_declined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openraster, "MAX_LAYER_BYTES", 3 * 40 * 30 * 4)
    open_document(archive(tmp_path, image(LAYER * 3)))
    assert "together" in sentence_for(archive(tmp_path, image(LAYER * 4)))


@pytest.mark.parametrize("name", ["stack.xml", "data/layer0.png"])
def test_a_zip_bomb_is_declined_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.ora"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("stack.xml" if name != "stack.xml" else "other.xml", image())
        bomb.writestr(name, b"\0" * (80 << 20))
    tracemalloc.start()
    try:
        assert "80 MB" in sentence_for(path)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_part_that_is_longer_than_it_says_is_declined(tmp_path: Path) -> None:
    path = archive(tmp_path, image())
    with zipfile.ZipFile(path) as good:
        size = good.getinfo("stack.xml").file_size
    content = path.read_bytes()
    assert content.count(struct.pack("<I", size)) == 2
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 10)))
    sentence_for(path)


@pytest.mark.parametrize("name", ["a.ora", "a.zip"])
@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_what_only_looks_like_a_zip_is_declined(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    sentence_for(path)


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n\x1a\n"])
def test_a_file_called_ora_that_is_no_zip_is_declined(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ora"
    path.write_bytes(content)
    assert "not an OpenRaster file" in sentence_for(path)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95, 0.999])
def test_a_truncated_file_is_declined(tmp_path: Path, share: float) -> None:
    content = whole(tmp_path)
    path = tmp_path / "a.ora"
    path.write_bytes(content[: int(len(content) * share)])
    sentence_for(path)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_damaged_bytes_open_or_give_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    source = tmp_path / "whole.ora"
    content = bytearray(source.read_bytes() if source.exists() else whole(tmp_path))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.ora"
    path.write_bytes(bytes(content))
    with contextlib.suppress(BadInputError):
        open_document(path)
