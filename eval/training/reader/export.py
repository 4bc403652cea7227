"""Exports a trained reader: the int8 file held against the float network, its constants, and its card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from eval.training.baselines import CosineScorer, QuestionAlone
from eval.training.batches import round_of
from eval.training.export_onnx import export
from eval.training.loop import Say, Trainer
from eval.training.model_card import Card, Run
from eval.training.network import ReaderNetwork
from eval.training.reader.comparison import compared
from eval.training.reader.constants import decision_figures, reader_constants, with_rank
from eval.training.reader.figures import (
    Ranked,
    area,
    context_figures,
    context_pairs,
    news_figures,
    passages_of,
    ranked,
    summary,
)
from eval.training.reader.torch_reader import on_device
from eval.training.reader.training import ReaderData, base_folder
from eval.training.reader.wikipedia import ContextQuestion
from eval.training.smoothing import smooth
from rag.models.load_embedder import open_embedder
from rag.models.model_files import CURVE, Logistic, write_info
from rag.models.reader.reader import PassageLogits, Reader
from rag.models.reader.windows import ReadPassage, WindowMaker, feed_of
from rag.settings import Settings

NEIGHBOURS = 0
"""Neighbouring sentences that are read on either side of a passage: with one, `sentence_at_1` fell from .53 to .46."""

CALIBRATION_BATCHES = 4
SCORES = "scores.json"
"""In the run's folder: what the development half scored, so that thresholds can be chosen anew without reading it."""

FAILINGS = (
    "English news of 2019 and 2020 for the most part: other languages and other kinds of text were not measured.",
    "It reads one passage at a time: what must be put together from two passages, or compared, is often missed.",
    "How, why and list questions are its weakest kinds: see the table by kind.",
    "Adversarial questions on a single paragraph (SQuAD 2.0) are hardly told from answerable ones.",
    "Short answers were learnt from Wikipedia paragraphs alone.",
    "Answerability partly rests on how questions are worded: see question_alone, and answer_removed_auroc, where it "
    "cannot.",
    "The point of training, the calibration and the thresholds were chosen on the development half: its figures "
    "flatter.",
)


def export_reader(
    trainer: Trainer,
    data: ReaderData,
    folder: Path,
    run: Run,
    say: Say,
    *,
    before: Path | None = None,
    baselines: bool = False,
) -> None:
    """Write the model folder; prints the figures of the int8 file, and beside them the float network's.

    The float network's are those of the training's best point, on the questions that were looked at then. `before` is
    the folder of the reader that the training began from: it is said whether this one is better.
    """
    network, source = trainer.best(), base_folder()
    maker = WindowMaker(Tokenizer.from_file(str(source / "tokenizer.json")))
    typical = round_of(data.streams, 0, trainer.plan.seed, maker)[:CALIBRATION_BATCHES]
    smooth(network, lambda: [network(**on_device(batch.feed, trainer.device)) for batch in typical])
    export(network, _example(maker), ReaderNetwork.outputs, source, folder)
    as_it_is = {"slope": 1.0, "offset": 0.0}
    constants: dict[str, Any] = dict.fromkeys(("sentence", "passage", "confidence"), as_it_is)
    write_info(
        folder,
        task="reader",
        constants=constants | {"rank_weight": 0.0, "shown_within": 0.0, "answer_at": 0.5, "sure_at": 0.5},
    )
    small = Reader.open(folder, threads=torch.get_num_threads()).logits
    found, passages = passages_of(data.evidence, small, neighbours=NEIGHBOURS)
    _keep(found, trainer.folder / SCORES)
    constants = reader_constants(with_rank(found), passages)
    write_info(folder, task="reader", constants=constants)
    contexts = dict(zip(data.contexts, small(context_pairs(data.contexts)), strict=True))
    figures = news_figures(found) | context_figures(contexts) | decisions(with_rank(found), constants)
    say(f"int8: {summary(figures)}")
    columns = {"int8 (ships)": figures} | _beside_float(trainer, data, found, contexts)
    for name, column in columns.items():
        say(f"{name}: {summary(column)}")
    if before is not None:
        earlier, _ = passages_of(
            data.evidence, Reader.open(before, threads=torch.get_num_threads()).logits, neighbours=NEIGHBOURS
        )
        columns["what it began from"] = news_figures(earlier)
        say(compared(earlier, found).in_words())
    columns["question alone"] = {"answerable_auroc": _question_alone(data)}
    if baselines:
        cosine = ranked(data.evidence, CosineScorer(open_embedder(Settings())).logits)
        columns["cosine"] = news_figures(cosine)
    Card(
        task="reader",
        purpose="Reads a question and a passage of news; gives for each sentence the probability that it answers, for "
        "the passage that anything does, and the words that are the short answer.",
        run=run,
        plan=trainer.plan,
        curve=trainer.folder / CURVE,
        steps=trainer.step,
        minutes=trainer.seconds / 60,
        counts=data.counts,
        tables={"development half": columns, "sentence_at_1 by kind": {"int8": by_kind(found)}},
        constants=constants,
        failings=FAILINGS,
    ).write(folder)


def _keep(found: Sequence[Ranked], file: Path) -> None:
    rows = [{"id": one.evidence.question.id, "scores": one.scores, "best_without": one.best_without} for one in found]
    file.write_text(json.dumps(rows) + "\n", encoding="utf-8")


def _beside_float(
    trainer: Trainer,
    data: ReaderData,
    found: Sequence[Ranked],
    contexts: Mapping[ContextQuestion, PassageLogits],
) -> dict[str, dict[str, float]]:
    best = max(trainer.curve, key=lambda point: point["goal"])
    looked_at = {one.question for one in data.some_evidence}
    small = news_figures([one for one in found if one.evidence.question in looked_at])
    small |= context_figures({one: contexts[one] for one in data.some_contexts})
    which = f"the {len(looked_at)} looked at in training"
    return {f"int8, {which}": small, "float, the same": {name: best[name] for name in small}}


def decisions(found: Sequence[Ranked], constants: Mapping[str, Any]) -> dict[str, float]:
    """What would be shown and refused with the constants."""
    confidence = Logistic(**constants["confidence"])
    return decision_figures(found, confidence=confidence, answer_at=constants["answer_at"])


def by_kind(found: Sequence[Ranked]) -> dict[str, float]:
    """`sentence_at_1` of each kind of answerable question."""
    kinds: dict[str, list[bool]] = {}
    for one in found:
        if one.evidence.question.right:
            kinds.setdefault(one.evidence.question.kind, []).append(one.best[1])
    return {f"{kind} (n {len(flags)})": sum(flags) / len(flags) for kind, flags in sorted(kinds.items())}


def _question_alone(data: ReaderData) -> float:
    questions = data.news
    alone = QuestionAlone([q.text for q in questions], [bool(q.right) for q in questions])
    held = [one.question for one in data.evidence]
    return area(alone.scores([q.text for q in held]), [bool(q.right) for q in held])


def _example(maker: WindowMaker) -> Mapping[str, Any]:
    passages = (ReadPassage(sentences=("One came.", "Two left.")), ReadPassage(sentences=("Nobody spoke.",)))
    return feed_of([maker.windows("Who came?", passage)[0] for passage in passages])
