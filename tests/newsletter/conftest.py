"""The library that the newsletter's tests read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.desk import Desk
from tests.newsletter.makers import NEWS, desk_of
from tests.rag.makers import library_with


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with library_with(tmp_path / "library", NEWS) as library:
        yield desk_of(library)
