"""Takes uploads in, in place of Gradio's own route: that one keeps every reader's files in one shared folder, where a
path can be worked out from a file's content."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request
from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from starlette.formparsers import MultiPartException

from web.serving.bodies import UPLOAD_PATH
from web.serving.sessions import sender_of

if TYPE_CHECKING:
    from web.page.library.upload_store import UploadStore


def add_upload_route(app: FastAPI, store: UploadStore, *, most_bytes: int) -> None:
    """Receive files of at most `most_bytes` each, several a request; must stand before the page is mounted."""

    @app.post(UPLOAD_PATH, include_in_schema=False)
    async def receive(request: Request, upload_id: str | None = None) -> list[str]:
        staging = store.staging()
        try:
            progress = file_upload_statuses if upload_id else None
            files, _, _ = await upload_fn(request, str(staging), most_bytes, upload_id, upload_progress=progress)
            return [str(store.hold(sender_of(request), Path(file))) for file in files]
        except MultiPartException as error:
            too_large = "maximum allowed size" in error.message
            raise HTTPException(413 if too_large else 400, error.message.rstrip(".").lower()) from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
