"""Which language a request is answered in."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from web.serving.by_language import CHOSEN, ByLanguage, LanguagePaths


def page(language: str) -> Starlette:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{language} {request.scope['path']}")

    return Starlette(routes=[Route("/", answer), Route("/gradio_api/queue/join", answer)])


def answered(*, usual: str = "", accepted: str = "", chosen: str = "") -> str:
    served = TestClient(ByLanguage({"en": page("en"), "es": page("es")}, usual=usual))
    headers = {"Accept-Language": accepted, "Cookie": f"{CHOSEN}={chosen}" if chosen else ""}
    response = served.get("/", headers=headers)
    assert {one.strip() for one in response.headers["vary"].split(",")} == {"Accept-Language", "Cookie"}
    return response.text.removesuffix(" /")


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({}, "en"),
        ({"accepted": "es-AR,es;q=0.9"}, "es"),
        ({"accepted": "fr"}, "en"),
        ({"usual": "es", "accepted": "en"}, "es"),
        ({"usual": "es", "chosen": "en"}, "en"),
        ({"accepted": "en", "chosen": "es"}, "es"),
        ({"accepted": "es", "chosen": "../../en"}, "es"),
    ],
)
def test_a_readers_choice_goes_before_the_setting_and_this_before_the_browser(
    given: dict[str, str], language: str
) -> None:
    assert answered(**given) == language


@pytest.mark.parametrize("chosen", ["en", "es"])
def test_what_a_page_asks_for_is_answered_by_that_page_whatever_another_tab_chose(chosen: str) -> None:
    pages = {"en": page("en"), "es": page("es")}
    served = TestClient(LanguagePaths(ByLanguage(pages), languages=pages))
    cookie = {"Cookie": f"{CHOSEN}={chosen}"}
    assert served.get("/gradio_api/queue/join", headers=cookie).text == "en /gradio_api/queue/join"
    assert served.get("/es/gradio_api/queue/join", headers=cookie).text == "es /gradio_api/queue/join"


def test_whoever_looks_at_a_path_sees_it_without_the_language() -> None:
    seen: list[str] = []

    async def looking(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])
        await PlainTextResponse("")(scope, receive, send)

    served = TestClient(LanguagePaths(looking, languages={"en": "", "es": ""}))
    for path in ("/es/gradio_api/upload", "/escape/upload", "/es", "/en/x", "/"):
        served.get(path)
    assert seen == ["/gradio_api/upload", "/escape/upload", "/es", "/en/x", "/"]
