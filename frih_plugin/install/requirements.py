"""A file of pinned requirements, split so that each is downloaded, and stamped, by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """name and version; lines: as pip reads them, with marker and hashes."""

    name: str
    version: str
    lines: str

    @property
    def pin(self) -> str:
        """As it is stamped."""
        return f"{self.name}=={self.version}"


def split_requirements(content: str) -> tuple[Requirement, ...]:
    """The requirements in order; comments are left out."""
    lines = [line for line in content.splitlines() if line.strip() and not _is_comment(line)]
    starts = [index for index, line in enumerate(lines) if _NAME.match(line)]
    ends = [*starts[1:], len(lines)]
    return tuple(_requirement(lines[start:end]) for start, end in zip(starts, ends, strict=True))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _requirement(lines: list[str]) -> Requirement:
    found = _NAME.match(lines[0])
    if found is None:
        raise ValueError(f"{lines[0]!r} pins no version.")
    return Requirement(found[1], found[2], "\n".join(lines) + "\n")
