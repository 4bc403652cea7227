"""A webhook gets its JSON once, at the address that the operator named, and at no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.fetching.errors import FetchError
from ingest.fetching.webhook import post_json
from rag.settings import Settings
from tests.ingest.bad_web import PUBLIC, BadWeb, RecordingNetwork, fake_resolver


@pytest.fixture
def web() -> Iterator[BadWeb]:
    with BadWeb() as server:
        server.page("/hook", "thanks")
        yield server


def test_the_body_arrives_whole_and_once(web: BadWeb) -> None:
    post_json(web.settings(), f"{web.url}/hook", '{"topic": "Ostřel"}'.encode())
    (request,) = web.requests
    assert (request.method, request.body) == ("POST", '{"topic": "Ostřel"}'.encode())
    assert request.headers["content-type"] == "application/json"


def test_a_redirect_is_not_followed(web: BadWeb) -> None:
    web.redirect("/moved", f"{web.url}/hook", status=307)
    with pytest.raises(FetchError, match="did not take it"):
        post_json(web.settings(), f"{web.url}/moved", b"{}")
    assert web.targets() == ["/moved"]


def test_a_refusal_names_the_address_without_its_secrets(web: BadWeb) -> None:
    with pytest.raises(FetchError) as refused:
        post_json(web.settings(), f"http://ada:secret@{web.host}/nothing", b"{}")
    assert "secret" not in f"{refused.value} {refused.value.where}"


@pytest.mark.parametrize("address", ["http://news.example/hook", "ftp://news.example/hook"])
def test_what_is_neither_https_nor_allowed_is_not_connected_to(web: BadWeb, address: str) -> None:
    network = RecordingNetwork(web.port)
    with pytest.raises(FetchError):
        post_json(Settings(), address, b"{}", resolver=fake_resolver({"news.example": [PUBLIC]}), network=network)
    assert network.connected == []


def test_an_inside_address_is_not_connected_to_by_a_public_name(web: BadWeb) -> None:
    network, resolver = RecordingNetwork(web.port), fake_resolver({"news.example": ["10.0.0.7"]})
    with pytest.raises(FetchError):
        post_json(Settings(), "https://news.example/hook", b"{}", resolver=resolver, network=network)
    assert network.connected == []
