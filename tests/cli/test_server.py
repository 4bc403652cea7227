"""What is served, and who may use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import Newsdesk


def test_serving_hands_the_settings_to_the_page_and_adds_no_sample(
    newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import launch

    served: list[tuple[Path, dict[str, Any]]] = []
    monkeypatch.setattr(launch, "serve", lambda settings, **how: served.append((settings.library, how)))
    assert newsdesk("serve", "--library", "news", "--port", "8000").exit_code == 0
    assert newsdesk("serve", "--library", "news", "--library", "more").exit_code == 0
    (library, how), (_, both) = served
    assert (library, how["port"], how["folders"], how["sample"]) == (Path("news"), 8000, (Path("news"),), False)
    assert both["folders"] == (Path("news"), Path("more"))
