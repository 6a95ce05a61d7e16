"""Watching k-means learn: the sets of glyphs, and traces of runs on them."""

from collections.abc import Callable
from concurrent.futures import Executor

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inkmeans import images, lesson
from inkmeans.lesson import LearnSets, glyphs_document, set_document, trace_document, truths_document
from inkmeans.web._limits import check_work
from inkmeans.web._routes_read import require_json
from inkmeans.web._types_learn import (
    LearnGlyphs,
    LearnSet,
    LearnSetList,
    LearnTruths,
    OwnDrawings,
    PixelKind,
    Trace,
    TraceRequest,
)
from inkmeans.web._waiting import wait_for


def learn_routes(sets: LearnSets, one_at_a_time: Executor) -> APIRouter:
    """Return the routes of the sets and of traces; these are made in `one_at_a_time`."""
    router = APIRouter(prefix="/learn", tags=["learn"])

    @router.get("/sets")
    def list_sets() -> LearnSetList:
        """List the sets: built in, fetched, projects, and drawings that were sent."""
        return LearnSetList(sets=[LearnSet(**set_document(each)) for each in sets.known()], problems=sets.problems())

    @router.post("/sets", dependencies=[Depends(require_json)])
    def add_set(document: OwnDrawings) -> LearnSet:
        """Make a set of a person's own drawings; it is kept in memory, and the same drawings are the same set."""
        drawings = [
            images.Drawing(tuple(map(tuple, each.strokes)), each.width, each.height, each.pen, each.truth)
            for each in document.drawings
        ]
        check_work(drawings, also=map(lesson.pad_canvas, drawings), times=4)  # hundreds, once in a while
        return LearnSet(**set_document(sets.add(document.title, drawings)))

    @router.get("/sets/{set}")
    def show_set(set: str, pixels: PixelKind) -> LearnGlyphs:
        """Show the glyphs of a set, at most 2,000 of them, and where they lie in the plane."""
        found = find_set(sets, set)
        return LearnGlyphs(**glyphs_document(found, pixels, sets.glyphs(found, pixels)))

    @router.get("/sets/{set}/truths")
    def show_truths(set: str) -> LearnTruths:
        """Say what the glyphs of a set show."""
        found = find_set(sets, set)
        if not found.has_truths:
            raise HTTPException(404, f"The set '{found.title}' has no truths.")
        return LearnTruths(**truths_document(found, sets.truths(found).tolist()))

    @router.post("/traces", dependencies=[Depends(require_json)], response_model=Trace)
    async def make_trace(wanted: TraceRequest, request: Request) -> Response:
        """Run k-means on a set and tell every half-step; the run ends when who asked for it is gone."""

        def run(is_wanted: Callable[[], bool]) -> bytes:
            found = find_set(sets, wanted.set)
            trace = sets.trace(
                found,
                wanted.pixels,
                wanted.k,
                start=wanted.start,
                seed=wanted.seed,
                rows=wanted.rows,
                is_wanted=is_wanted,
            )
            document = Trace(**trace_document(found, wanted.pixels, wanted.start, wanted.seed, trace))
            return document.model_dump_json().encode()  # here: a long one would hold up all other answers

        return Response(await wait_for(request, one_at_a_time, run), media_type="application/json")

    return router


def find_set(sets: LearnSets, name: str) -> lesson.LearnSet:
    """Return the set of that name, or answer 404."""
    found = sets.find(name)
    if found is not None:
        return found
    if name.startswith("drawings-"):
        raise HTTPException(404, "This server no longer has these drawings; send them again.")
    if name.startswith("class-"):
        raise HTTPException(404, "The class has ended, and its drawings were deleted.")
    raise HTTPException(404, f"There is no set '{name}'; GET /api/v1/learn/sets lists those that there are.")
