"""`python -m training credits`: whom the photographs behind the weights are owed to."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from engine.errors import OutputError
from training.commands import Subparsers
from training.photo_folder import PhotoRecord, read_list, read_manifest

_HEAD = """# Credits of the training photographs

The weights beside this file learnt from {count:,} photographs under open licences. Each source is
listed with its licence as stated there and the origin of the copy used; where a source has more
than one licence or origin, they stand with the names of the photographs' files.
The photographs were reduced to a short side of 288 pixels, and the colours of parts of them were
changed for training.{share_alike}
"""

_SHARE_ALIKE = " {count:,} of the photographs are, or may be, under ShareAlike licences."
_WITHOUT_SHARE_ALIKE = " Photographs under ShareAlike licences were left out."


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("credits", help="write the attribution of the photographs")
    parser.add_argument("--photos", type=Path, required=True, help="folder of the photographs")
    parser.add_argument("--out", type=Path, default=Path("engine/weights/CREDITS.md"))
    parser.add_argument("--no-share-alike", action="store_true", help="as given to `train`")


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    text = credits_text(trained_on(args.photos, share_alike=not args.no_share_alike),
                        share_alike=not args.no_share_alike)  # fmt: skip
    try:
        args.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{args.out} cannot be written: choose another place.") from error
    print(f"{args.out}: {len(text.encode()):,} bytes")  # noqa: T201 - the command's answer
    return 0


def trained_on(photos: Path, *, share_alike: bool) -> list[PhotoRecord]:
    """The records that training with this option may draw. Raises BadInputError."""
    manifest = read_manifest(photos)
    records = [manifest[Path(line).stem] for line in read_list(photos, "train")]
    return [record for record in records if share_alike or not record.share_alike]


def credits_text(records: Sequence[PhotoRecord], *, share_alike: bool) -> str:
    """The attribution of photographs, as Markdown, by source."""
    count = sum(record.share_alike for record in records)
    note = _SHARE_ALIKE.format(count=count) if share_alike else _WITHOUT_SHARE_ALIKE
    parts = [_HEAD.format(count=len(records), share_alike=note)]
    by_source = sorted(records, key=lambda record: record.source)
    for source, group in groupby(by_source, key=lambda record: record.source):
        parts.append(_section(source, list(group)))
    return "\n".join(parts)


def _section(source: str, records: Sequence[PhotoRecord]) -> str:
    """One source; photographs are named where it has several licences or origins."""
    terms = Counter((record.licence, record.origin) for record in records)
    lines = [f"## {source} ({len(records)})", ""]
    for (licence, origin), count in terms.most_common():
        lines.append(f"- {licence}. From {origin}. Photographs: {count}.")
        if len(terms) > 1 or _is_named_one_by_one(licence):
            own = (r for r in records if (r.licence, r.origin) == (licence, origin))
            lines.append(f"  Files: {_names(own)}")
    return "\n".join([*lines, ""])


def _is_named_one_by_one(licence: str) -> bool:
    """Whether a licence asks to name each work, which most photographers share one licence for."""
    return "BY" in licence or "per photo" in licence


def _names(records: Iterable[PhotoRecord]) -> str:
    """File names or addresses at the origin."""
    return ", ".join(sorted(record.original for record in records))
