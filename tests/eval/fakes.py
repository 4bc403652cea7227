"""A desk whose answers are written down, over a small library of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.cases import Case
from ingest.preparing.chunking import cut_passages
from rag.scope import Scope
from rag.testing import make_article
from rag.types import Answer, AnswerSentence, Article, ArticleRef, Citation, Evidence, Outcome, Provenance, Question

BRIDGE = make_article(
    "The bridge closed on Monday. Engineers had found cracks in two cables. Repairs will cost 4 million euros.",
    title="Bridge closed",
    outlet="Harbour Standard",
    url="https://harbour.example/bridge",
    published="2024-03-04",
    article_id="bridge",
)
COPY = make_article(
    "From our correspondent. The bridge closed on Monday.  Engineers had found cracks in two cables.",
    title="Bridge shut",
    outlet="Northgate Wire",
    url="https://northgate.example/bridge",
    published="2024-03-05",
    article_id="copy",
)
FERRY = make_article(
    "The ferry runs twice a day. It is free for cyclists.",
    title="Ferry",
    outlet="Harbour Standard",
    url="https://harbour.example/ferry",
    published="2024-03-06",
    article_id="ferry",
)
ARTICLES = (BRIDGE, COPY, FERRY)

CLOSED = "The bridge closed on Monday."
CRACKS = "Engineers had found cracks in two cables."
COST = "Repairs will cost 4 million euros."


class FakeDesk:
    """Gives the answer that is written down for a question, and notes with which history it was asked."""

    def __init__(self, answers: Mapping[str, Answer], articles: Iterable[Article] = ARTICLES) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._answers = answers
        self._articles = {article.ref.id: article for article in articles}

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str],
        scope: Scope,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        return self._answers[question]

    def article(self, article_id: str) -> Article:
        return self._articles[article_id]

    def articles(self) -> list[ArticleRef]:
        return [article.ref for article in self._articles.values()]


def make_answer(
    *quotes: tuple[Article, str], evidence: Sequence[Evidence] = (), outcome: Outcome | None = None, question: str = "?"
) -> Answer:
    """An answer that shows these sentences of these articles, one citation each; none at all is a refusal."""
    citations = tuple(make_citation(article, quote, marker=marker) for marker, (article, quote) in enumerate(quotes, 1))
    return Answer(
        question=Question(text=question),
        outcome=outcome or ("answered" if quotes else "not_found"),
        sentences=tuple(AnswerSentence(text=c.quote, citations=(c.marker,), support=1.0) for c in citations),
        citations=citations,
        evidence=tuple(evidence),
        nearest=(),
        provenance=Provenance(writer="quotes"),
    )


def make_citation(article: Article, quote: str, *, marker: int = 1) -> Citation:
    """A citation of a sentence of an article."""
    start = article.text.index(quote)
    return Citation(marker=marker, article=article.ref, start=start, end=start + len(quote), quote=quote)


def make_evidence(*articles: Article, copies: Sequence[Article] = ()) -> tuple[Evidence, ...]:
    """The first passage of each article, in this order; each names `copies`."""
    return tuple(
        Evidence(passage=cut_passages(article)[0], score=1 / rank, rank=rank, copies=tuple(c.ref for c in copies))
        for rank, article in enumerate(articles, start=1)
    )


def make_case(
    *facts: tuple[Article, str], case_id: str = "c1", question: str = "?", also_fine: Sequence[tuple[Article, str]] = ()
) -> Case:
    """A case with one sentence a fact; one without facts cannot be answered."""
    return Case.model_validate(
        {
            "id": case_id,
            "question": question,
            "history": [],
            "published_after": None,
            "published_before": None,
            "outlets": [],
            "expected": "answered" if facts else "not_found",
            "facts": [{"any_of": [{"url": article.ref.url, "quote": quote}]} for article, quote in facts],
            "also_fine": [{"url": article.ref.url, "quote": quote} for article, quote in also_fine],
            "tags": [],
        }
    )
