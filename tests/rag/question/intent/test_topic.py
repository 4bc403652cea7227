import pytest

from rag.question.intent.classifier import intent_classifier
from rag.question.intent.topic import topic_of


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("summarise the news about Orvel Airlines", "Orvel Airlines"),
        ("sumarise the harbour fire", "harbour fire"),
        ("tl;dr of the boeing story", "boeing"),
        ("latest on the harbour fire please", "harbour fire"),
        ("what's new on the harbour fire?", "harbour fire"),
        ("rundown of the harbour fire", "harbour fire"),
        ("timeline of Orvel's collapse", "Orvel's collapse"),
        ("give me the latest on the pilots' vote", "pilots' vote"),
        ("what's new?", ""),
        ("give me a summary", ""),
        ("top stories this week", ""),
    ],
)
def test_a_topic_is_the_request_without_the_asking(text: str, topic: str) -> None:
    assert topic_of(text, intent_classifier().requests) == topic
