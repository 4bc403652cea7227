"""The one process behind every endpoint over HTTP: the page at `/`, and beside it the interfaces for programs."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import anyio.to_thread
import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount

from rag.errors import LibraryError, ModelUnavailable, NewsdeskError, NoSuchArticle, UsageError
from rag.wording import LANGUAGES, using
from web.api import openai as completions
from web.api import routes as api
from web.api import schemas
from web.page.assets import ICON, language_element, style_element
from web.page.html.rendering import render
from web.page.library.receiving import add_upload_route
from web.page.library.upload_store import UploadStore
from web.page.page import build
from web.serving import conversations as kept
from web.serving.bodies import MOST_BODY_BYTES, MOST_CONVERSATION_BYTES, Bodies
from web.serving.by_language import ByLanguage, LanguagePaths, prefix_of
from web.serving.connection_timeouts import TimedProtocol
from web.serving.context import AppContext
from web.serving.login import Login, Users
from web.serving.rate_limit import AT_ONCE, WAITING, Busy, TooMany
from web.serving.security_headers import LOOPBACK, Bounds, SecurityHeaders
from web.serving.sessions import OwnedSessions

logger = logging.getLogger(__name__)

START_SECONDS = 60.0
SPARE_THREADS = 40
UPLOAD_FILES = 4
"""One upload may be as large as so many of the largest files."""


def build_server(
    app_context: AppContext,
    *,
    users: Users | None = None,
    host: str = "0.0.0.0",
    hosts: Sequence[str] = (),
    uploads: bool = False,
) -> FastAPI:
    """The interfaces for programs over one app context; `pages_on` adds the page. With `users` nobody comes in without
    a name.

    `host` is the address that is listened on: one of loopback answers to loopback's names and to `hosts` alone.
    `uploads` lets files in.
    """
    from web.api.mcp import http_app, mcp_server

    # A session of MCP would be one replica's, and its next request may meet another.
    tools = http_app(mcp_server(app_context), stateless=app_context.desk.library.shared is not None)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Every question that is let in may hold a thread while it waits; what says that the process lives needs others.
        anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE + WAITING + SPARE_THREADS
        async with tools.router.lifespan_context(tools):
            yield

    app = FastAPI(
        title="Newsdesk",
        description="Answers questions about the news in exact quotes. Every endpoint gives the same answers.",
        openapi_url="/api/openapi.json",
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(api.router(app_context))
    app.include_router(completions.router(app_context))
    kept_bytes = MOST_BODY_BYTES
    if app_context.conversations is not None:
        app.include_router(kept.router(app_context.conversations))
        kept_bytes = MOST_CONVERSATION_BYTES
    _add_health(app, app_context)
    _add_what_is_not_there(app)
    for route in tools.routes:
        app.router.routes.append(route)
    _add_failures(app)
    # The last one added meets a request first.
    app.add_middleware(OwnedSessions)
    upload_bytes = UPLOAD_FILES * app_context.desk.settings.max_file_mb * 1_000_000
    app.add_middleware(Bodies, upload_bytes=upload_bytes, conversation_bytes=kept_bytes)
    if users is not None:
        app.add_middleware(Login, users=users, attempts=app_context.attempts)
    known = frozenset({*LOOPBACK, *hosts}) if host in LOOPBACK else frozenset(hosts)
    app.add_middleware(Bounds, hosts=known, uploads=uploads)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(LanguagePaths, languages=LANGUAGES)
    return app


def pages_on(
    app: FastAPI, pages: Mapping[str, gr.Blocks], *, heads: Mapping[str, str], usual: str = "", **look: Any
) -> FastAPI:
    """The page at `/`, behind all other routes, in each language with what stands in its head. `usual` is the language
    for readers who chose none, empty where their browsers decide; `look` goes to Gradio."""
    import gradio as gr

    by_language = {}
    for language, page in pages.items():
        gr.mount_gradio_app(
            app,
            page,
            path="/",
            root_path=prefix_of(language) or None,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            show_error=False,
            head=heads[language],
            **look,
        )
        # Gradio looks at where a file lies only once its page was launched, and takes a mounted one for never launched:
        # without this it would copy, and serve, whatever file of this machine a request names.
        page.has_launched = True
        # The last route is the one that was mounted.
        mounted = app.router.routes.pop()
        assert isinstance(mounted, Mount)
        by_language[language] = mounted.app
    app.mount("/", ByLanguage(by_language, usual=usual))
    return app


class Running:
    """A server in a thread of its own; `stop` ends it and what it still answers."""

    def __init__(
        self,
        app: Callable[..., Any],
        *,
        host: str,
        port: int,
        behind_proxy: bool = False,
        protocol: type[TimedProtocol] = TimedProtocol,
        at_end: Callable[[], object] = lambda: None,
    ) -> None:
        self._at_end = at_end
        config = uvicorn.Config(
            app,
            http=protocol,
            host=host,
            port=port,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=5,
            # Whoever asks directly could name any address as its own.
            proxy_headers=behind_proxy,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="newsdesk-server", daemon=True)
        self._thread.start()
        self._wait(host, port)
        bound = self._server.servers[0].sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{bound}"

    def stop(self) -> None:
        """End it; returns when it has ended."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._at_end()

    def _wait(self, host: str, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise UsageError(f"port {port} of {host} cannot be used; choose another with --port")
            time.sleep(0.01)


def serve_until_stopped(
    app: FastAPI, *, host: str, port: int, announce: Callable[[str], None], behind_proxy: bool = False
) -> None:
    """Serve until Ctrl-C or SIGTERM; `announce` gets the address."""
    server = Running(app, host=host, port=port, behind_proxy=behind_proxy)
    announce(server.address)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        ended.wait()
    finally:
        server.stop()


def _add_health(app: FastAPI, app_context: AppContext) -> None:
    @app.get("/healthz", response_model=schemas.Health, tags=["operation"], summary="Whether this process runs")
    async def alive() -> Any:
        return {"status": "ok"}

    @app.get(
        "/readyz",
        response_model=schemas.Health,
        tags=["operation"],
        summary="Whether questions should be sent here",
        responses={503: {"model": schemas.Health}},
    )
    def ready() -> Any:
        state, detail = app_context.readiness.state()
        return JSONResponse({"status": state, "detail": detail}, status_code=200 if state == "ok" else 503)

    @app.get("/metrics", tags=["operation"], summary="Figures for Prometheus", response_class=Response)
    def metrics() -> Response:
        return Response(app_context.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/api", include_in_schema=False)
    def described() -> HTMLResponse:
        return HTMLResponse(_described(app.openapi()))


def _add_what_is_not_there(app: FastAPI) -> None:
    """Wrong paths and methods of the interfaces have the errors of the interfaces, not the page's."""

    def not_there() -> JSONResponse:
        return _failure(404, "usage", "there is nothing at this path for this method; /api lists what there is")

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    for prefix in ("/api", "/v1"):
        app.add_api_route(f"{prefix}/{{rest:path}}", not_there, methods=methods, include_in_schema=False)


def _add_failures(app: FastAPI) -> None:
    """Every error in one form: a sentence that ends in the next action, and a name for programs."""

    @app.exception_handler(NewsdeskError)
    async def failed(_: Request, error: NewsdeskError) -> JSONResponse:
        after = error.after if isinstance(error, Busy) else 5 if error.retryable else None
        headers = {"Retry-After": str(after)} if after else None
        return _failure(_status(error), error.kind, str(error), headers=headers)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        return _failure(error.status_code, "usage", f"{error.detail}; see /api for what may be sent")

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body") or "the body"
        return _failure(400, "usage", f"{where}: {first['msg'].lower()}; see /api for what may be sent")


def _status(error: NewsdeskError) -> int:
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, UsageError):
        return 400
    if isinstance(error, NoSuchArticle):
        return 404
    return 503 if error.retryable or isinstance(error, LibraryError | ModelUnavailable) else 500


def _failure(status: int, kind: str, message: str, *, headers: dict[str, str] | None = None) -> JSONResponse:
    # `type` is what clients of the OpenAI interface look at.
    body = {"error": {"kind": kind, "type": kind, "message": message}}
    return JSONResponse(body, status_code=status, headers=headers)


def _described(schema: dict[str, Any]) -> str:
    """The OpenAPI description as a page without scripts."""
    endpoints = [
        (method.upper(), path, about.get("summary", ""))
        for path, methods in schema["paths"].items()
        for method, about in methods.items()
    ]
    return render("api.html", description=schema["info"]["description"], endpoints=endpoints)


def launch(
    app_context: AppContext, *, host: str, port: int, users: Users | None = None, editing: bool = False
) -> Running:
    """Serve the page and the interfaces for programs without blocking; raises `UsageError` where the port is not
    free."""
    plain = ["ui-sans-serif", "system-ui", "sans-serif"]
    settings = app_context.desk.settings
    adding = editing and not settings.read_only
    store = UploadStore()
    # Read by Gradio for every component: it takes and serves files of this folder alone.
    os.environ["GRADIO_TEMP_DIR"] = str(store.folder)
    pages, heads = {}, {}
    for language in LANGUAGES:
        with using(language):
            pages[language] = build(app_context, store, editing=editing)
            heads[language] = language_element() + style_element()
    server = build_server(app_context, users=users, host=host, hosts=settings.page_hosts, uploads=adding)
    add_upload_route(server, store, most_bytes=settings.max_file_mb * 1_000_000 if adding else 1000)
    app = pages_on(
        server,
        pages,
        usual=settings.page_language if settings.page_language != "auto" else "",
        # Nothing is taken that nobody may add.
        max_file_size=f"{settings.max_file_mb}mb" if adding else "1kb",
        theme=gr.themes.Base(font=plain, font_mono=["ui-monospace", "monospace"]),
        heads=heads,
        favicon_path=str(ICON),
    )
    _say_nothing_of_what_readers_sent()
    return Running(app, host=host, port=port, behind_proxy=bool(settings.page_hosts), at_end=store.close)


def _say_nothing_of_what_readers_sent() -> None:
    """Gradio prints a stack trace, with what was sent, for every request that does not fit its functions; here only its
    kind is logged."""
    import gradio.queueing
    import gradio.routes

    def print_exc(*_: object, **__: object) -> None:
        kind = sys.exc_info()[0]
        logger.warning("a request to the page was refused: %s", kind.__name__ if kind else "unknown")

    quiet = SimpleNamespace(**{**vars(traceback), "print_exc": print_exc})
    for module in (gradio.queueing, gradio.routes):
        vars(module)["traceback"] = quiet
    warnings.filterwarnings("ignore", module=r"gradio\..*")
