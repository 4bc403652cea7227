"""A draft as the view shows it: its stories in order, what can be done to each, and how it can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.editing import quoted_of
from rag.answering.quote_writer import as_printed
from rag.wording import ngettext
from web.page.editor.draft import Draft, others_of, place_of
from web.page.editor.sending import can_send, sent_before
from web.page.html.editor import OthersOf, QuoteRow, SectionRow, Sending, StoryRow, issue_html, other_quotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.issue import Item
    from rag.desk import Desk


def draft_html(draft: Draft, desk: Desk, *, told: str = "", may_send: bool = False) -> str:
    """The issue to be edited; `may_send` offers to send it where its newsletter has readers."""
    return issue_html(
        draft.issue,
        _sections(draft, desk),
        edits=draft.edits,
        lost=draft.made.lost,
        told=told,
        sending=_sending(draft) if may_send and can_send(draft.config) else None,
    )


def _sections(draft: Draft, desk: Desk) -> list[SectionRow]:
    rows = []
    for built, made in zip(draft.built.sections, draft.issue.sections, strict=True):
        ordered = draft.edits.in_order(built.items)
        out = [item for item in ordered if draft.edits.of(item.key).drop]
        usual = {item.key: item.title for item in built.items}
        stories = [_story(draft, desk, item, made.items, usual=usual[item.key]) for item in (*made.items, *out)]
        rows.append(SectionRow(title=built.title, notice=made.notice, stories=tuple(stories)))
    return rows


def _story(draft: Draft, desk: Desk, item: Item, shown: Sequence[Item], *, usual: str) -> StoryRow:
    own = draft.edits.of(item.key)
    is_quoted = item.writer == "quotes" and not own.drop
    quotes = (draft.made.applied.of(item.key).quotes or quoted_of(item, desk)) if is_quoted else ()
    by_id = {ref.id: ref for ref in item.articles}
    others = _others(draft, desk) if draft.replacing is not None and draft.replacing[0] == item.key else None
    place = draft.replacing[1] if others is not None and draft.replacing is not None else -1
    return StoryRow(
        item=item,
        usual_title=usual,
        own_title=own.title,
        note=own.note,
        is_out=own.drop,
        is_first=bool(shown) and item.key == shown[0].key,
        is_last=bool(shown) and item.key == shown[-1].key,
        is_requoted=bool(own.quotes),
        quotes=tuple(
            QuoteRow(
                place=number,
                words=as_printed(quote.quote),
                article=by_id[quote.article_id],
                others=others if number == place else None,
            )
            for number, quote in enumerate(quotes)
        ),
        adding=others if place == len(quotes) else None,
    )


def _others(draft: Draft, desk: Desk) -> tuple[OthersOf, ...]:
    found = others_of(draft, desk)
    return other_quotes(found, [place_of(quote) for quote in found])


def _sending(draft: Draft) -> Sending:
    mail = draft.config.mail
    assert mail is not None  # `can_send` has looked
    return Sending(
        readers=ngettext("{n} reader", "{n} readers", len(mail.to)),
        sender=mail.sender_address,
        before=sent_before(draft),
    )
