"""Soft masks from picture files: which pixels are the pasted object, and how much."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import Samples, luma
from engine.color.picture import Pixels
from engine.errors import BadInputError
from engine.files.orientation import upright
from engine.files.picture_file import PictureFile
from engine.files.read import decode_file

_GREY = 2
_GREY_ALPHA, _RGB = 2, 3


def read_mask(path: Path) -> Pixels:
    """Read a soft mask, (H, W) uint8 or uint16, upright by the file's own EXIF orientation.

    Grey and 1-bit files are taken as they are, RGB by its luma (for equal channels exactly
    their value). With transparency: the colours where the file shows something are compared.
    If they are grey and differ, the mask is painted in black and white, and shows as over
    black; else (one colour all over, or a colour cut-out) transparency is the mask. A file that is
    opaque all over counts as one without transparency.
    Raises BadInputError, like read_picture.
    """
    _, decoded = decode_file(path)
    samples = upright(decoded.samples, decoded.metadata.orientation)
    return cast("Pixels", _mask_in(samples))


def fit_mask_to(picture_file: PictureFile, mask: Pixels) -> Pixels:
    """Bring a mask to the size of the upright picture; (H, W) of the mask's own dtype.

    A mask of the upright size is returned as it is. One of the size in which the file stores its
    pixels is turned as the picture's EXIF orientation says. Where both sizes are the same
    (square pictures, half turns, mirrors) the mask counts as upright.
    Raises BadInputError, with both sizes, for any other size.
    """
    picture = picture_file.picture
    if mask.shape == (picture.height, picture.width):
        return mask
    if mask.shape == picture_file.stored_size:
        turned = upright(mask, picture_file.metadata.orientation)
        return cast("Pixels", np.ascontiguousarray(turned))
    raise BadInputError(
        f"The mask is {mask.shape[1]} x {mask.shape[0]} pixels and the picture is "
        f"{picture.width} x {picture.height}; give a mask of the picture's size."
    )


def _mask_in(samples: Samples) -> Samples:
    if samples.ndim == _GREY:
        return np.ascontiguousarray(samples)
    if samples.shape[2] == _RGB:
        return luma(samples)
    return _from_alpha(samples[..., :-1], samples[..., -1])


def _from_alpha(colors: Samples, alpha: Samples) -> Samples:
    white = np.iinfo(alpha.dtype).max
    grey = luma(colors) if colors.shape[2] == _RGB else np.ascontiguousarray(colors[..., 0])
    if alpha.min() == white:
        return grey
    if not _is_painted(colors, grey, alpha > 0):
        return np.ascontiguousarray(alpha)
    shown = (grey.astype(np.uint32) * alpha + white // 2) // white
    return shown.astype(alpha.dtype)


def _is_painted(colors: Samples, grey: Samples, is_visible: NDArray[np.bool_]) -> bool:
    """Tell whether what is visible is grey and not all the same."""
    visible = grey[is_visible]
    if visible.size == 0 or visible.min() == visible.max():
        return False
    return bool((colors[is_visible] == visible[:, np.newaxis]).all())
