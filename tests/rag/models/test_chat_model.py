"""From the setting `model` to a chat model, and from its failures to sentences that say what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from rag.errors import ModelError, ModelUnavailable
from rag.models.chat_model import load_model, model_failures, translated
from rag.settings import Settings
from tests.rag.openai_stub import openai_stub


def loaded(spec: str, *, timeout_seconds: float = 5.0) -> BaseChatModel:
    model = load_model(Settings(model=spec, model_timeout_seconds=timeout_seconds))
    assert model is not None
    return model


def test_quotes_needs_no_model() -> None:
    assert load_model(Settings(model="quotes")) is None


@pytest.mark.parametrize("spec", ["gpt-4o", "OPENAI", "file.gguf", "ftp://host/v1#m"])
def test_an_unknown_form_lists_the_four_that_exist(spec: str) -> None:
    with pytest.raises(ModelError, match=r"quotes.*provider:model.*http.*local:FILE\.gguf"):
        load_model(Settings(model=spec))


class TestAProvider:
    def test_a_missing_package_is_named(self) -> None:
        with pytest.raises(ModelError, match="pip install langchain-mistralai"):
            load_model(Settings(model="mistralai:mistral-small"))

    def test_a_missing_key_is_named(self) -> None:
        with pytest.raises(ModelError, match="set OPENAI_API_KEY"):
            load_model(Settings(model="openai:gpt-4o-mini"))

    def test_an_unknown_provider_lists_the_forms(self) -> None:
        with pytest.raises(ModelError, match=r"no provider 'nosuch'.*local:FILE\.gguf"):
            load_model(Settings(model="nosuch:model"))

    def test_the_time_limit_reaches_the_client(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        model = loaded("openai:gpt-4o-mini", timeout_seconds=7)
        assert getattr(model, "request_timeout") == 7  # noqa: B009  (the field belongs to ChatOpenAI, not to BaseChatModel)


class TestAnAddress:
    def test_answers_stream_from_an_openai_compatible_server(self) -> None:
        with openai_stub("Six ", "died [1].") as stub:
            pieces = [str(chunk.text) for chunk in loaded(f"{stub.url}#small").stream("How many?")]
        assert "".join(pieces) == "Six died [1]."
        assert stub.requests[0]["model"] == "small"
        assert stub.requests[0]["temperature"] == 0

    def test_without_a_key_a_placeholder_is_sent(self) -> None:
        with openai_stub("x") as stub:
            list(loaded(f"{stub.url}#m").stream("?"))
        assert stub.keys == ["Bearer not-needed"]

    def test_a_key_in_the_environment_is_sent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
        with openai_stub("x") as stub:
            list(loaded(f"{stub.url}#m").stream("?"))
        assert stub.keys == ["Bearer from-environment"]

    @pytest.mark.parametrize("spec", ["http://127.0.0.1:1/v1", "http://#m", "https:///v1#m"])
    def test_host_and_model_name_are_needed(self, spec: str) -> None:
        with pytest.raises(ModelError, match="HOST:PORT/v1#MODEL"):
            load_model(Settings(model=spec))

    def test_a_password_in_the_address_is_not_repeated(self) -> None:
        with pytest.raises(ModelError) as caught:
            load_model(Settings(model="http://user:hunter2@host/v1"))
        assert "hunter2" not in str(caught.value)


def failure(status: int) -> ModelError:
    """The translated failure of a call to a server that answers with this status."""
    with openai_stub(status=status) as stub, pytest.raises(Exception, match=str(status)) as caught:
        list(loaded(f"{stub.url}#m").stream("?"))
    assert isinstance(caught.value, model_failures())
    return translated(caught.value)


class TestFailures:
    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_an_overloaded_or_failing_service_is_passing(self, status: int) -> None:
        assert isinstance(failure(status), ModelUnavailable)

    @pytest.mark.parametrize(("status", "remedy"), [(401, "key"), (403, "key"), (404, "setting `model`"), (400, "400")])
    def test_a_refusal_is_not_passing_and_names_what_to_check(self, status: int, remedy: str) -> None:
        error = failure(status)
        assert not error.retryable
        assert remedy in str(error)

    @pytest.mark.parametrize("status", [400, 401, 500])
    def test_the_message_of_the_service_is_not_repeated(self, status: int) -> None:
        assert "secret-detail" not in str(failure(status))

    def test_a_refused_connection_is_passing(self) -> None:
        with openai_stub() as stub:
            spec = f"{stub.url}#m"
        with pytest.raises(Exception, match="Connection error") as caught:
            list(loaded(spec).stream("?"))
        assert isinstance(caught.value, model_failures())
        assert isinstance(translated(caught.value), ModelUnavailable)
        assert "cannot be reached" in str(translated(caught.value))

    def test_our_own_errors_stay_as_they_are(self) -> None:
        error = ModelError("as it is")
        assert translated(error) is error

    @pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), OSError(5, "io")])
    def test_built_in_failures_of_the_network_are_passing(self, error: Exception) -> None:
        assert translated(error).retryable

    def test_a_broken_answer_is_not_passing(self) -> None:
        assert not translated(TypeError("null choices")).retryable


class TestALocalModel:
    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"none\.gguf.*existing file"):
            load_model(Settings(model=f"local:{tmp_path / 'none.gguf'}"))

    def test_another_format_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "model.gguf"
        file.write_bytes(b"PK\x03\x04 not a model")
        with pytest.raises(ModelError, match="not a GGUF model file"):
            load_model(Settings(model=f"local:{file}"))

    def test_a_missing_package_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("rag.models.llama_cpp.find_spec", lambda name: None)
        file = tmp_path / "model.gguf"
        file.write_bytes(b"GGUF\x03\x00\x00\x00")
        with pytest.raises(ModelError, match=r"newsdesk\[local\].*make setup EXTRAS=local"):
            load_model(Settings(model=f"local:{file}"))

    def test_a_damaged_file_fails_at_the_first_call(self, tmp_path: Path) -> None:
        pytest.importorskip("xllamacpp", reason="the optional package xllamacpp is not installed")
        file = tmp_path / "model.gguf"
        file.write_bytes(b"GGUF\x03\x00\x00\x00" + bytes(64))
        with pytest.raises(ModelError, match="complete GGUF file"):
            loaded(f"local:{file}").invoke("?")


GGUF = os.environ.get("TEST_GGUF", "")


@pytest.fixture(scope="module")
def model() -> BaseChatModel:
    return loaded(f"local:{GGUF}")


@pytest.mark.slow
@pytest.mark.skipif(not GGUF, reason="TEST_GGUF names no GGUF file of a chat model")
class TestARealLocalModel:
    PROMPT = (HumanMessage("Write the numbers from one to twenty, separated by commas."),)

    def prompt(self) -> list[BaseMessage]:
        return list(self.PROMPT)

    def test_the_same_prompt_gives_the_same_answer(self, model: BaseChatModel) -> None:
        assert model.invoke(self.prompt()).text == model.invoke(self.prompt()).text

    def test_it_streams_what_it_answers(self, model: BaseChatModel) -> None:
        pieces = [str(chunk.text) for chunk in model.stream(self.prompt())]
        assert sum(map(bool, pieces)) > 3
        assert "".join(pieces) == str(model.invoke(self.prompt()).text)

    def test_a_stop_sequence_ends_the_answer(self, model: BaseChatModel) -> None:
        answer = model.invoke(self.prompt(), stop=[","])
        assert isinstance(answer, AIMessage)
        assert answer.text
        assert "," not in answer.text

    def test_after_closing_a_stream_the_model_answers_again(self, model: BaseChatModel) -> None:
        stream = model.stream(self.prompt())
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert model.invoke(self.prompt()).text

    def test_a_prompt_that_is_too_long_says_so(self, model: BaseChatModel) -> None:
        with pytest.raises(ModelError, match="tokens"):
            model.invoke("word " * 20_000)

    def test_a_grammar_holds(self, model: BaseChatModel) -> None:
        answer = model.invoke("Is fire cold?", grammar='root ::= "yes" | "no"')
        assert answer.text in ("yes", "no")


def test_importing_the_door_loads_no_model_library() -> None:
    heavy = ("langchain_core", "openai", "xllamacpp")
    code = f"import sys, rag.models.chat_model; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
