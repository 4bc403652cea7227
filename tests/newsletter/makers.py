"""A small library of invented news, and a config over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from newsletter.config import NewsletterConfig
from rag.desk import Desk
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import prepared

SLIDE = "A landslide in the village of Ostrel killed {} people on Monday, the fire service said. {}"


def article(outlet: str, title: str, text: str, day: int, *, url: str = "") -> Article:
    address = url or f"https://{outlet.lower().replace(' ', '-')}.example/{title.lower().replace(' ', '-')}"
    return make_article(text, title=title, outlet=outlet, url=address, published=f"2024-05-{day:02}T09:00:00+00:00")


FIRST = article("Harbour Post", "Ostrel landslide kills villagers", SLIDE.format(12, "Rain had fallen for a week."), 6)
SECOND = article("Evening Mail", "Landslide kills villagers in Ostrel", SLIDE.format(15, "The road is closed."), 6)
CUP = article("Lindow Echo", "Lindow wins the cup", "Lindow beat Dray in the final of the county cup on Tuesday.", 7)
LATER = article(
    "Dray Gazette",
    "Ostrel landslide villagers moved",
    "The village of Ostrel was moved to higher ground after the landslide that killed villagers on Monday.",
    8,
)
NEWS = (FIRST, SECOND, CUP)


def store(library: Library, *articles: Article) -> None:
    library.put([prepared(one) for one in articles])
    library.catch_up()


def config(folder: Path, **changes: Any) -> NewsletterConfig:
    given: dict[str, Any] = {
        "title": "The Ostrel Letter",
        "until": "2024-05-08",
        "sections": [{"title": "News", "stories": 3, "sentences": 2}],
        "mail": {"sender": "The Letter", "sender_address": "letter@news.example", "to": ["ada@reader.example"]},
        "folder": folder,
    }
    return NewsletterConfig(**(given | changes))


def desk_of(library: Library) -> Desk:
    return Desk(library)
