"""plugin.json, the one source of name, version and weights, in the package or the checkout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.errors import WeightsError

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the engine needs of plugin.json; paths are absolute."""

    version: str
    protocol_version: int
    weights: Path
    weights_sha256: str


@cache
def read_manifest() -> Manifest:
    """Read plugin.json: beside the engine when installed, at the top of a checkout.

    Raises WeightsError when there is none or it lacks an entry.
    """
    for file, root in (
        (_PACKAGE / "plugin.json", _PACKAGE.parent),
        (_PACKAGE.parent / "plugin.json", _PACKAGE.parent),
    ):
        if file.is_file():
            return _parse(file, root)
    raise WeightsError("plugin.json is missing from this installation: install FRIH again.")


def _parse(file: Path, root: Path) -> Manifest:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        weights = content["weights"]
        return Manifest(
            content["version"],
            content["protocol_version"],
            root / weights["file"],
            weights["sha256"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError("plugin.json is damaged: install FRIH again.") from error
