"""The list of conversations, and how they pass to the reader's browser and back."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from base64 import b64encode
from typing import TYPE_CHECKING

import gradio as gr

from rag.errors import UsageError
from rag.wording import LANGUAGES, _, language
from web.page.components import html
from web.page.conversation import Conversation, Failed
from web.page.kept.turns import kept_turns, read_turns, recalled
from web.page.session import Session
from web.serving.error_message import message_for
from web.serving.login import READER

if TYPE_CHECKING:
    from rag.desk import Desk

_NAME = re.compile(r"[0-9a-f]{16}")


def rail(*, in_library: bool) -> gr.HTML:
    """The list, at the side of the page or in a drawer; `in_library` says where conversations are kept."""
    return html(
        "rail",
        values={"languages": list(LANGUAGES.items()), "language": language(), "in_library": in_library},
        elem_id="nd-rail-place",
        scale=0,
        js_on_load="newsdesk.rail(element)",
    )


def store() -> gr.HTML:
    """What passes conversations to the page's script and back; nothing of it is seen."""
    return html("store", elem_id="nd-store", js_on_load="newsdesk.store(element, props, trigger, watch)")


def greeting(request: gr.Request, *, in_library: bool) -> str:
    """Tells the script that the page can be used, where conversations are kept, and whose to list: two logins may share
    a browser."""
    name = str(request.request.scope.get(READER) or "") if request.request is not None else ""
    reader = hashlib.sha256(name.encode()).hexdigest()[:16] if name else ""
    return _passed("hello", reader=reader, library=in_library and bool(name))


def to_keep(current: Session) -> str:
    """The conversation as it stands, for the browser to keep."""
    return _passed("kept", id=current.id, turns=kept_turns(current.conversation))


def resumed() -> str:
    """Tells the script that what is shown is the conversation that it asked for."""
    return _passed("resumed")


def resume(desk: Desk, current: Session, *, name: str, turns: str) -> None:
    """Go on with what the browser kept as `name`; where it cannot be read, a message stands in its place."""
    try:
        if not _NAME.fullmatch(name):
            raise UsageError(_("This conversation cannot be read; delete it, then ask anew."))
        current.resume(name, recalled(read_turns(turns), desk.library.archive))
    # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
    except Exception as error:
        current.resume(secrets.token_hex(8), Conversation((Failed(question="", message=message_for(error)),)))


def _passed(kind: str, **values: object) -> str:
    """A value of `store`, in base64: as a value of HTML it would be read as markup. No two are alike, so that each is
    noticed."""
    told = {"kind": kind, "number": secrets.token_hex(4), **values}
    return b64encode(json.dumps(told).encode("ascii")).decode("ascii")
