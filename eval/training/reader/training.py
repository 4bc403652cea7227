"""Trains the reader: its data, its mix, and what it is measured by."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from eval.errors import CaseError
from eval.training.batches import Batch, Cycle, Stream, round_of
from eval.training.loop import Plan, Say, Trainer
from eval.training.network import ReaderNetwork, begin_from, encoder
from eval.training.news import Cut, NewsArticle, NewsQuestion, read_articles, read_questions
from eval.training.reader.examples import NewsUnits, context_unit, group_unit
from eval.training.reader.figures import (
    Evidence,
    context_figures,
    context_pairs,
    development_evidence,
    news_figures,
    ranked,
)
from eval.training.reader.loss import reader_loss
from eval.training.reader.mined import mined
from eval.training.reader.nearest import NearestPassages
from eval.training.reader.torch_reader import TorchReader
from eval.training.reader.wikipedia import ContextQuestion, is_held_out, read_contexts, read_groups
from eval.training.sources import Sources
from eval.training.starting_weights import averaged_weights
from rag.models.load_embedder import open_embedder
from rag.models.onnx_export import DEFAULT_MODEL, weights_folder
from rag.models.reader.reader import Reader
from rag.models.reader.windows import WindowMaker
from rag.settings import Settings

Mix = tuple[int, int, int]
MIX: Mix = (140, 60, 90)
"""News questions, SQuAD questions and reader groups in a round. About two windows in three are of news, since a news
question comes with several."""

MOST_WIKIWHY = 1400
"""A twentieth of the groups: more of it teaches to avoid the question's words."""

PASSAGES_READ = 10
NEAR_PASSAGES = 8
QUESTIONS_ON_THE_WAY, CONTEXTS_ON_THE_WAY = 250, 300
"""How many development questions are looked at while training; all of them at its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderData:
    """What the reader is trained on and measured by."""

    streams: tuple[Stream[Any], ...]
    news: tuple[NewsQuestion, ...]
    evidence: tuple[Evidence, ...]
    contexts: tuple[ContextQuestion, ...]
    counts: Mapping[str, int]

    @property
    def some_evidence(self) -> list[Evidence]:
        """The development questions that are looked at while training."""
        return _spread(self.evidence, QUESTIONS_ON_THE_WAY)

    @property
    def some_contexts(self) -> list[ContextQuestion]:
        """The held-out SQuAD questions that are looked at while training."""
        return _spread(self.contexts, CONTEXTS_ON_THE_WAY)


def reader_data(
    sources: Sources, *, cache: Path, seed: int, mix: Mix = MIX, negatives: int = 1, miner: Path | None = None
) -> ReaderData:
    """Read everything and look up what lies near each question; raises `CaseError` without a development half.

    `negatives` is how many passages that do not answer come with a question; `miner` a reader's folder that says which
    are hardest.
    """
    articles = read_articles(sources)
    held = read_questions(sources.questions_dev, articles)
    if not held:
        raise CaseError("no development half of news questions; name a folder that has dev/questions.jsonl")
    kept_out = {question.article for question in held}
    asked = [q for q in read_questions(sources.questions, articles) if q.article not in kept_out]
    contexts = read_contexts(sources)
    groups, wikiwhy = read_groups(sources), 0
    chance = random.Random(seed)
    chance.shuffle(groups)
    kept = []
    for group in groups:
        wikiwhy += group.source == "wikiwhy"
        if group.source != "wikiwhy" or wikiwhy <= MOST_WIKIWHY:
            kept.append(group)
    near = _near(asked, articles, kept_out, cache)
    if miner is not None:
        near = mined(near, asked, Reader.open(miner, threads=torch.get_num_threads()), cache)
    units = NewsUnits(asked, articles, near, negatives=negatives)
    train_contexts = [one for one in contexts if not is_held_out(one.title)]
    return ReaderData(
        streams=(
            Stream(cycle=Cycle(asked, seed), per_round=mix[0], drawn=units.draw),
            Stream(cycle=Cycle(train_contexts, seed + 1), per_round=mix[1], drawn=context_unit),
            Stream(cycle=Cycle(kept, seed + 2), per_round=mix[2], drawn=group_unit),
        ),
        news=tuple(asked),
        evidence=tuple(evidence_for(held, articles, cache)),
        contexts=tuple(one for one in contexts if is_held_out(one.title)),
        counts={"news questions": len(asked), "SQuAD questions": len(train_contexts), "reader groups": len(kept)},
    )


def _near(
    questions: Sequence[NewsQuestion], articles: Mapping[str, NewsArticle], kept_out: set[str], cache: Path
) -> dict[NewsQuestion, list[Cut]]:
    """The nearest passages of each training question, none of them of a development article."""
    passages = [cut for one in articles.values() if one.id not in kept_out for cut in one.passages()]
    nearest = NearestPassages(passages, open_embedder(Settings()), cache)
    ranks = nearest.rank([question.text for question in questions], NEAR_PASSAGES)
    own: dict[str, list[int]] = {}
    for number, cut in enumerate(passages):
        own.setdefault(cut.article.id, []).append(number)
    return {
        q: [passages[n] for n in dict.fromkeys([*numbers, *own.get(q.article, [])])]
        for q, numbers in zip(questions, ranks, strict=True)
    }


def evidence_for(questions: Sequence[NewsQuestion], articles: Mapping[str, NewsArticle], cache: Path) -> list[Evidence]:
    """Each question with the passages that come nearest to it, as the product would read them."""
    passages = [cut for one in articles.values() for cut in one.passages()]
    nearest = NearestPassages(passages, open_embedder(Settings()), cache)
    ranks = nearest.rank([question.text for question in questions], PASSAGES_READ)
    return development_evidence(questions, passages, ranks)


def train_reader(
    data: ReaderData, plan: Plan, folder: Path, *, start: Sequence[Path], resume: bool, say: Say
) -> Trainer:
    """Train into `folder`; `start` holds averaged weights to begin from instead of the pretrained encoder."""
    torch.manual_seed(plan.seed)
    source = base_folder()
    network = ReaderNetwork(encoder(source, frozen_layers=plan.frozen_layers))
    if start:
        begin_from(network, averaged_weights(start))
    trainer = Trainer(network, plan, folder, say)
    if resume and trainer.resume():
        say(f"going on from step {trainer.step}")
    maker = WindowMaker(Tokenizer.from_file(str(source / "tokenizer.json")))
    some, contexts = data.some_evidence, data.some_contexts

    def rounds(number: int) -> list[Batch]:
        return round_of(data.streams, number, plan.seed, maker)

    def evaluate(averaged: Any) -> dict[str, float]:
        scorer = TorchReader(averaged, maker, trainer.device).logits
        read = dict(zip(contexts, scorer(context_pairs(contexts)), strict=True))
        return news_figures(ranked(some, scorer)) | context_figures(read)

    trainer.run(rounds, reader_loss, evaluate, reader_goal)
    return trainer


def reader_goal(figures: Mapping[str, float]) -> float:
    """What is to be made large: the mean of the three news figures."""
    return (figures["sentence_at_1"] + figures["answerable_auroc"] + figures["answer_removed_auroc"]) / 3


def base_folder() -> Path:
    """The pretrained encoder's folder."""
    folder = weights_folder(DEFAULT_MODEL)
    assert folder is not None  # the packaged model is a folder or an error
    return folder


def _spread(items: Sequence[Any], most: int) -> list[Any]:
    """At most so many items, evenly from the whole."""
    return [items[i * len(items) // most] for i in range(most)] if len(items) > most else list(items)
