"""The page's files: built from ``frontend/`` into the package's folder ``web/static``."""

import base64
import hashlib
from html import escape
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from inkmeans.web._static import PAGE_MISSING

_STYLE = """
:root{color-scheme:light dark;--page:#f8f8f6;--ink:#171a26;--muted:#5a5e6c}
@media(prefers-color-scheme:dark){:root{--page:#101218;--ink:#eceef5;--muted:#a3a8b8}}
body{margin:0;background:var(--page);color:var(--ink);font:17px/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:12vh auto;padding:0 24px}
h1{margin:0 0 12px;font:600 30px/1.2 Georgia,serif}
p{margin:0;color:var(--muted)}
"""  # the colors of the page's tokens; it needs no file, because whoever is refused gets none
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_SENTENCE_POLICY = (
    f"default-src 'self'; style-src 'sha256-{_STYLE_HASH}'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def sentence_page(status: int, title: str, sentence: str) -> HTMLResponse:
    """Return a small page that says one thing to the person who opened it; its policy allows its own style only."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1><p>{escape(sentence)}</p></main></html>",
        status_code=status,
        headers={"Content-Security-Policy": _SENTENCE_POLICY},
    )


class _HashedFiles(StaticFiles):
    """Files whose names hold a hash of what is in them: kept by the browser for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


VIEWS = ("/", "/draw", "/read", "/name", "/learn", "/class")
"""The paths of the page: its script shows the view of the path."""


def add_page(app: FastAPI, static: Path | None) -> None:
    """Give `app` the page at ``/`` and at its views; where `static` is None, one sentence that says how to get it."""

    def page(request: Request) -> Response:
        if static is not None:
            return FileResponse(static / "index.html", headers={"Cache-Control": "no-cache"})
        if "text/html" in request.headers.get("accept", ""):
            return sentence_page(503, "inkmeans", PAGE_MISSING)
        raise HTTPException(503, PAGE_MISSING)

    for path in VIEWS:
        app.add_api_route(path, page, methods=["GET", "HEAD"], include_in_schema=False, response_model=None)

    if static is not None:
        add_assets(app, static)


def add_assets(app: FastAPI, static: Path) -> None:
    """Give `app` the files that the pages in `static` load."""

    @app.api_route("/favicon.svg", methods=["GET", "HEAD"], include_in_schema=False)
    def favicon() -> Response:
        return FileResponse(static / "favicon.svg", headers={"Cache-Control": "no-cache"})

    # Compressed on the way: a phone fetches the page over the room's network.
    assets = GZipMiddleware(_HashedFiles(directory=static / "assets"), minimum_size=1024)
    app.mount("/assets", assets, name="assets")
