from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.desk import Desk
from rag.events import Finished, Stage
from rag.models.hashing_embedder import HashingEmbedder
from rag.question.intent.classifier import Decision
from rag.replies.conversation import LOOKED_BACK, last_of_the_news, news_history
from rag.storage.library import open_library
from rag.testing import make_article
from rag.types import Answer, Lead
from tests.rag.makers import library_with, prepared, settings_for

MAIL = make_article(
    "The bridge over the Saltmarsh closed on Monday 6 May 2024. Engineers of the county found cracks in two of its "
    "piers. The mayor, Ana Ruiz, said that the repairs would take nine weeks and cost four million crowns. Buses go "
    "round by the Lindow road until the bridge opens again. The county has asked for help from the capital.",
    title="Saltmarsh bridge closes",
    outlet="Evening Mail",
    url="https://evening-mail.example/bridge",
    published="2024-05-06T09:00:00+00:00",
)
POST = make_article(
    "The Saltmarsh bridge will stay closed for longer than was hoped, the county said on Friday 10 May 2024. Divers "
    "found a third pier of the bridge damaged below the water. The repairs of the bridge will take fourteen weeks. "
    "Shops in the old harbour say that they have lost half of their customers since the bridge closed.",
    title="Saltmarsh bridge: divers find more damage",
    outlet="Harbour Post",
    url="https://harbour-post.example/bridge",
    published="2024-05-10T18:30:00+00:00",
)
TIMES = make_article(
    "The Saltmarsh bridge will stay closed for longer than was hoped, the county said on Friday 10 May 2024. A third "
    "pier of the bridge is damaged below the water. The repairs of the bridge will take fourteen weeks. Shops in the "
    "old harbour have lost half of their customers since the bridge closed, says their union.",
    title="Saltmarsh bridge: more damage below the water",
    outlet="Lindow Times",
    url="https://lindow-times.example/bridge",
    published="2024-05-10T20:30:00+00:00",
)
STRIKE = make_article(
    "Ferry crews in Port Lindow began a strike on Tuesday 11 June 2024. The union of the ferry crews asks for 7% more "
    "pay. The ferry company offered 3% because fuel has become dearer. No ferry has left the port since then.",
    title="Ferry crews walk out",
    outlet="Harbour Post",
    url="https://harbour-post.example/strike",
    published="2024-06-11T18:30:00+00:00",
)
ASKED = "Why did the Saltmarsh bridge close?"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    # In few dimensions words meet by chance, and every article would be about everything.
    settings = settings_for(tmp_path / "library", vector_index="exact", reader="off")
    library = open_library(settings, embedder=HashingEmbedder(2048), stay_open=True)
    library.put([prepared(article) for article in (MAIL, POST, STRIKE)])
    with Desk(library) as opened:
        yield opened


def is_exact(desk: Desk, answer: Answer) -> bool:
    return all(desk.article(one.article.id).text[one.start : one.end] == one.quote for one in answer.citations)


@pytest.mark.parametrize(
    ("text", "intent", "says"),
    [
        ("hello", "greeting", "3 articles from 2 outlets"),
        ("thank you", "thanks", "welcome"),
        ("goodbye", "goodbye", "Goodbye"),
        ("what can you do?", "newsdesk", "exact quotes"),
        ("are you an AI?", "newsdesk", "no language model"),
        ("how many articles do you have?", "library", "3 articles"),
        ("which outlets are in here", "library", "Harbour Post (2)"),
        ("what is the oldest article", "library", "6 May 2024"),
        ("when is your newest article from?", "library", "11 June 2024"),
        ("12*7", "other", "only answers from the articles"),
        ("asdfghjkl", "other", "only answers from the articles"),
        ("the", "other", "only answers from the articles"),
        ("why?", "other", "only answers from the articles"),
        ("shorter please", "shorter", "no answer yet"),
        ("tell me more", "more", "no answer yet"),
    ],
)
def test_what_asks_for_no_news_is_answered_in_words_and_without_a_quote(
    desk: Desk, text: str, intent: str, says: str
) -> None:
    answer = desk.ask(text)
    assert (answer.intent, answer.outcome) == (intent, "told")
    assert says in answer.message
    assert not answer.sentences
    assert not answer.citations
    assert not answer.related


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("summarise the news about the Saltmarsh bridge", "summary"),
        ("timeline of the Saltmarsh bridge", "timeline"),
        ("compare what the outlets say about the Saltmarsh bridge", "comparison"),
        ("what's new?", "latest"),
        ("the latest on the Saltmarsh bridge", "latest"),
    ],
)
def test_a_digest_is_made_of_exact_quotes_and_says_what_follows(desk: Desk, text: str, intent: str) -> None:
    answer = desk.ask(text)
    assert (answer.intent, answer.outcome) == (intent, "answered")
    assert answer.message
    assert answer.citations
    assert is_exact(desk, answer)


def test_the_latest_on_a_topic_is_told_from_its_newest_article_back_newest_first(desk: Desk) -> None:
    answer = desk.ask("the latest on the Saltmarsh bridge")
    assert "10 May 2024" in answer.message
    dates = [one.article.published for one in answer.citations]
    assert dates == sorted(dates, reverse=True)
    assert {one.article.id for one in answer.citations} <= {MAIL.ref.id, POST.ref.id}


@pytest.mark.parametrize("name", ["ferry crews", "Ferry crews"])
def test_a_name_alone_that_nothing_answers_asks_for_the_news_of_it(desk: Desk, name: str) -> None:
    answer = desk.ask(name)
    assert (answer.intent, answer.outcome) == ("latest", "answered")
    assert {quote.article.id for quote in answer.citations} == {STRIKE.ref.id}
    assert desk.ask("Marisol Vega").outcome == "not_found"


def test_an_order_on_the_news_of_a_name_is_on_that_news(desk: Desk) -> None:
    answer = desk.ask("where is that from?", history=["ferry crews"])
    assert {quote.article.id for quote in answer.citations} == {STRIKE.ref.id}


def test_a_word_in_a_conversation_asks_about_what_went_before(desk: Desk) -> None:
    assert desk.ask("ferry crews", history=[ASKED]).intent == "question"


def test_a_topic_that_no_article_is_about_is_not_found(desk: Desk) -> None:
    answer = desk.ask("summarise the news about the Moravian opera")
    assert (answer.intent, answer.outcome, answer.sentences) == ("summary", "not_found", ())
    assert "Moravian opera" in answer.message


def test_a_side_without_a_quote_is_named_as_missing(desk: Desk) -> None:
    answer = desk.ask("Evening Mail vs Harbour Post on the ferry strike")
    assert answer.outcome == "partly"
    assert "Of Evening Mail there is no quote" in answer.message
    assert answer.missing == ("Evening Mail on “ferry strike”",)
    assert {one.article.outlet for one in answer.citations} == {"Harbour Post"}


def test_both_sides_of_a_comparison_stand_under_their_names(desk: Desk) -> None:
    answer = desk.ask("compare the Evening Mail and the Harbour Post on the Saltmarsh bridge")
    headings = [sentence.heading for sentence in answer.sentences if sentence.heading]
    assert [name for name in headings if name != "Where they differ"] == ["Evening Mail", "Harbour Post"]
    assert not answer.missing


def test_outlets_that_tell_the_story_in_other_words_are_compared_too(desk: Desk) -> None:
    desk.library.put([prepared(TIMES)])
    answer = desk.ask("compare what the outlets say about the divers")
    assert {one.article.outlet for one in answer.citations} == {"Harbour Post", "Lindow Times"}


def test_an_outlet_that_alone_tells_of_it_is_not_called_a_comparison(desk: Desk) -> None:
    answer = desk.ask("compare what the outlets say about the ferry strike")
    assert answer.message == "Harbour Post on “ferry strike”, the only outlet here that tells of it."


def test_two_things_are_compared_on_what_the_reader_names(desk: Desk) -> None:
    answer = desk.ask("compare Ana Ruiz and Port Lindow on the Saltmarsh bridge")
    assert answer.message.startswith("Ana Ruiz and Port Lindow")


def test_a_side_is_quoted_where_it_is_named_and_no_sentence_stands_for_both(desk: Desk) -> None:
    answer = desk.ask("compare the union and the company on the ferry strike")
    by_side: dict[str, list[str]] = {}
    for sentence in answer.sentences:
        by_side.setdefault(sentence.heading or list(by_side)[-1], []).append(sentence.text)
    assert [name.casefold().removeprefix("the ") for name in by_side] == ["union", "company"]
    union, company = by_side.values()
    assert all("union" in text for text in union)
    assert all("company" in text for text in company)
    assert not set(union) & set(company)


def test_a_side_that_no_sentence_names_is_missing(desk: Desk) -> None:
    answer = desk.ask("compare the union and the minister on the ferry strike")
    assert answer.outcome == "partly"
    assert answer.missing == ("the minister",)


def test_two_outlets_that_a_question_names_are_held_side_by_side_where_nothing_answers_it(desk: Desk) -> None:
    answer = desk.ask("How do Evening Mail and Harbour Post differ on the zoo of Saltmarsh?")
    assert answer.intent == "comparison"
    assert {"Evening Mail", "Harbour Post"} <= {
        name for name in ("Evening Mail", "Harbour Post") if name in answer.message
    }


def test_what_about_a_name_asks_for_the_news_of_it_at_the_start_of_a_conversation(desk: Desk) -> None:
    answer = desk.ask("and ferry crews?")
    assert (answer.intent, answer.outcome) == ("latest", "answered")


def test_a_summary_has_as_many_sentences_as_the_reader_names(desk: Desk) -> None:
    assert len(desk.ask("summarise the Saltmarsh bridge in two sentences").sentences) == 2
    assert len(desk.ask("summarise the Saltmarsh bridge").sentences) > 2


@pytest.mark.parametrize("order", ["shorter please", "who said that?", "in a table", "where is that from?"])
@pytest.mark.parametrize("at_hand", [True, False], ids=["answer at hand", "answer made again"])
def test_an_order_is_on_the_last_answer_and_its_quotes(desk: Desk, order: str, at_hand: bool) -> None:
    first = desk.ask(ASKED)
    assert first.sentences
    answer = desk.ask(order, history=[ASKED], last=first if at_hand else None)
    shown = {(one.article.id, one.start) for one in first.citations}
    assert {(one.article.id, one.start) for one in answer.citations} <= shown
    assert answer.sentences
    assert answer.intent not in ("question", "other")


def test_shorter_keeps_the_first_quotes_and_one_sentence_means_one(desk: Desk) -> None:
    first = desk.ask("summarise the news about the Saltmarsh bridge")
    shorter = desk.ask("shorter", history=[first.question.text], last=first)
    assert 0 < len(shorter.sentences) < len(first.sentences)
    one = desk.ask("in one sentence please", history=[first.question.text], last=first)
    assert len(one.sentences) == 1
    assert one.citations[0].quote == first.citations[0].quote


def test_a_lead_that_cites_what_was_cut_is_cut_with_it(desk: Desk) -> None:
    first = desk.ask("summarise the news about the Saltmarsh bridge")
    markers = tuple(quote.marker for quote in first.citations)
    led = replace(first, lead=Lead(kind="overview", text="Both outlets tell of it.", citations=markers))
    assert desk.ask("shorter", history=[first.question.text], last=led).lead is None
    kept = replace(first, lead=Lead(kind="overview", text="One outlet tells of it.", citations=markers[:1]))
    assert desk.ask("shorter", history=[first.question.text], last=kept).lead == kept.lead


def test_more_tells_what_was_not_shown_and_says_when_there_is_no_more(desk: Desk) -> None:
    first = desk.ask(ASKED)
    history, told = [ASKED], {one.quote for one in first.citations}
    for _ in range(6):
        answer = desk.ask("tell me more", history=history)
        new = {one.quote for one in answer.citations}
        history.append("tell me more")
        if "no more" in answer.message:
            break
        assert not new & told
        told |= new
    else:
        pytest.fail("two articles have no end")


def test_a_table_is_the_same_answer_in_another_layout(desk: Desk) -> None:
    first = desk.ask(ASKED)
    answer = desk.ask("in a table", history=[ASKED], last=first)
    assert (answer.layout, answer.citations) == ("table", first.citations)
    assert answer.provenance.standalone_question == ""


def test_thanks_and_orders_are_no_context_of_the_next_question(desk: Desk) -> None:
    answer = desk.ask("how long will it take?", history=[ASKED, "thanks", "shorter please"])
    assert answer.question.context == ASKED


def test_what_about_another_name_wants_of_it_what_was_wanted_before(desk: Desk) -> None:
    news = "What is the latest on the Saltmarsh bridge?"
    assert desk.ask("What about Port Lindow?", history=[news]).intent == "latest"
    assert desk.ask("And of Port Lindow?", history=["Timeline of the Saltmarsh bridge"]).intent == "timeline"
    assert desk.ask("What about the cost of the repairs?", history=[news]).intent == "question"
    assert desk.ask("What about Port Lindow?", history=[ASKED]).intent == "question"


def test_an_order_after_it_is_on_that_digest(desk: Desk) -> None:
    history = ["What is the latest on the Saltmarsh bridge?", "What about Port Lindow?"]
    answer = desk.ask("shorter", history=history)
    assert {quote.article.outlet for quote in answer.citations} == {"Harbour Post"}
    assert all("ferry" in quote.quote.casefold() for quote in answer.citations)


def test_understood_as_is_one_question_or_nothing(desk: Desk) -> None:
    answer = desk.ask("and why?", history=["Did the Saltmarsh bridge close?"])
    assert answer.provenance.standalone_question == "Why did the Saltmarsh bridge close?"
    unresolved = desk.ask("how many of them were hurt?", history=[ASKED])
    assert unresolved.provenance.standalone_question.count("?") <= 1


def test_the_events_of_a_digest_end_with_its_answer(desk: Desk) -> None:
    events = list(desk.stream("what's new?"))
    assert isinstance(events[0], Stage)
    assert isinstance(events[-1], Finished)


def test_an_order_on_nothing_found_says_so_and_quotes_nothing(desk: Desk) -> None:
    asked = "What did the Japanese prime minister say about whales?"
    answer = desk.ask("shorter please", history=[asked], last=desk.ask(asked))
    assert (answer.outcome, answer.sentences) == ("not_found", ())


def test_an_empty_library_greets_and_says_how_to_fill_it(tmp_path: Path) -> None:
    with Desk(library_with(tmp_path / "library", [])) as desk:
        assert "view Library" in desk.ask("hello").message
        assert desk.ask("what's new?").outcome == "not_found"


def test_a_summary_of_a_topic_keeps_to_the_day_that_is_written_out(desk: Desk) -> None:
    answer = desk.ask("summarise the Saltmarsh bridge on 10 May 2024")
    assert answer.intent == "summary"
    assert {one.article.id for one in answer.citations} == {POST.ref.id}


def test_of_a_conversation_without_end_the_last_utterances_are_read() -> None:
    read: list[str] = []

    def decided(text: str) -> Decision:
        read.append(text)
        return Decision(intent="question", probability=1.0)

    said = [f"Who opened bridge {number}?" for number in range(1000)]
    assert len(news_history(said, decided, str)) == LOOKED_BACK
    assert last_of_the_news(said, decided) is not None
    assert len(read) == 2 * LOOKED_BACK
