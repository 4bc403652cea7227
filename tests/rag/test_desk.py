"""The core from question to checked answer, with real indexes and the hashing embedder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from rag.date_input import parse_datetime
from rag.desk import EARLIER_QUESTIONS, Desk, open_desk
from rag.errors import LibraryError, UsageError
from rag.events import Draft, Finished, Found, Stage
from rag.models.hashing_embedder import HashingEmbedder
from rag.models.scripted_model import ScriptedModel
from rag.scope import Scope
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.request import SummaryRequest
from rag.testing import make_article
from rag.types import Answer, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared, settings_for
from tests.rag.openai_stub import openai_stub

ASKED = "How long will the repairs of the Saltmarsh bridge take?"
ANSWERING = "The mayor, Ana Ruiz, said that repairs would take nine weeks."


def desk_with(folder: Path, *, model: BaseChatModel | None = None, named: str = "quotes", **given: object) -> Desk:
    """`named` is the model's name in the settings."""
    settings = settings_for(folder, vector_index="exact", model=named, **given)
    desk = open_desk(settings=settings, embedder=HashingEmbedder(256), model=model, stay_open=False)
    desk.library.put([prepared(BRIDGE), prepared(STRIKE)])
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_with(tmp_path) as desk:
        yield desk


def assert_exact(answer: Answer, desk: Desk) -> None:
    for citation in answer.citations:
        assert desk.article(citation.article.id).text[citation.start : citation.end] == citation.quote


def test_a_question_is_answered_with_exact_quotes_and_who_said_them_when(desk: Desk) -> None:
    answer = desk.ask(ASKED)
    assert answer.outcome == "answered"
    assert ANSWERING in [citation.quote for citation in answer.citations]
    assert answer.sentences[0].lead_in == "Evening Mail, 6 May 2024:"
    assert_exact(answer, desk)


def test_the_answer_says_how_it_was_made(desk: Desk) -> None:
    made = desk.ask(ASKED).provenance
    assert (made.writer, made.model, made.embedder, made.revision) == ("quotes", "", "hashing-256", 2)
    assert set(made.timings) >= {"retrieval", "selection", "checking", "total"}


def test_a_question_about_something_else_is_not_found_and_offers_the_nearest_articles(desk: Desk) -> None:
    answer = desk.ask("What did the Japanese prime minister say about whales?")
    assert (answer.outcome, answer.sentences, answer.citations) == ("not_found", (), ())
    assert answer.nearest


def test_streaming_shows_stages_then_evidence_then_one_answer(desk: Desk) -> None:
    events = list(desk.stream(ASKED))
    kinds = [type(event) for event in events]
    assert kinds[0] is Stage
    assert kinds.count(Found) == kinds.count(Finished) == 1
    assert kinds[-1] is Finished
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.text == desk.ask(ASKED).text


def test_a_removed_article_is_not_in_the_next_answer(desk: Desk) -> None:
    assert desk.ask(ASKED).outcome == "answered"
    desk.remove(BRIDGE.ref.id)
    answer = desk.ask(ASKED)
    assert BRIDGE.ref.id not in {piece.passage.article.id for piece in answer.evidence}
    assert ANSWERING not in answer.text


def test_of_a_long_conversation_its_end_is_read(desk: Desk) -> None:
    rest = ["And why is it so?"] * (EARLIER_QUESTIONS - 1)
    short = desk.ask("how long will it take?", history=[ASKED, *rest])
    long = desk.ask("how long will it take?", history=["What did Ottoline Vance say?"] * 1000 + [ASKED, *rest])
    assert long.question == short.question
    unasked = desk.ask("how long will it take?", history=[ASKED, *rest, "x" * 100_000])
    assert unasked.question == short.question


def test_a_follow_up_uses_the_conversation(desk: Desk) -> None:
    answer = desk.ask("how long will it take?", history=[ASKED])
    assert answer.question.context == ASKED
    assert answer.evidence[0].passage.article.id == BRIDGE.ref.id


def test_dates_and_outlets_limit_the_evidence(desk: Desk) -> None:
    assert not desk.search(ASKED, published_after="2024-12-01")
    only = desk.search(ASKED, outlets=["Harbour Post"])
    assert {piece.passage.article.id for piece in only} == {STRIKE.ref.id}
    assert desk.search(ASKED, scope=Scope(outlets=("Harbour Post",))) == only
    with pytest.raises(UsageError, match="did you mean 'Evening Mail'"):
        desk.ask(ASKED, outlets=["Evening Male"])
    with pytest.raises(UsageError, match="later than"):
        desk.ask(ASKED, published_after="2024-07-01", published_before="2024-06-01")


def test_outlets_are_matched_without_regard_to_case_whoever_names_them(desk: Desk) -> None:
    typed = Scope(outlets=("evening  MAIL",))
    exact = desk.ask(ASKED, scope=Scope(outlets=("Evening Mail",)))
    assert exact.outcome == "answered"
    assert desk.ask(ASKED, scope=typed).text == exact.text
    assert desk.ask(Question(text=ASKED, scope=typed)).text == exact.text
    assert desk.search(ASKED, outlets=["evening mail"]) == exact.evidence
    assert desk.articles(scope=typed) == [BRIDGE.ref]
    assert desk.briefing(scope=typed).scope.outlets == ("Evening Mail",)
    assert [ref.id for ref in desk.summarize(about="Saltmarsh bridge", scope=typed).articles] == [BRIDGE.ref.id]


def test_an_unknown_outlet_is_refused_with_those_that_are_here(desk: Desk) -> None:
    for refused in (desk.ask, desk.search):
        with pytest.raises(
            UsageError, match="no article is from 'Zzz'; the outlets here are Evening Mail, Harbour Post"
        ):
            refused(ASKED, outlets=["Zzz"])
    with pytest.raises(UsageError, match="outlets here are"):
        desk.articles(outlets=["Zzz"])


def test_limits_that_are_given_twice_are_refused(desk: Desk) -> None:
    scope = Scope(outlets=("Evening Mail",))
    with pytest.raises(UsageError, match="given twice"):
        desk.ask(ASKED, scope=scope, published_after="2024-01-01")
    with pytest.raises(UsageError, match="given twice"):
        desk.ask(Question(text=ASKED, scope=scope), outlets=["Harbour Post"])
    with pytest.raises(UsageError, match="not both"):
        desk.briefing(BriefingRequest.of(), topic="bridge")
    with pytest.raises(UsageError, match="not both"):
        desk.summarize(SummaryRequest.of([BRIDGE.ref.id]), sentences=1)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x1b"])
def test_an_empty_question_is_refused_in_words(desk: Desk, text: str) -> None:
    with pytest.raises(UsageError, match="type a question"):
        desk.ask(text)


def test_a_question_that_is_too_long_is_refused_in_words(desk: Desk) -> None:
    with pytest.raises(UsageError, match="20000 characters"):
        desk.ask("x" * 20_000)


def test_control_characters_in_a_question_are_dropped(desk: Desk) -> None:
    assert desk.question("How\x00 long\x1b[31m will\u0007 it take?").text == "How long[31m will it take?"


def test_articles_and_outlets_are_listed(desk: Desk) -> None:
    assert [ref.id for ref in desk.articles()] == [STRIKE.ref.id, BRIDGE.ref.id]
    assert desk.articles(published_before="2024-05-06") == [BRIDGE.ref]
    assert desk.outlets() == ["Evening Mail", "Harbour Post"]
    with pytest.raises(LibraryError, match="newsdesk articles"):
        desk.article("nothing")


def test_a_day_means_all_of_it() -> None:
    assert parse_datetime("2024-06-19", end_of_day=False) == datetime(2024, 6, 19, tzinfo=UTC)
    assert parse_datetime(date(2024, 6, 19), end_of_day=True) == datetime(2024, 6, 19, 23, 59, 59, 999999, tzinfo=UTC)
    assert parse_datetime("2024-06-19T10:00:00+02:00", end_of_day=True) == datetime(2024, 6, 19, 8, tzinfo=UTC)
    assert parse_datetime("", end_of_day=True) is None
    with pytest.raises(UsageError, match="2024-06-19"):
        parse_datetime("next Tuesday", end_of_day=False)


class Listening(FakeListChatModel):
    """Writes what is scripted, and keeps what it was told."""

    told: str = ""

    def _stream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        self.told = "\n".join(message.text for message in messages)
        return super()._stream(messages, *args, **kwargs)


class TestWithAModel:
    """A scripted model in place of a real one."""

    def ask(self, folder: Path, *drafts: str) -> tuple[Answer, Desk]:
        desk = desk_with(folder, model=FakeListChatModel(responses=list(drafts)))
        return desk.ask(ASKED), desk

    def test_a_supported_draft_is_shown_with_exact_citations(self, tmp_path: Path) -> None:
        answer, desk = self.ask(tmp_path, "Mayor Ana Ruiz said repairs would take nine weeks [1].")
        with desk:
            assert answer.provenance.writer == "model"
            assert answer.sentences[0].text == "Mayor Ana Ruiz said repairs would take nine weeks."
            assert ANSWERING in answer.citations[0].quote
            assert_exact(answer, desk)

    def test_an_invented_number_is_removed_and_said(self, tmp_path: Path) -> None:
        answer, desk = self.ask(
            tmp_path, "Mayor Ana Ruiz said repairs would take nine weeks [1]. They cost 25 million pounds [1]."
        )
        with desk:
            assert "25 million" not in answer.text
            assert [removal.text for removal in answer.provenance.removed] == ["They cost 25 million pounds."]

    def test_a_draft_with_nothing_true_gives_way_to_the_quotes(self, tmp_path: Path) -> None:
        answer, desk = self.ask(tmp_path, "Repairs would take forty years [1].")
        with desk:
            assert (answer.provenance.writer, answer.outcome) == ("quotes", "answered")
            assert "not supported" in answer.provenance.notice
            assert ANSWERING in answer.text

    def test_a_model_that_says_it_does_not_know_is_believed(self, tmp_path: Path) -> None:
        answer, desk = self.ask(tmp_path, "NOT IN THE ARTICLES")
        with desk:
            assert answer.outcome == "not_found"

    def test_a_failing_model_costs_the_reader_nothing_but_a_line(self, tmp_path: Path) -> None:
        class Failing(FakeListChatModel):
            def _stream(self, *args: object, **kwargs: object) -> Iterator[object]:  # type: ignore[override]
                raise TimeoutError("no answer from 10.0.0.1")
                yield

            def _call(self, *args: object, **kwargs: object) -> str:
                raise TimeoutError("no answer from 10.0.0.1")

        with desk_with(tmp_path, model=Failing(responses=["unused"])) as desk:
            answer = desk.ask(ASKED)
            assert (answer.provenance.writer, answer.outcome) == ("quotes", "answered")
            assert "quotes" in answer.provenance.notice
            assert "10.0.0.1" not in answer.provenance.notice

    @pytest.mark.parametrize("pieces", [[], ["They cost 25 million"]])
    def test_where_the_first_model_fails_the_second_writes(self, tmp_path: Path, pieces: list[str]) -> None:
        def failing(_: str) -> list[AIMessageChunk]:
            if not pieces:
                raise TimeoutError
            refusal = AIMessageChunk(content="", response_metadata={"stop_reason": "refusal"})
            return [*(AIMessageChunk(content=piece) for piece in pieces), refusal]

        with openai_stub("Mayor Ana Ruiz said repairs would take nine weeks [1].") as stub:
            second = f"{stub.url}#second"
            with desk_with(tmp_path, model=ScriptedModel(script=failing), fallback_model=second) as desk:
                answer = desk.ask(ASKED)
        made = answer.provenance
        assert (made.writer, made.model, made.removed) == ("model", second, ())
        assert made.notice.endswith(f"; {second} wrote instead.")
        assert [sentence.text for sentence in answer.sentences] == [
            "Mayor Ana Ruiz said repairs would take nine weeks."
        ]

    def test_a_reader_may_choose_the_writer_among_those_allowed(self, tmp_path: Path) -> None:
        model = ScriptedModel(script=lambda _: "Mayor Ana Ruiz said repairs would take nine weeks [1].")
        with desk_with(tmp_path, model=model, named="ollama:first", writers=("quotes",)) as desk:
            assert desk.ask(ASKED).provenance.writer == "model"
            chosen = desk.ask(ASKED, writer="quotes").provenance
            assert (chosen.writer, chosen.model) == ("quotes", "")
            with pytest.raises(UsageError, match="no writer to choose"):
                desk.ask(ASKED, writer="ollama:second")

    @pytest.mark.parametrize(("verdict", "writer"), [("1 yes", "model"), ("1 no", "quotes"), ("perhaps", "quotes")])
    def test_the_writer_itself_may_be_the_second_judge(self, tmp_path: Path, verdict: str, writer: str) -> None:
        def script(prompt: str) -> str:
            return verdict if "You check the sentences" in prompt else "Ana Ruiz said it would take nine weeks [1]."

        model = ScriptedModel(script=script)
        with desk_with(tmp_path, model=model, named="ollama:first", second_judge="writer") as desk:
            made = desk.ask(ASKED).provenance
        assert (made.writer, made.judge, made.usage["judged"]) == (writer, "ollama:first", 1)
        assert set(made.prompts) == {"answer", "answer_question", "judge", "judge_sentences"}

    def test_a_limit_to_the_cost_ends_in_quotes_and_one_sentence(self, tmp_path: Path) -> None:
        settings: dict[str, Any] = {"model_prices": "2/10", "max_cost_per_day": 0.000001}
        with openai_stub("unused") as stub:
            settings["fallback_model"] = f"{stub.url}#second"
            with desk_with(tmp_path, model=ScriptedModel(script=lambda _: "unused"), **settings) as desk:
                answer = desk.ask(ASKED)
            assert not stub.requests
        assert (answer.provenance.writer, answer.outcome) == ("quotes", "answered")
        assert "max_cost_per_day, is spent" in answer.provenance.notice
        assert answer.provenance.notice.count(". ") == 0

    def test_the_draft_streams_before_the_checked_answer(self, tmp_path: Path) -> None:
        text = "Mayor Ana Ruiz said repairs would take nine weeks [1]."
        with desk_with(tmp_path, model=FakeListChatModel(responses=[text])) as desk:
            events = list(desk.stream(ASKED))
            drafts = [event.text for event in events if isinstance(event, Draft)]
            assert len(drafts) > 1
            assert "".join(drafts) == text

    def test_no_model_is_asked_where_no_sentence_answers(self, tmp_path: Path) -> None:
        with desk_with(tmp_path, model=FakeListChatModel(responses=["Whales are large [1]."])) as desk:
            answer = desk.ask("What did the Japanese prime minister say about whales?")
            assert answer.outcome == "not_found"

    @pytest.mark.parametrize("most", [1, 2])
    def test_an_answer_has_at_most_as_many_sentences_as_the_setting_allows(self, tmp_path: Path, most: int) -> None:
        draft = "Repairs would take nine weeks [1]. The bridge closed on Monday [1]. Engineers found cracks [1]."
        model = Listening(responses=[draft])
        with desk_with(tmp_path, model=model, max_sentences=most) as desk:
            answer = desk.ask(ASKED)
        assert answer.provenance.writer == "model"
        assert [sentence.text for sentence in answer.sentences] == [
            "Repairs would take nine weeks.", "The bridge closed on Monday."
        ][:most]  # fmt: skip
        assert f"at most {most} sentences" in model.told

    def test_a_follow_up_is_asked_as_it_was_understood(self, tmp_path: Path) -> None:
        model = Listening(responses=["Mayor Ana Ruiz said repairs would take nine weeks [1]."])
        with desk_with(tmp_path, model=model) as desk:
            desk.ask("how long will it take?", history=[ASKED])
        assert "Question: how long will the Saltmarsh bridge take?" in model.told
        assert "how long will it take?" not in model.told


def test_a_kept_answer_holds_what_it_takes_to_make_it_again(tmp_path: Path) -> None:
    with desk_with(tmp_path, keep_answers=True) as desk:
        answer = desk.ask(ASKED, published_after="2024-01-01")
        (kept,) = desk.library.archive.answers.kept()
    made = kept.answer["made_with"]
    assert made["settings"]["max_passages"] == desk.settings.max_passages
    assert made["after"].startswith("2024-01-01")
    assert [(one["passage"], one["score"]) for one in made["found"]] == [
        (piece.passage.id, round(piece.score, 6)) for piece in answer.evidence
    ]
    assert kept.answer["provenance"]["revision"] == answer.provenance.revision
    assert not {"users", "archive", "library", "chroma_token"} & set(made["settings"])


class TestChain:
    """The chain behaves as LangChain Runnables do."""

    def test_it_invokes_streams_and_batches(self, desk: Desk) -> None:
        asked = {"question": Question(text=ASKED), "history": []}
        expected = desk.ask(ASKED).text
        assert desk.chain.invoke(asked)["answer"].text == expected
        assert [out["answer"].text for out in desk.chain.batch([asked, asked])] == [expected, expected]
        keys = [key for part in desk.chain.stream(asked) for key in part]
        assert keys.index("evidence") < keys.index("selected") < keys.index("answer")

    def test_callbacks_see_the_steps(self, desk: Desk) -> None:
        class Names(BaseCallbackHandler):
            seen: set[str]

            def on_chain_start(self, *args: object, name: str = "", **kwargs: object) -> None:
                self.seen.add(name)

        names = Names()
        names.seen = set()
        desk.chain.invoke({"question": Question(text=ASKED)}, config={"callbacks": [names]})
        assert names.seen >= {"understand", "retrieve", "select", "check"}

    def test_the_desk_is_a_langchain_retriever(self, desk: Desk) -> None:
        documents = desk.as_retriever(k=1).invoke("Saltmarsh bridge")
        assert len(documents) == 1
        found = documents[0].metadata
        article = desk.article(found["article_id"])
        assert article.text[found["start"] : found["end"]] == documents[0].page_content


def test_wire_copies_do_not_repeat_in_an_answer(tmp_path: Path) -> None:
    copy = make_article(
        BRIDGE.text, title=BRIDGE.ref.title, outlet="Harbour Post", url="https://harbour-post.example/b"
    )
    with desk_with(tmp_path) as desk:
        desk.library.put([prepared(copy, story=BRIDGE.ref.id)])
        answer = desk.ask(ASKED)
        quotes = [citation.quote for citation in answer.citations]
        assert len(quotes) == len(set(quotes))
        assert answer.citations[0].copies


def test_an_empty_library_name_is_refused() -> None:
    with pytest.raises(UsageError, match="name a folder"):
        open_desk("")


def test_a_short_question_after_another_topic_is_answered_as_a_new_one(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        desk = Desk(library)
        alone = desk.ask("When did Saltmarsh close?")
        after = desk.ask("When did Saltmarsh close?", history=["Why did the ferry crews strike?"])
    assert alone.outcome == "answered"
    assert after.text == alone.text
    assert after.question.context == ""
