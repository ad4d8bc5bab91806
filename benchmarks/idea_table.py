"""The rows of benchmarks.ideas: kept as JSON, shown as a Markdown table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.idea_rows import Idea
from benchmarks.idea_scores import Scores
from engine.errors import BadInputError
from training.checkpoint import save_json

_HEAD = (
    "| idea | changed | V: mean ratio, median, worse | R: mean ratio, median, worse | V by d_c: "
    "mean ratio | steps | s | parameters |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One idea's finished run; scores by set, and by set and cutoff distance."""

    name: str
    base: str
    settings: tuple[str, ...]
    steps: int
    scores: dict[str, Scores]
    seconds: float
    parameters: int

    def is_of(self, idea: Idea, asked_steps: int) -> bool:
        """Whether it is this idea's, as it is set now and as long."""
        own = (self.name, self.base, self.settings, self.steps)
        return own == (idea.name, idea.base, idea.settings, idea.steps(asked_steps))

    @property
    def line(self) -> str:
        """Its line of the table."""
        changed = " ".join(f"`{setting}`" for setting in self.settings)
        by_distance = ", ".join(
            f"{name.removeprefix('V, d_c ')}: {scores.mean_ratio:.3f}"
            for name, scores in self.scores.items()
            if "d_c" in name
        )
        cells = (
            self.name,
            changed,
            _cell(self.scores["V"]),
            _cell(self.scores["R"]),
            by_distance,
            str(self.steps),
            f"{self.seconds:.0f}",
            f"{self.parameters / 1e6:.2f} M",
        )
        return f"| {' | '.join(cells)} |"


def _cell(scores: Scores) -> str:
    return f"{scores.mean_ratio:.3f}, {scores.median_ratio:.3f}, {scores.worse:.1%}"


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    return "\n".join([_HEAD, *(row.line for row in rows)])


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write all rows in one step. Raises OutputError."""
    save_json(path, [asdict(row) for row in rows])


def read_rows(path: Path) -> list[Row]:
    """The rows of an earlier call, if any. Raises BadInputError for a file that holds none."""
    if not path.exists():
        return []
    try:
        return [_row(values) for values in json.loads(path.read_text())]
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{path} holds no rows of ideas: move it away.") from error


def _row(values: dict[str, Any]) -> Row:
    scores = {name: Scores(**numbers) for name, numbers in values.pop("scores").items()}
    settings = tuple(values.pop("settings"))
    return Row(settings=settings, scores=scores, **values)
