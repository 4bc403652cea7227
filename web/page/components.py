"""Pieces that several views of the page are made of."""

from __future__ import annotations

from typing import Any

import gradio as gr

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""How the page's own events are wired: no endpoint for programs, no bar of Gradio's over what is shown."""

DATE = '<label class="nd-date"><span>{label}</span><input type="date" max="9999-12-31"></label>'


def html(value: str, **options: Any) -> gr.HTML:
    """An HTML component without Gradio's own look."""
    return gr.HTML(value, apply_default_css=False, **options)
