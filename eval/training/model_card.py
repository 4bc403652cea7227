"""The model card that is written beside exported weights: Mitchell et al., Model Cards for Model Reporting (2019)."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from eval.training.loop import Plan
from eval.training.starting_weights import curve_file
from rag.models.model_files import CARD, CURVE

Figures = Mapping[str, float]

LICENCES = {
    "wikinews_qa": "Wikinews articles: Wikinews contributors, CC BY 2.5 (each article's page is named in the data)",
    "wikinews_claims": "Wikinews articles: Wikinews contributors, CC BY 2.5",
    "squad2": "SQuAD 2.0: Rajpurkar, Jia and Liang (ACL 2018), CC BY-SA 4.0; text of Wikipedia, CC BY-SA",
    "reader_groups": (
        "WikiWhy (MIT), QADiscourse (CC BY 4.0; Wikinews CC BY 2.5), QAMR (MIT), FairytaleQA (Apache-2.0), "
        "SelQA (Apache-2.0), QED (CC BY-SA 3.0), CLAPNQ (Apache-2.0)"
    ),
    "training": (
        "written for this project, in its authors' own words, over Wikinews articles (CC BY 2.5) and invented ones"
    ),
}
"""By the folder of the data."""

BASE = "all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What the card tells of a run besides its figures."""

    command: str
    digests: Mapping[str, str]
    started_from: str
    before: tuple[Mapping[str, Any], ...] = ()


def earlier_legs(start: Path | None) -> tuple[Mapping[str, Any], ...]:
    """The curves of the runs that weights come from, the first one first; none where no curve stands beside them."""
    curve = curve_file(start) if start else None
    if curve is None or not curve.exists():
        return ()
    found = json.loads(curve.read_text(encoding="utf-8"))
    return (*found.pop("before", ()), found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What a card says. `tables` are headed columns of figures by name; `failings` are sentences."""

    task: str
    purpose: str
    run: Run
    plan: Plan
    curve: Path
    steps: int
    minutes: float
    counts: Mapping[str, int]
    tables: Mapping[str, Mapping[str, Figures]]
    constants: Mapping[str, Any]
    failings: Sequence[str]

    def write(self, folder: Path) -> None:
        """Write `card.md`, and `curve.json` with the curves of the runs before."""
        curve = json.loads(self.curve.read_text(encoding="utf-8"))
        text = json.dumps({"before": list(self.run.before), **curve}, indent=1)
        (folder / CURVE).write_text(text + "\n", encoding="utf-8")
        (folder / CARD).write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The card as Markdown."""
        used = sorted({part for name in self.run.digests for part in name.split("/") if part in LICENCES})
        plan = ", ".join(f"{name} {value}" for name, value in asdict(self.plan).items() if value is not None)
        return "\n".join(
            [
                f"# The {self.task}",
                "",
                self.purpose,
                "",
                f"Base: {BASE}, fine-tuned whole but for its word vectors; begun from {self.run.started_from}.",
                "",
                "## Data",
                *(f"- {LICENCES[name]}" for name in used),
                "",
                *(f"- {count:,} {name}" for name, count in self.counts.items()),
                "",
                "| file | SHA-256 |",
                "|---|---|",
                *(f"| {name} | `{digest}` |" for name, digest in sorted(self.run.digests.items())),
                "",
                "The text is not part of this project; the weights may be passed on with this attribution.",
                "",
                "## Training",
                f"`{self.run.command}`",
                "",
                f"{self.steps:,} steps in {self.minutes:.0f} minutes on {machine()}. {plan}. Weights of the best "
                "point of `curve.json` on the development half, averaged over steps.",
                *(f"Before that: {_leg(one)}." for one in self.run.before),
                "",
                "## Figures",
                *(line for name, columns in self.tables.items() for line in _table(name, columns)),
                "",
                "## Constants",
                *(f"- {name}: {value}" for name, value in self.constants.items()),
                "",
                "## Failings",
                *(f"- {one}" for one in self.failings),
                "",
            ]
        )


def _leg(curve: Mapping[str, Any]) -> str:
    last = curve["points"][-1]
    plan = ", ".join(f"{name} {value}" for name, value in curve["plan"].items() if value is not None)
    return f"{last['steps']:,} steps in {last['minutes']:.0f} minutes ({plan})"


def machine() -> str:
    """Processor or GPU, threads and the library's version, as far as they change figures."""
    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()}, torch {torch.__version__}"
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{name} ({torch.get_num_threads()} thread, torch {torch.__version__})"


def _table(name: str, columns: Mapping[str, Figures]) -> list[str]:
    rows = dict.fromkeys(figure for figures in columns.values() for figure in figures)
    return [
        "",
        f"| {name} | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(f"| {row} | {' | '.join(f'{c[row]:.3f}' if row in c else '' for c in columns.values())} |" for row in rows),
    ]
