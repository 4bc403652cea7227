"""The JSON of answers, evidence and articles, the same for the command line, HTTP, MCP and saved answers."""

from __future__ import annotations

from typing import Any

from rag.types import Answer, AnswerSentence, ArticleRef, Citation, Evidence, Lead


def article_json(ref: ArticleRef) -> dict[str, Any]:
    """The public JSON form of an article's metadata, the same behind every door."""
    published = ref.published.isoformat() if ref.published else None
    return {
        "article_id": ref.id, "title": ref.title, "outlet": ref.outlet, "url": ref.url, "published": published,
        "date_believed": not ref.is_ahead, "library": ref.library,
    }  # fmt: skip


def sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    """The public JSON form of a shown sentence."""
    support = round(sentence.support, 4)
    return {
        "text": sentence.text, "lead_in": sentence.lead_in, "citations": list(sentence.citations), "support": support,
        "checked": sentence.checked, "heading": sentence.heading, "speaker": sentence.speaker,
        "translation": sentence.translation,
    }  # fmt: skip


def lead_json(lead: Lead) -> dict[str, Any]:
    """The public JSON form of what an answer begins with."""
    return {"kind": lead.kind, "text": lead.text, "citations": list(lead.citations)}


def citation_json(citation: Citation) -> dict[str, Any]:
    """The public JSON form of a quote, with its place in its article and the page of its PDF where it has one."""
    place = {"start": citation.start, "end": citation.end, "quote": citation.quote, "page": citation.page}
    copies = [article_json(copy) for copy in citation.copies]
    return {"marker": citation.marker, **article_json(citation.article), **place, "copies": copies}


def answer_json(answer: Answer) -> dict[str, Any]:
    """The public JSON form of an answer (`newsdesk ask --json`, the page's API)."""
    made = answer.provenance
    return {
        "question": answer.question.text,
        "intent": answer.intent,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 3),
        "doubt": answer.doubt,
        "missing": list(answer.missing),
        "message": answer.message,
        "layout": answer.layout,
        "translated_into": answer.translated_into,
        "lead": lead_json(answer.lead) if answer.lead is not None else None,
        "text": answer.text,
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "citations": [citation_json(citation) for citation in answer.citations],
        "disputed": [list(pair) for pair in answer.disputed],
        "related": [citation_json(citation) for citation in answer.related],
        "nearest": [article_json(ref) for ref in answer.nearest],
        "further": list(answer.further),
        "provenance": {
            "writer": made.writer, "model": made.model, "prompts": dict(made.prompts), "embedder": made.embedder,
            "revision": made.revision, "timings_ms": {k: round(v, 1) for k, v in made.timings.items()},
            "standalone_question": made.standalone_question, "notice": made.notice,
            "removed": [{"text": r.text, "reason": r.reason} for r in made.removed], "usage": dict(made.usage),
            "as_of": made.as_of.isoformat() if made.as_of else None, "judge": made.judge,
        },
    }  # fmt: skip


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """The public JSON form of one piece of evidence (`newsdesk search --json`)."""
    passage = evidence.passage
    return {
        "rank": evidence.rank, "score": round(evidence.score, 6), **article_json(passage.article),
        "start": passage.start, "end": passage.end, "text": passage.text,
        "copies": [article_json(copy) for copy in evidence.copies],
    }  # fmt: skip
