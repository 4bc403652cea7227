"""Fits `rag/answer_scorer.npz`: `python -m eval fit-scorer --data DIR [--write]`.

The data are contexts and questions as `eval.training.sentence_weights` takes them. Every question is put to the
sentences of its context and to a few of others: the likest of another context of the same article, and one of anywhere.
The loss is that of choosing among them and "nothing" (a softmax in which nothing has the score 0), so that a score is
the log-odds that the sentence, rather than nothing, answers. Questions of the fold `HELD_OUT_FOLD` are left out: the
figures in the file, and the weights of `rag/answering/selection.json`, are made with them.

Training takes about ten minutes on two cores and needs torch; running the scorer does not
(`rag.answering.answer_scorer`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.metrics.estimates import auroc
from eval.training.sentence_weights import data_digest, read_rows_of, title_fold
from rag.answering.answer_scorer import HEADS, MOST_QUESTION_TOKENS, MOST_SENTENCE_TOKENS, AnswerScorer
from rag.models.embedder import TextVectors
from rag.models.load_embedder import open_embedder
from rag.settings import Settings
from rag.text.sentences import split_sentences

HELD_OUT_FOLD = 0
WIDTH = 96
EPOCHS = 5
QUESTIONS_AT_ONCE = 16
OWN_SENTENCES = 7
"""Sentences of a question's own context, the right ones among them; more made training slower and not better."""

LEARNING_RATE, WARM_UP_STEPS, WEIGHT_DECAY, DROPOUT = 1e-3, 100, 0.05, 0.15
"""Chosen by hand and not searched. With these sentence@1 on 400 held-out questions is .883 after one epoch, .878 after
three, and the AUROC rises from .617 to .649; five epochs end at .889 and .673 on all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question with the sentences of its context and which of them answer (none for an impossible one)."""

    text: str
    title: str
    home: str
    sentences: Sequence[str]
    right: Sequence[bool]
    answers: Sequence[str]


def fit_scorer(
    data: Path, settings: Settings, *, epochs: int = EPOCHS, seed: int = 1, say: Callable[[str], None]
) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """Weights by name (float16) and what is known of them; raises `CaseError` where the data is not there."""
    embedder = open_embedder(settings)
    contexts = {str(row["context_id"]): row for row in read_rows_of(data / "contexts.jsonl.gz")}
    sentences = {
        name: [row["context"][span.start : span.end] for span in split_sentences(row["context"])]
        for name, row in contexts.items()
    }
    asked = [_asked(row, sentences) for row in read_rows_of(data / "questions.jsonl.gz")]
    texts = list(dict.fromkeys([*(s for own in sentences.values() for s in own), *(one.text for one in asked)]))
    say(f"embedding {len(texts)} texts")
    known = dict(zip(texts, embedder.embed_tokens(texts), strict=True))
    train = [one for one in asked if title_fold(one.title) != HELD_OUT_FOLD]
    held_out = [one for one in asked if title_fold(one.title) == HELD_OUT_FOLD]
    by_title: dict[str, list[str]] = {}
    for name, row in contexts.items():
        by_title.setdefault(str(row["title"]), []).append(name)
    pool = _Pool(sentences, by_title, known)
    weights = _trained(train, pool, epochs=epochs, seed=seed, say=say)
    about = {
        "command": f"python -m eval fit-scorer --data DIR --epochs {epochs} --seed {seed} --write",
        "data": {name: data_digest(data / name) for name in ("contexts.jsonl.gz", "questions.jsonl.gz")},
        "embedder": embedder.identity,
        "held_out_fold": HELD_OUT_FOLD,
        "questions": len(train),
        "held_out": figures(AnswerScorer(weights, {"embedder": embedder.identity}), held_out, known),
    }
    return weights, about


def figures(scorer: AnswerScorer, asked: Sequence[Asked], known: Mapping[str, TextVectors]) -> dict[str, Any]:
    """How well the scorer alone chooses within a context, and tells answerable from impossible questions."""
    first, best, answerable = [], [], []
    for one in asked:
        found = scorer.scores(known[one.text].tokens, [known[s].tokens for s in one.sentences])
        best.append(max(found, default=-20.0))
        answerable.append(float(bool(one.answers)))
        if any(one.right):
            first.append(one.right[int(np.argmax(found))])
    area = auroc(np.array(best), np.array(answerable))(np.ones((1, len(best))))
    return {
        "questions": len(asked),
        "sentence_at_1": round(float(np.mean(first)), 3),
        "answerable_auroc": round(float(area[0]), 3),
    }


@dataclass(frozen=True, slots=True)
class _Pool:
    """Where sentences that do not answer come from."""

    sentences: Mapping[str, Sequence[str]]
    by_title: Mapping[str, Sequence[str]]
    known: Mapping[str, TextVectors]

    def drawn(self, one: Asked, chance: random.Random) -> tuple[list[str], list[bool]]:
        """The sentences that a question is put to in one step, and which of them are right."""
        order = sorted(range(len(one.sentences)), key=lambda i: (not one.right[i], chance.random()))[:OWN_SENTENCES]
        texts, right = [one.sentences[i] for i in order], [one.right[i] for i in order]
        others = [name for name in self.by_title[one.title] if name != one.home]
        vector = self.known[one.text].vector
        for name in chance.sample(others, min(2, len(others))):
            texts.append(max(self.sentences[name], key=lambda s: float(self.known[s].vector @ vector)))
        anywhere = self.sentences[chance.choice(list(self.sentences))]
        texts.append(chance.choice(list(anywhere)))
        right += [False] * (len(texts) - len(right))
        # The answer's words in another context may be an answer or not: nobody has said.
        kept = [i for i in range(len(texts)) if right[i] or not _holds(texts[i], one.answers) or i < len(order)]
        return [texts[i] for i in kept], [right[i] for i in kept]


def _asked(row: Mapping[str, Any], sentences: Mapping[str, Sequence[str]]) -> Asked:
    home = str(row["context_id"])
    answers = [] if row["is_impossible"] else [answer.lower() for answer in row["answers"]]
    return Asked(
        text=row["question"],
        title=str(row["title"]),
        home=home,
        sentences=sentences[home],
        right=[_holds(sentence, answers) for sentence in sentences[home]],
        answers=answers,
    )


def _holds(sentence: str, answers: Sequence[str]) -> bool:
    return any(answer in sentence.lower() for answer in answers)


def _trained(
    asked: Sequence[Asked], pool: _Pool, *, epochs: int, seed: int, say: Callable[[str], None]
) -> dict[str, np.ndarray[Any, Any]]:
    import torch

    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = _model(torch)
    steps = epochs * len(asked) // QUESTIONS_AT_ONCE
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.02, 1 - step / steps)
    )
    waiting: list[Asked] = []
    for step in range(steps):
        if len(waiting) < QUESTIONS_AT_ONCE:
            waiting = chance.sample(list(asked), len(asked))
        batch = [waiting.pop() for _ in range(QUESTIONS_AT_ONCE)]
        drawn = [pool.drawn(one, chance) for one in batch]
        scores = _scores(
            torch, model, [(one.text, s) for one, (own, _) in zip(batch, drawn, strict=True) for s in own], pool
        )
        loss, start = torch.zeros(()), 0
        for own, right in drawn:
            with_nothing = torch.cat([scores[start : start + len(own)], torch.zeros(1)])
            target = torch.tensor([*right, not any(right)])
            loss = loss + torch.logsumexp(with_nothing, 0) - torch.logsumexp(with_nothing[target], 0)
            start += len(own)
        optimizer.zero_grad()
        (loss / len(batch)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            say(f"step {step} of {steps}, loss {float(loss.detach()) / len(batch):.3f}")
    return {name: value.detach().numpy().astype(np.float16) for name, value in model.state_dict().items()}


def _scores(torch: Any, model: Any, pairs: Sequence[tuple[str, str]], pool: _Pool) -> Any:
    asked = [pool.known[question].tokens[:MOST_QUESTION_TOKENS] for question, _ in pairs]
    held = [pool.known[sentence].tokens[:MOST_SENTENCE_TOKENS] for _, sentence in pairs]
    return model(*_padded(torch, asked), *_padded(torch, held))


def _padded(torch: Any, texts: Sequence[np.ndarray[Any, Any]]) -> tuple[Any, Any]:
    longest = max(1, *map(len, texts))
    values = torch.zeros(len(texts), longest, texts[0].shape[1])
    real = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, tokens in enumerate(texts):
        values[row, : len(tokens)] = torch.from_numpy(np.asarray(tokens, dtype=np.float32))
        real[row, : max(1, len(tokens))] = True
    return values, real


def _model(torch: Any) -> Any:
    """The network whose forward pass `rag.answering.answer_scorer` repeats in numpy; names of weights are the
    file's."""
    nn = torch.nn

    class Network(nn.Module):  # type: ignore[misc, name-defined]  # torch is read without its types
        def __init__(self) -> None:
            super().__init__()
            self.proj = nn.Linear(384, WIDTH)
            self.extra = nn.Linear(2, WIDTH)
            self.seg = nn.Embedding(2, WIDTH)
            self.cls = nn.Parameter(torch.zeros(WIDTH))
            self.norm = nn.LayerNorm(WIDTH)
            self.drop = nn.Dropout(DROPOUT)
            layer = nn.TransformerEncoderLayer(
                WIDTH, HEADS, 2 * WIDTH, DROPOUT, activation="gelu", batch_first=True, norm_first=True
            )
            self.enc = nn.ModuleList([layer])
            self.out = nn.Linear(WIDTH, 1)
            self.fin = nn.LayerNorm(WIDTH)

        def forward(self, asked: Any, asked_real: Any, held: Any, held_real: Any) -> Any:
            near = asked @ held.transpose(1, 2)
            near = near.masked_fill(~asked_real[:, :, None], -1).masked_fill(~held_real[:, None, :], -1)
            nearest = torch.cat([near.max(2).values, near.max(1).values], 1)
            mine, theirs = self.proj(asked) + self.seg.weight[0], self.proj(held) + self.seg.weight[1]
            state = torch.cat([mine, theirs], 1) + self.extra(torch.stack([nearest, nearest**2], -1))
            state = torch.cat([self.cls.expand(len(state), 1, -1), state], 1)
            real = torch.cat([torch.ones(len(state), 1, dtype=torch.bool), asked_real, held_real], 1)
            state = self.drop(self.norm(state))
            for layer in self.enc:
                state = layer(state, src_key_padding_mask=~real)
            return self.out(self.fin(state[:, 0])).squeeze(-1)

    return Network()


def save(weights: Mapping[str, np.ndarray[Any, Any]], about: Mapping[str, Any], file: Path) -> None:
    """Write the file that `rag.answering.answer_scorer` reads."""
    np.savez(file, about=np.array(json.dumps(about)), **dict(weights))  # type: ignore[arg-type]
