"""Many runs of k-means on one set, told one by one."""

from concurrent.futures import Executor

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from inkmeans.lesson import LearnSets, Run, name_run, run_centers_document, run_document
from inkmeans.web._routes_learn import find_set
from inkmeans.web._routes_read import require_json
from inkmeans.web._stream import LineStream, Listener, stream_lines
from inkmeans.web._types import ProblemLine
from inkmeans.web._types_learn import LearnRun, RunCenters, RunLine, RunsEnd, RunsRequest


def runs_routes(sets: LearnSets, one_at_a_time: Executor) -> APIRouter:
    """Return the route of runs; they are made in `one_at_a_time`."""
    router = APIRouter(prefix="/learn", tags=["learn"])

    @router.post(
        "/runs",
        dependencies=[Depends(require_json)],
        status_code=200,
        response_class=LineStream,
        response_model=RunLine | RunsEnd | ProblemLine,
    )
    async def make_runs(wanted: RunsRequest, request: Request) -> LineStream:
        """Run k-means from many starts; each run is a line when it ends, and the last line has the best and the worst.

        The runs end when who asked for them is gone.
        """

        def work(listener: Listener) -> None:
            found = find_set(sets, wanted.set)
            if wanted.truths and not found.has_truths:
                raise HTTPException(404, f"The set '{found.title}' has no truths.")
            truths = found.truths() if wanted.truths else None
            runs = sets.runs(
                found, wanted.pixels, wanted.k, n_runs=wanted.n_runs, seed=wanted.seed, is_wanted=listener.is_wanted
            )
            made: list[Run] = []
            for run in runs:
                named = None if truths is None else name_run(run, truths)
                listener.tell(RunLine(run=LearnRun(**run_document(run, named))))
                made.append(run)
            if not listener.is_wanted():
                return
            glyphs = sets.glyphs(found, wanted.pixels)
            best, worst = (
                RunCenters(**run_centers_document(run, None if truths is None else name_run(run, truths), glyphs))
                for run in (min(made, key=_inertia), max(made, key=_inertia))
            )
            listener.tell(RunsEnd(best=best, worst=worst))

        return await stream_lines(request, one_at_a_time, work)

    return router


def _inertia(run: Run) -> float:
    return run.inertia
