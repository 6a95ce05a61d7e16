"""The page's files: built from ``frontend/`` into the package's folder ``web/static``."""

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


def sentence_page(status: int, title: str, sentence: str) -> HTMLResponse:
    """Return a bare page that says one thing to the person who opened it."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><main><h1>{escape(title)}</h1><p>{escape(sentence)}</p></main></html>",
        status_code=status,
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
