"""A tiny made photo collection: two tars, a manifest, both lists."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 180, 140
OBJECT_BOX = (50, 40, 110, 100)
COLUMNS = (
    "stem", "tar", "source", "width", "height", "masks", "mask_kind", "split", "licence", "origin",
    "original",
)  # fmt: skip


def smooth_picture(seed: int) -> Image.Image:
    """Coarse noise enlarged, of values 30 to 220."""
    coarse = np.random.default_rng(seed).integers(30, 220, (5, 6, 3), np.uint8)
    return Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str) -> bytes:
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def write_photos(root: Path, count: int = 6) -> Path:
    """Photographs photo0 ...: even ones in objects.tar, with a mask; odd ones ShareAlike, plain."""
    root.mkdir(parents=True, exist_ok=True)
    mask = Image.new("1", (WIDTH, HEIGHT))
    mask.paste(1, OBJECT_BOX)
    rows: list[tuple[str | int, ...]] = []
    files: dict[str, dict[str, bytes]] = {"objects": {}, "plain": {}}
    for number in range(count):
        stem, has_mask = f"photo{number}", number % 2 == 0
        tar, licence = ("objects", "CC BY 2.0") if has_mask else ("plain", "CC BY-SA 4.0")
        files[tar][f"{stem}.jpg"] = encoded(smooth_picture(number), "JPEG")
        if has_mask:
            files[tar][f"{stem}_1.png"] = encoded(mask, "PNG")
        rows.append((stem, tar, f"from_{tar}", WIDTH, HEIGHT, int(has_mask),
                     "human" if has_mask else "", "train", licence, "somebody/photos",
                     f"original{number}.jpg"))  # fmt: skip
    for tar, members in files.items():
        write_tar(root / f"{tar}.tar", members)
    with (root / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    lines = [f"{row[1]}/{row[0]}.jpg\n" for row in rows]
    (root / "train.txt").write_text("".join(lines), encoding="utf-8")
    (root / "val.txt").write_text(lines[0], encoding="utf-8")
    return root


def write_tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
