"""Uploads over HTTP: what a reader sent goes in, and nothing else that a request names does."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.served import Site, serving

LIGHTHOUSE = "---\ntitle: A lighthouse for Kell\n---\nThe lighthouse at Kell cost 7 million crowns.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site") / "library") as served:
        yield served


class Reader:
    """A browser that never runs a script."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cookies = httpx.get(site.address, timeout=60).cookies

    def upload(self, text: str = LIGHTHOUSE) -> str:
        """Send a file; returns its handle."""
        sent = self._ask("POST", "/gradio_api/upload", files={"files": ("kell.md", text.encode())})
        (handle,) = sent.json()
        return str(handle)

    def add(self, path: str) -> str:
        """Ask for a file to be added; what came of it."""
        session = uuid.uuid4().hex
        named: Any = {"path": path, "meta": {"_type": "gradio.FileData"}}
        asked = {"fn_index": self._site.event, "session_hash": session, "data": [[named], ""]}
        self._ask("POST", "/gradio_api/queue/join", json=asked)
        return self._ask("GET", "/gradio_api/queue/data", params={"session_hash": session}).text

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        with httpx.Client(base_url=self._site.address, cookies=self._cookies, timeout=60) as client:
            return client.request(method, path, **sent)


def test_a_file_that_a_reader_sent_is_added_once(site: Site) -> None:
    reader = Reader(site)
    handle = reader.upload()
    assert "1 article added" in reader.add(handle)
    assert site.titles() == ["A lighthouse for Kell"]
    assert not Path(handle).exists()
    assert "article added" not in reader.add(handle)


def test_another_readers_file_is_not_added_and_stays(site: Site) -> None:
    handle = Reader(site).upload(LIGHTHOUSE.replace("Kell", "Dun"))
    assert "not uploaded here" in Reader(site).add(handle)
    assert "A lighthouse for Dun" not in site.titles()
    assert Path(handle).exists()


def test_a_path_of_the_machine_a_folder_and_a_link_are_neither_read_nor_moved(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(LIGHTHOUSE.replace("Kell", "Orme"), encoding="utf-8")
    reader = Reader(site)
    place = Path(reader.upload()).parent
    link = place / "link.md"
    link.symlink_to(secret)
    for named in (secret, tmp_path, place, place.parent, link, place.parent.parent):
        assert "article added" not in reader.add(str(named))
    assert secret.exists()
    assert place.is_dir()
    assert "A lighthouse for Orme" not in site.titles()


def test_a_file_of_another_site_is_not_fetched_for_anybody(site: Site) -> None:
    got = httpx.get(f"{site.address}/gradio_api/file=https://elsewhere.example/x")
    assert got.status_code == 403
    assert "not fetched here" in json.dumps(got.json())


def test_files_lie_in_a_folder_of_the_servers_own_that_goes_with_it(tmp_path: Path) -> None:
    with serving(tmp_path / "library") as site:
        folder = Path(Reader(site).upload()).parent.parent
        assert os.name != "posix" or folder.stat().st_mode & 0o077 == 0
        site.stop()
        assert not folder.exists()
