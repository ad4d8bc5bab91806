"""Puts two pictures side by side with captions; makes the demo's and the README's pictures.

Run as `python -m engine.cli.before_after BEFORE AFTER OUT`.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageFont

MAX_WIDTH_PX = 1200
CAPTION_HEIGHT_PX = 56
FONT_SIZE_PX = 30
GAP_PX = 12
PAPER = (255, 255, 255)
INK = (40, 40, 40)


def write_before_after(before_path: Path, after_path: Path, out_path: Path) -> None:
    """Write both pictures, captioned "before" and "after", as one 8-bit sRGB picture.

    Each is shown at most 1200 px wide. The file appears under its name only when it is whole; its
    ending decides the format. Raises OSError when a file cannot be read or written.
    """
    panels = [_panel(before_path), _panel(after_path)]
    width = sum(panel.width for panel in panels) + GAP_PX
    height = max(panel.height for panel in panels) + CAPTION_HEIGHT_PX
    sheet = Image.new("RGB", (width, height), PAPER)
    left = 0
    for panel, caption in zip(panels, ("before", "after"), strict=True):
        sheet.paste(panel, (left, CAPTION_HEIGHT_PX))
        _write_caption(sheet, caption, left + panel.width // 2)
        left += panel.width + GAP_PX
    partial = out_path.with_name(f".{out_path.stem}.partial{out_path.suffix}")
    sheet.save(partial)
    partial.replace(out_path)


def main() -> None:
    """Read the three paths from the command line and write the picture."""
    parser = argparse.ArgumentParser(prog="before_after", description=__doc__)
    for name in ("before", "after", "out"):
        parser.add_argument(name, type=Path)
    paths = parser.parse_args()
    write_before_after(paths.before, paths.after, paths.out)


def _panel(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        panel = _as_srgb(picture)
    height = round(panel.height * MAX_WIDTH_PX / panel.width)
    if panel.width <= MAX_WIDTH_PX:
        return panel
    return panel.resize((MAX_WIDTH_PX, height), Image.Resampling.LANCZOS)


def _as_srgb(picture: Image.Image) -> Image.Image:
    rgb = picture.convert("RGB")
    icc = picture.info.get("icc_profile")
    if not icc:
        return rgb
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    # Pillow's own annotation of createProfile is incomplete.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    converted = ImageCms.profileToProfile(rgb, source, srgb)
    return rgb if converted is None else converted


def _write_caption(sheet: Image.Image, caption: str, center_px: int) -> None:
    font = ImageFont.load_default(FONT_SIZE_PX)
    ImageDraw.Draw(sheet).text(
        (center_px, CAPTION_HEIGHT_PX // 2), caption, fill=INK, font=font, anchor="mm"
    )


if __name__ == "__main__":
    main()
