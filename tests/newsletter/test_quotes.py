"""Quotes of a story with who says them: each is named once."""

from __future__ import annotations

from newsletter.quotes import led_in
from rag.testing import make_article
from rag.types import Citation

TEXT = "“The bridge is safe,” Mayor Ann Hale said. It will be closed on Friday, Mayor Ann Hale said in Kell."
ARTICLE = make_article(TEXT, title="Bridge", outlet="Kell Post", published="2024-05-08T09:00:00+00:00")


def quotes(*parts: str) -> list[Citation]:
    return [
        Citation(marker=n, article=ARTICLE.ref, start=TEXT.index(part), end=TEXT.index(part) + len(part), quote=part)
        for n, part in enumerate(parts, start=1)
    ]


SPEECH, REPORTED = (
    "“The bridge is safe,” Mayor Ann Hale said.",
    "It will be closed on Friday, Mayor Ann Hale said in Kell.",
)


def test_direct_speech_stands_after_who_speaks() -> None:
    (made,) = led_in(quotes(SPEECH))
    assert made.lead_in == "Mayor Ann Hale, in Kell Post, 8 May 2024:"


def test_what_the_reporter_tells_names_the_speaker_itself() -> None:
    first, second = led_in(quotes(REPORTED, SPEECH))
    assert (first.lead_in, second.lead_in) == ("Kell Post, 8 May 2024:", "Mayor Ann Hale:")
    assert [one.lead_in for one in led_in(quotes(SPEECH, REPORTED))] == [
        "Mayor Ann Hale, in Kell Post, 8 May 2024:",
        "",
    ]
