"""Watching k-means learn: the sets of glyphs, and traces of runs on them."""

import asyncio
import base64
from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
from fastapi import APIRouter, Depends, Request
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inkmeans import images, lesson
from inkmeans.lesson import LearnSets
from inkmeans.web._limits import check_work
from inkmeans.web._routes_read import require_json
from inkmeans.web._types_learn import (
    HalfStep,
    LearnGlyphs,
    LearnSet,
    LearnSetList,
    LearnTruths,
    OwnDrawings,
    PixelKind,
    Relocated,
    Trace,
    TraceRequest,
)

_ASKED_EVERY = 0.25  # seconds, whether who asked for a trace is still there


def learn_routes(sets: LearnSets) -> APIRouter:
    """Return the routes of the sets and of traces."""
    router = APIRouter(prefix="/learn", tags=["learn"])

    @router.get("/sets")
    def list_sets() -> LearnSetList:
        """List the sets: built in, fetched, projects, and drawings that were sent."""
        return LearnSetList(sets=[_set_document(each) for each in sets.known()], problems=sets.problems())

    @router.post("/sets", dependencies=[Depends(require_json)])
    def add_set(document: OwnDrawings) -> LearnSet:
        """Make a set of a person's own drawings; it is kept in memory, and the same drawings are the same set."""
        drawings = [
            images.Drawing(tuple(map(tuple, each.strokes)), each.width, each.height, each.pen, each.truth)
            for each in document.drawings
        ]
        check_work(drawings)
        return _set_document(sets.add(document.title, drawings))

    @router.get("/sets/{set}")
    def show_set(set: str, pixels: PixelKind) -> LearnGlyphs:
        """Show the glyphs of a set, at most 2,000 of them, and where they lie in the plane."""
        return glyphs_document(sets, _found(sets, set), pixels)

    @router.get("/sets/{set}/truths")
    def show_truths(set: str) -> LearnTruths:
        """Say what the glyphs of a set show."""
        return truths_document(sets, _found(sets, set))

    @router.post("/traces", dependencies=[Depends(require_json)], response_model=Trace)
    async def make_trace(wanted: TraceRequest, request: Request) -> Response:
        """Run k-means on a set and tell every half-step; the run ends when who asked for it is gone."""
        is_gone = Event()

        def run() -> bytes:
            document = trace_document(sets, _found(sets, wanted.set), wanted, lambda: not is_gone.is_set())
            return document.model_dump_json().encode()  # here: a long one would hold up all other answers

        running = asyncio.ensure_future(run_in_threadpool(run))
        while not running.done():
            await asyncio.wait({running}, timeout=_ASKED_EVERY)
            if not running.done() and await request.is_disconnected():
                is_gone.set()
        try:
            return Response(running.result(), media_type="application/json")
        except lesson.Abandoned:
            raise HTTPException(503, "The trace was not finished, because who asked for it is gone.") from None

    return router


def _found(sets: LearnSets, name: str) -> lesson.LearnSet:
    found = sets.find(name)
    if found is not None:
        return found
    if name.startswith("drawings-"):
        raise HTTPException(404, "This server no longer has these drawings; send them again.")
    raise HTTPException(404, f"There is no set '{name}'; GET /api/v1/learn/sets lists those that there are.")


def _set_document(found: lesson.LearnSet) -> LearnSet:
    return LearnSet(
        set=found.set,
        title=found.title,
        kind=found.kind,
        n_glyphs=found.n_glyphs,
        pixels=list(found.pixels),
        has_truths=found.has_truths,
    )


def glyphs_document(sets: LearnSets, found: lesson.LearnSet, pixels: PixelKind) -> LearnGlyphs:
    """Return the glyphs of a set as the page gets them."""
    glyphs = sets.glyphs(found, pixels)
    n_glyphs, height, width = glyphs.images.shape
    return LearnGlyphs(
        set=found.set,
        title=found.title,
        pixels=pixels,
        n_glyphs=n_glyphs,
        n_marks=len(glyphs.marks),
        height=height,
        width=width,
        ink_max=glyphs.ink_max,
        rows=_text(glyphs.marks, "<i4"),
        pictures=_text(glyphs.images[glyphs.marks], "u1"),
        positions=_text(glyphs.positions, "<f4"),
        explained=glyphs.plane.explained,
    )


def truths_document(sets: LearnSets, found: lesson.LearnSet) -> LearnTruths:
    """Return the truths of a set's marks; 404 where it has none."""
    if not found.has_truths:
        raise HTTPException(404, f"The set '{found.title}' has no truths.")
    return LearnTruths(set=found.set, truths=sets.truths(found).tolist())


def trace_document(
    sets: LearnSets, found: lesson.LearnSet, request: TraceRequest, is_wanted: Callable[[], bool] = lambda: True
) -> Trace:
    """Return the trace that a request asks for as the page gets it; `Abandoned` where it is not wanted any more."""
    trace = sets.trace(
        found,
        request.pixels,
        request.k,
        start=request.start,
        seed=request.seed,
        rows=request.rows,
        is_wanted=is_wanted,
    )
    return Trace(
        set=found.set,
        pixels=request.pixels,
        k=request.k,
        start=request.start,
        seed=request.seed,
        initial_rows=trace.initial_rows.tolist(),
        n_iter=trace.n_iter,
        end=trace.end,
        steps=[_step_document(step) for step in trace.steps],
        labels=_text(trace.labels, "u1"),
        centers=_text(trace.centers, "<u2"),
        centers_scale=trace.centers_scale,
        positions=_text(trace.positions, "<f4"),
    )


def _step_document(step: lesson.HalfStep) -> HalfStep:
    return HalfStep(
        half=step.half,
        n_iter=step.n_iter,
        inertia=step.inertia,
        n_changed=step.n_changed,
        counts=step.counts.tolist(),
        came=step.came.tolist(),
        went=step.went.tolist(),
        moved=step.moved.tolist(),
        relocated=[Relocated(cluster=cluster, row=row) for cluster, row in step.relocated],
        labeling=step.labeling,
        centering=step.centering,
    )


def _text(array: NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode("ascii")
