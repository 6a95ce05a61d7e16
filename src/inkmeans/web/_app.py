"""The web application: routes, guard and limits put together."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import python_multipart  # noqa: F401  (FastAPI asks for it only at the first upload; told at the start is better)
from fastapi import FastAPI

from inkmeans import __version__
from inkmeans.lesson import Clusterings, LearnSets, Ways
from inkmeans.reader import Reader
from inkmeans.web._class import SchoolClass
from inkmeans.web._limits import MAX_BODY, BodyLimit
from inkmeans.web._models import SHIPPED_TITLE, Models
from inkmeans.web._packed import Packed
from inkmeans.web._page import add_page
from inkmeans.web._problems import MEDIA_TYPE, install_problem_handlers
from inkmeans.web._routes_class import class_routes
from inkmeans.web._routes_clusterings import clustering_routes
from inkmeans.web._routes_health import health_routes
from inkmeans.web._routes_learn import learn_routes
from inkmeans.web._routes_lesson import lesson_routes
from inkmeans.web._routes_models import model_routes
from inkmeans.web._routes_read import read_routes
from inkmeans.web._routes_runs import runs_routes
from inkmeans.web._security import LOOPBACK, SECURITY_HEADERS, Guard, OneTimeCode
from inkmeans.web._static import find_static
from inkmeans.web._types import ProblemDetail

_PROBLEM: dict[str, Any] = {
    "description": "What went wrong",
    "content": {MEDIA_TYPE: {"schema": ProblemDetail.model_json_schema()}},
}


def create_app(
    *,
    reader: Reader | None = None,
    ways: Ways | None = None,
    title: str = SHIPPED_TITLE,
    sets: LearnSets | None = None,
    token: str | None = None,
    code: OneTimeCode | None = None,
    hosts: frozenset[str] = LOOPBACK,
    max_body: int = MAX_BODY,
    static: Path | None = None,
    school_class: SchoolClass | None = None,
) -> FastAPI:
    """Return the application that ``inkmeans serve`` runs.

    Parameters
    ----------
    reader : Reader or None
        The full reader; None loads the one that ships, in the background.
    ways : Ways or None
        The lesson's readings; None clusters scikit-learn's digits, in the background.
    title : str
        What the reader is called: "digits", the one that ships, or the name of its model file.
    sets : LearnSets or None
        What k-means can be watched on; None has no projects.
    token : str or None
        What a request must bring as a cookie or as ``Authorization: Bearer``; None asks for nothing.
    code : OneTimeCode or None
        What a page's address may hold once instead of the token.
    hosts : frozenset of str
        The names in the Host header that are answered, without port; "*" allows any numeric address.
    max_body : int
        Bytes that a request may carry.
    static : Path or None
        The folder with the built page; None takes the package's own, where it has one.
    school_class : SchoolClass or None
        The class that draws together, where there is one; its room has the same `sets`.
    """
    models = Models(reader, ways, title)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        models.warm_up()
        yield

    app = FastAPI(
        title="inkmeans",
        version=__version__,
        summary="Reads handwriting by k-means clustering.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both pages of FastAPI's would load scripts from another host
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        responses=dict.fromkeys(("4XX", "5XX"), _PROBLEM),
    )
    sets = sets or LearnSets()
    clusterings = Clusterings(sets, models.reader)
    if school_class is not None:
        school_class.room.at_end(clusterings.forget)
        clusterings.on_saved(school_class.room.note_saved)
    # k-means uses every processor. Those that wait for their turn hold none of the threads that answer all else.
    one_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="inkmeans-trace")
    routers = (
        read_routes(models),
        model_routes(models),
        lesson_routes(models),
        learn_routes(sets, one_at_a_time),
        runs_routes(sets, one_at_a_time),
        clustering_routes(sets, clusterings, one_at_a_time),
        class_routes(school_class, clusterings),
    )
    for router in routers:
        app.include_router(router, prefix="/api/v1")
    app.include_router(health_routes(models))
    add_page(app, static or find_static())
    install_problem_handlers(app, SECURITY_HEADERS)
    app.add_middleware(BodyLimit, limit=max_body)
    app.add_middleware(Packed, paths=("/api/v1/lesson",))
    app.add_middleware(Guard, token=token, hosts=hosts, code=code)  # added last, asked first
    return app
