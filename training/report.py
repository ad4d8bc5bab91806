"""What an evaluation found, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.files.atomic import whole_file
from training.full_size_tables import full_size_tables, worse_by_need
from training.measuring import Evaluation, MethodRecords, method_name
from training.paper_tables import table_1, table_2, table_3, table_4, table_5
from training.reliability import reliability_of
from training.score_tables import detail, overview
from training.summary import summaries
from training.table import Table


@dataclass(frozen=True, slots=True)
class Report:
    """All that is written down.

    facts: what was evaluated and how, by name; ablations: records of Table 3's rows; cost: Table
    6; remarks: sentences on what was not measured.
    """

    headline: str
    facts: dict[str, Any]
    found: Evaluation
    ablations: MethodRecords
    cost: Table | None = None
    remarks: Sequence[str] = field(default_factory=tuple[str, ...])

    def markdown(self) -> str:
        """Overview, the paper's tables, where harm is done, and our methods in detail."""
        parts = [f"## {self.headline}\n", *(f"{remark}\n" for remark in self.remarks)]
        parts.append(overview(self.found.methods))
        parts += [table.markdown() for table in self.tables()]
        parts += reliability_parts(self.found.ours)
        parts += [detail(name, records) for name, records in self.found.ours.items()]
        return "\n".join(parts)

    def json(self) -> str:
        """Facts, tables, and every record; nothing published is among the methods."""
        content = self.facts | {
            "remarks": list(self.remarks),
            "tables": [table.as_json() for table in self.tables()],
            "methods": _as_json(self.found.methods),
            "full_size": _as_json(_with_any(self.found.full_size)),
            "ablations": _as_json(self.ablations),
            "by_distance": _as_json({f"{d:g}": r for d, r in self.found.by_distance.items()}),
        }
        return json.dumps(content, indent=1)

    def tables(self) -> list[Table]:
        """The tables that there are records for."""
        found, full_size = self.found, _with_any(self.found.full_size)
        tables = [table_1(found.methods), table_2(found.methods)]
        if self.ablations:
            tables += [table_3(self.ablations), table_4(self.ablations)]
        if found.by_distance:
            tables.append(table_5(found.by_distance))
        if self.cost is not None:
            tables.append(self.cost)
        tables.append(worse_by_need(found.methods, full_size=False))
        if full_size:
            tables += [*full_size_tables(full_size), worse_by_need(full_size, full_size=True)]
        return tables


def reliability_parts(ours: MethodRecords) -> list[str]:
    """How far the engine's confidences came true, where it had any."""
    records = [r for r in ours.get(method_name(1.0), []) if r.confidence is not None]
    if not records:
        return []
    curve = reliability_of(
        [r.confidence for r in records if r.confidence is not None],
        [r.result.fmse < r.composite.fmse for r in records],
    )
    return [f"### Reliability of the confidence\n\n{curve.markdown()}"]


def write_text(path: Path, text: str) -> None:
    """Write it whole or not at all. Raises OutputError naming the file and the reason."""
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))


def _with_any(methods: MethodRecords) -> MethodRecords:
    return {name: records for name, records in methods.items() if records}


def _as_json(methods: MethodRecords) -> dict[str, Any]:
    return {
        name: {
            "summaries": [asdict(summary) for summary in summaries(records)],
            "pictures": [asdict(record) for record in records],
        }
        for name, records in methods.items()
    }
