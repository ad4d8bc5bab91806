"""Makes the bundled examples from the full-size samples: `python packaging/make_examples.py DIR`.

DIR holds the photographs and cut-outs that CREDITS.md names. Each example is a crop of the
photograph about the layer, scaled to about two megapixels, and the layer scaled alike; colours
and profiles are left as they are. Needs Pillow; the result is committed in engine/examples/.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

OUT = Path(__file__).resolve().parent.parent / "engine" / "examples"
JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Source:
    """A photograph, a cut-out and where it was pasted, in pixels of the photograph.

    crop: half-open box (left, top, right, bottom) of the photograph; scale: size of the example
    in terms of the crop; at: upper left corner of the cut-out.
    """

    photograph: str
    cutout: str
    at: tuple[int, int]
    crop: tuple[int, int, int, int]
    scale: float


SOURCES = {
    "cake": Source(
        "06_cake_36mp.jpg",
        "caseB_slice_cutout.png",
        at=(1639, 485),
        crop=(1000, 100, 4400, 2500),
        scale=0.5,
    ),
    "park": Source(
        "02_park_displayp3.jpg",
        "caseA_plush_cutout.png",
        at=(1480, 1815),
        crop=(500, 1032, 3220, 3072),
        scale=0.6,
    ),
}


def main() -> None:
    """Write every example and examples.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path, help="folder of the full-size photographs")
    samples = parser.parse_args().samples
    index = {name: make_example(name, source, samples) for name, source in SOURCES.items()}
    (OUT / "examples.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def make_example(name: str, source: Source, samples: Path) -> dict[str, str]:
    """Write one example's two files; returns its entry of examples.json."""
    background, layer = f"{name}_background.jpg", f"{name}_layer.png"
    _write_background(source, samples / source.photograph, OUT / background)
    with Image.open(samples / source.cutout) as cutout:
        _scaled(cutout, source.scale).save(
            OUT / layer, optimize=True, icc_profile=cutout.info.get("icc_profile")
        )
    left, top = (
        round((place - start) * source.scale)
        for place, start in zip(source.at, source.crop[:2], strict=True)
    )
    return {"background": background, "layer": layer, "at": f"{left},{top}"}


def _write_background(source: Source, photograph: Path, out: Path) -> None:
    with Image.open(photograph) as picture:
        profile = picture.info.get("icc_profile")
        crop = picture.crop(source.crop)
    _scaled(crop, source.scale).save(out, quality=JPEG_QUALITY, optimize=True, icc_profile=profile)


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    size = (round(picture.width * scale), round(picture.height * scale))
    if picture.mode != "RGBA":
        return picture.resize(size, Image.Resampling.LANCZOS)
    # Scaled with colours multiplied by alpha, so that the black of empty pixels does not bleed in.
    return picture.convert("RGBa").resize(size, Image.Resampling.BOX).convert("RGBA")


if __name__ == "__main__":
    main()
