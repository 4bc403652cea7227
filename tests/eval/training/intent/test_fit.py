from pathlib import Path

import pytest

from eval.training.intent import fit
from eval.training.intent.utterances import Utterance
from rag.models.hashing_embedder import HashingEmbedder
from rag.question.intent.classifier import intent_classifier

UTTERANCES = [
    *(("greeting", text) for text in ("hello", "hello there", "hello again", "good morning")),
    *(("summary", text) for text in ("summarise the fire", "a summary of the fire", "sum up the fire")),
    *(("question", text) for text in ("who lit the fire?", "why did it burn?", "where was the fire?")),
]


def test_what_is_fitted_is_read_back_and_knows_its_utterances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "news_questions", lambda: ["How many died in the storm?", "When did the storm begin?"])
    given = [
        Utterance(id=str(i), text=text, intent=intent, topics=["the fire"] if intent == "summary" else [])
        for i, (intent, text) in enumerate(UTTERANCES)
    ]
    embedder = HashingEmbedder()
    made = fit.fit_intents(embedder, utterances=given, echo=lambda line: None)
    fit.save(made, tmp_path)
    read = intent_classifier(tmp_path)
    assert read.knows(embedder.identity)
    for intent, text in UTTERANCES:
        for vector in (None, embedder.embed_question(text)):
            found = read.probabilities(text, vector)
            assert max(found, key=lambda name: found[name]) == intent
