"""Nothing that a reader looks at moves by itself while a view is opened by its address."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Readers
from tests.browser.paint import MOST_SHIFTED, OPENED, SIZES, opening

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", SIZES)
def test_no_view_moves_while_it_opens(readers: Readers, app: str, size: tuple[int, int]) -> None:
    context = readers(address=app, size=size).page.context
    for view in OPENED:
        page = context.new_page()
        found = opening(page, app, view)
        assert found.shifted <= MOST_SHIFTED, (view, found.shifts)
        page.close()


def test_the_box_for_questions_has_the_focus_at_the_start(readers: Readers, app: str) -> None:
    expect(readers(address=app).page.get_by_label("Your question")).to_be_focused()
