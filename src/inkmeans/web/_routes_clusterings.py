"""How many clusters, and their names: numbers tried one by one; clusters to name, to save and to read by."""

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


def clustering_routes(sets: LearnSets, clusterings: Clusterings, one_at_a_time: Executor) -> APIRouter:
    """Return the routes of numbers of clusters, tried in `one_at_a_time`, and of clusters to name."""
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
    def make_clustering(wanted: ClusteringRequest) -> Clustering:
        """Divide a set into clusters, to be named."""
        made = clusterings.make(find_set(sets, wanted.set), wanted.by, wanted.k)
        return Clustering(**clustering_document(made, clusterings.likely_names(made)))

    @router.post("/clusterings/{clustering}/accuracy", dependencies=[Depends(require_json)])
    def count_names(clustering: str, document: NamesToCount) -> NamesCounted:
        """Tell how many images the names of clusters reach and, where truths are asked for, how many are right."""
        found = _found(clusterings, clustering)
        if document.truths and not found.learn_set.has_truths:
            raise HTTPException(404, f"The set '{found.learn_set.title}' has no truths.")
        named = clusterings.count(found, document.names, truths=document.truths)
        return NamesCounted(n_named=named.n_named, n_glyphs=named.n_glyphs, n_right=named.n_right)

    @router.post("/clusterings/{clustering}/project", dependencies=[Depends(require_json)])
    def save_project(clustering: str, document: ProjectRequest) -> SavedProject:
        """Save the set with its named clusters as a new project file, in the folder whose projects are offered."""
        found = _found(clusterings, clustering)
        path = clusterings.save(found, document.title, document.names)
        return SavedProject(
            file=lesson.as_text(str(path.resolve())),
            n_glyphs=found.learn_set.n_glyphs,
            n_named=clusterings.count(found, document.names).n_named,
        )

    @router.post("/clusterings/{clustering}/readings", dependencies=[Depends(require_json)])
    def read_by_names(clustering: str, document: NamedDrawings) -> DrawingReadings:
        """Read drawings, each of one character, by a reader that learned from the named clusters."""
        reader = clusterings.reader(_found(clusterings, clustering), document.names)
        return DrawingReadings(drawings=[explain_drawing(picture, reader) for picture in paint(document.drawings)])

    return router


def _found(clusterings: Clusterings, id: str) -> lesson.Clustering:
    found = clusterings.find(id)
    if found is None:
        raise HTTPException(404, f"There are no clusters '{id}' (any more); cluster the set again.")
    return found
