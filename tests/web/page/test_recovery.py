"""The page outlives its model's server: quotes while it is away, prose again when it is back."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.desk import Desk
from tests.rag.makers import BRIDGE, library_with
from tests.rag.openai_stub import openai_stub
from web.server import build_server
from web.serving.context import AppContext

PRICES = "2/10"
QUESTION = "How long will the repairs of the bridge take?"


def test_an_answer_says_what_its_model_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with (
        openai_stub("Repairs would take nine weeks [1].") as stub,
        library_with(tmp_path, [BRIDGE], model=f"{stub.url}#m", model_prices=PRICES) as library,
    ):
        desk = Desk(library)
        usage = desk.ask(QUESTION).provenance.usage
        assert (usage["prompt_tokens"], usage["completion_tokens"]) == (1000, 20)
        assert usage["cost"] == pytest.approx((1000 * 2 + 20 * 10) / 1e6)
        assert usage["evidence_given"] == 1
        assert usage["evidence_left_out"] == 0
        assert desk.summarize([BRIDGE.ref.id], sentences=1).provenance.usage["prompt_tokens"] == 1000


def test_quotes_stand_in_while_the_model_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with openai_stub("Repairs would take nine weeks [1].") as stub:
        model, port = f"{stub.url}#m", stub.port
        with (
            library_with(tmp_path, [BRIDGE], model=model) as library,
            TestClient(build_server(AppContext.over(Desk(library)))) as client,
        ):

            def asked() -> dict[str, object]:
                answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
                return {"outcome": answer["outcome"], **answer["provenance"]}

            assert asked()["writer"] == "model"
            stub.stop()
            away = asked()
            assert (away["outcome"], away["writer"]) == ("answered", "quotes")
            assert "could not be used" in str(away["notice"])
            with openai_stub("Repairs would take nine weeks [1].", port=port):
                assert asked()["writer"] == "model"
