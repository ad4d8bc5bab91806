"""What a colour profile is called."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import ImageCms

from frih_plugin.texts import text


@lru_cache(maxsize=8)
def profile_name(icc: bytes | None) -> str:
    """The profile's own name; sRGB where there is none."""
    if icc is None:
        return "sRGB"
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc)))
    except (ImageCms.PyCMSError, OSError):
        name = ""
    return name.strip() or text("unnamed profile")
