"""Many readers at one served page: `python -m eval.bench.readers ADDRESS --readers 50 --seconds 180`.

Every reader is a `gradio_client` of its own and speaks of articles that no other reader speaks of: a question about a
title, a pause, then a follow-up with that history. Afterwards answers are compared with what a desk gives to the same
question alone: one that differs, or that is to another question, is a mixed conversation. Serve with
`NEWSDESK_READER_RATE=none`: all readers have one address here. Sessions of the page are not used by this endpoint; that
two tabs never meet is a browser test.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

if TYPE_CHECKING:
    from rag.desk import Desk

FOLLOW_UPS = ("Why?", "And what happened before that?", "Who said so?")
PAUSE_SECONDS = (5.0, 15.0)
"""A reader reads between two questions."""

COMPARED = 100


@dataclass
class Tally:
    """What all readers met; filled from many threads."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answers: list[tuple[str, tuple[str, ...], str, str]] = field(default_factory=list)
    ended: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, error: Exception) -> None:
        """Note what a reader met."""
        with self.lock:
            self.errors.append(f"{type(error).__name__}: {error}"[:200])

    def as_json(self, readers: int, duration: float) -> dict[str, Any]:
        """The figures; times in milliseconds."""
        p50, p95, most = np.percentile(self.seconds, [50, 95, 100]) * 1000 if self.seconds else (0.0, 0.0, 0.0)
        return {
            "readers": readers,
            "seconds": round(duration, 1),
            "answers": len(self.seconds),
            "answers_per_second": round(len(self.seconds) / duration, 2) if duration else 0.0,
            "p50_ms": round(float(p50), 1),
            "p95_ms": round(float(p95), 1),
            "longest_ms": round(float(most), 1),
            "outcomes": self.outcomes,
            "errors": len(self.errors),
            "first_errors": self.errors[:3],
            "readers_to_the_end": self.ended,
        }


def _read(address: str, titles: Sequence[str], until: float, seed: int, tally: Tally) -> None:
    from gradio_client import Client

    chance = random.Random(seed)
    try:
        client = Client(address, verbose=False, analytics_enabled=False)
    # Whatever a reader meets is counted.
    except Exception as error:
        tally.failed(error)
        return
    while time.monotonic() < until:
        question = f"What is known about “{chance.choice(list(titles))}”?"
        for asked, history in ((question, []), (chance.choice(FOLLOW_UPS), [question])):
            started = time.perf_counter()
            try:
                answer = client.predict(question=asked, history=history, api_name="/ask")
            # Whatever a reader meets is counted.
            except Exception as error:
                tally.failed(error)
                continue
            with tally.lock:
                tally.seconds.append(time.perf_counter() - started)
                tally.outcomes[answer["outcome"]] = tally.outcomes.get(answer["outcome"], 0) + 1
                tally.answers.append((asked, tuple(history), answer["question"], answer["text"]))
            time.sleep(min(chance.uniform(*PAUSE_SECONDS), max(0.0, until - time.monotonic())))

    with tally.lock:
        tally.ended += 1


def mixed(tally: Tally, desk: Desk, *, compared: int) -> list[str]:
    """Of so many answers, drawn evenly, the questions that got another answer than the desk gives to them alone."""
    step = max(1, len(tally.answers) // compared)
    wrong = []
    for asked, history, echoed, text in tally.answers[::step]:
        if echoed != asked or desk.ask(asked, history=history).text != text:
            wrong.append(asked)
    return wrong


def run(address: str, titles: Sequence[str], *, readers: int, seconds: float) -> tuple[Tally, float]:
    """Let so many readers ask for so long; every one gets titles of its own. What they met, and how long it took."""
    tally = Tally()
    began = time.monotonic()
    threads = [
        threading.Thread(target=_read, args=(address, titles[n::readers], began + seconds, n, tally), daemon=True)
        for n in range(readers)
    ]
    for thread in threads:
        thread.start()
        time.sleep(PAUSE_SECONDS[0] / readers)
    for thread in threads:
        thread.join(timeout=seconds + 120)
    return tally, time.monotonic() - began


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Where the page is served, such as http://127.0.0.1:7860.")
    ],
    library: Annotated[
        Path, typer.Option("--library", metavar="DIR", help="The library that it serves: its titles are asked about.")
    ],
    readers: Annotated[int, typer.Option("--readers", min=1, help="Readers at the same time.")] = 50,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="How long they ask.")] = 180.0,
) -> None:
    """Let many readers ask at one served page, and tell how long they waited and whose answers were mixed up."""
    from rag import open_desk

    with open_desk(library, stay_open=False) as desk:
        titles = sorted({ref.title for ref in desk.articles() if ref.title})
        if len(titles) < readers:
            sys.exit(f"{readers} readers need as many titles, the library has {len(titles)}; use fewer readers")
        tally, duration = run(address, titles, readers=readers, seconds=seconds)
        wrong = mixed(tally, desk, compared=COMPARED)
    print(json.dumps({**tally.as_json(readers, duration), "compared": COMPARED, "mixed": len(wrong)}, indent=2))


if __name__ == "__main__":
    app(prog_name="python -m eval.bench.readers")
