"""How many clusters, and their names: numbers tried one by one; clusters to name, to save and to read by."""

from collections.abc import Callable
from concurrent.futures import Executor

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from inkmeans import lesson
from inkmeans.lesson import Clusterings, LearnSets, clustering_document, number_document, suggested_number
from inkmeans.web._routes_learn import find_set
from inkmeans.web._routes_read import explain_drawing, paint, require_json
from inkmeans.web._stream import LineStream, Listener, stream_lines
from inkmeans.web._types import DrawingReadings, ProblemLine
from inkmeans.web._types_clusterings import (
    Clustering,
    ClusteringRequest,
    NamedDrawings,
    NamesCounted,
    NamesToCount,
    NumberLine,
    NumbersEnd,
    NumbersProgress,
    NumbersProgressLine,
    NumbersRequest,
    ProjectRequest,
    SavedProject,
    TriedNumber,
)
from inkmeans.web._waiting import wait_for


def clustering_routes(sets: LearnSets, clusterings: Clusterings, one_at_a_time: Executor) -> APIRouter:
    """Return the routes of numbers of clusters and of clusters to name, whose work is done in `one_at_a_time`."""
    router = APIRouter(prefix="/learn", tags=["learn"])

    @router.post(
        "/numbers",
        dependencies=[Depends(require_json)],
        status_code=200,
        response_class=LineStream,
        response_model=NumbersProgressLine | NumberLine | NumbersEnd | ProblemLine,
    )
    async def try_numbers(wanted: NumbersRequest, request: Request) -> LineStream:
        """Try numbers of clusters; each is a line when it is done, and the last line has the number that is suggested.

        The work ends when who asked for it is gone.
        """

        def work(listener: Listener) -> None:
            found = find_set(sets, wanted.set)
            if wanted.truths and not found.has_truths:
                raise HTTPException(404, f"The set '{found.title}' has no truths.")
            truths = found.truths() if wanted.truths else None

            def tell(doing: str, share: float) -> None:
                listener.tell(NumbersProgressLine(progress=NumbersProgress(doing=doing, share=share)))

            tried = []
            for each in clusterings.numbers(found, wanted.by, progress=tell, is_wanted=listener.is_wanted):
                listener.tell(NumberLine(number=TriedNumber(**number_document(each, truths))))
                tried.append(each)
            listener.tell(NumbersEnd(suggested=suggested_number(tried)))

        return await stream_lines(request, one_at_a_time, work)

    @router.post("/clusterings", dependencies=[Depends(require_json)])
    async def make_clustering(wanted: ClusteringRequest, request: Request) -> Clustering:
        """Divide a set into clusters, to be named."""

        def work(is_wanted: Callable[[], bool]) -> Clustering:
            made = clusterings.make(find_set(sets, wanted.set), wanted.by, wanted.k, is_wanted=is_wanted)
            return Clustering(**clustering_document(made, clusterings.likely_names(made)))

        return await wait_for(request, one_at_a_time, work)

    @router.post("/clusterings/{clustering}/accuracy", dependencies=[Depends(require_json)])
    async def count_names(clustering: str, document: NamesToCount, request: Request) -> NamesCounted:
        """Tell how many images the names of clusters reach and, where truths are asked for, how many are right."""

        def work(is_wanted: Callable[[], bool]) -> NamesCounted:
            found = _found(clusterings, clustering, is_wanted)
            if document.truths and not found.learn_set.has_truths:
                raise HTTPException(404, f"The set '{found.learn_set.title}' has no truths.")
            named = clusterings.count(found, document.names, truths=document.truths)
            return NamesCounted(n_named=named.n_named, n_glyphs=named.n_glyphs, n_right=named.n_right)

        return await wait_for(request, one_at_a_time, work)

    @router.post("/clusterings/{clustering}/project", dependencies=[Depends(require_json)])
    async def save_project(clustering: str, document: ProjectRequest, request: Request) -> SavedProject:
        """Save the set with its named clusters as a new project file, in the folder whose projects are offered."""

        def work(is_wanted: Callable[[], bool]) -> SavedProject:
            found = _found(clusterings, clustering, is_wanted)
            path = clusterings.save(found, document.title, document.names)
            return SavedProject(
                file=lesson.as_text(str(path.resolve())),
                n_glyphs=found.learn_set.n_glyphs,
                n_named=clusterings.count(found, document.names).n_named,
            )

        return await wait_for(request, one_at_a_time, work)

    @router.post("/clusterings/{clustering}/readings", dependencies=[Depends(require_json)])
    async def read_by_names(clustering: str, document: NamedDrawings, request: Request) -> DrawingReadings:
        """Read drawings, each of one character, by a reader that learned from the named clusters."""

        def work(is_wanted: Callable[[], bool]) -> DrawingReadings:
            reader = clusterings.reader(_found(clusterings, clustering, is_wanted), document.names)
            return DrawingReadings(drawings=[explain_drawing(picture, reader) for picture in paint(document.drawings)])

        return await wait_for(request, one_at_a_time, work)

    return router


def _found(clusterings: Clusterings, id: str, is_wanted: Callable[[], bool]) -> lesson.Clustering:
    found = clusterings.find(id, is_wanted=is_wanted)
    if found is None:
        raise HTTPException(404, f"There are no clusters '{id}' (any more); cluster the set again.")
    return found
