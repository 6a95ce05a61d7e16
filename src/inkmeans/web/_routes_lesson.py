"""The lesson's readings: drawings in all ways, from the lesson's to the reader's."""

from collections.abc import Iterable
from itertools import chain
from typing import cast

import numpy as np
from fastapi import APIRouter, Depends
from numpy.typing import NDArray
from starlette.exceptions import HTTPException

from inkmeans.images import Drawing
from inkmeans.lesson import COPIED_NAMES, PAD_INK, SEED, STAGES, DigitClusters, DrawingWays, box_canvas, pad_canvas
from inkmeans.names import REJECTED
from inkmeans.reader import Explanation
from inkmeans.web._limits import check_work
from inkmeans.web._models import Models
from inkmeans.web._routes_read import picture_text, require_json
from inkmeans.web._types_lesson import (
    DigitCluster,
    DigitClustersDocument,
    LessonDocument,
    LessonPictures,
    LessonReading,
    LessonReadings,
    NearCluster,
    NearReaderCenter,
    PadDrawings,
    PreparedDrawing,
    ReaderReading,
    Stage,
)

N_PICTURED = 10
"""The lesson shows the centers of models of at most so many clusters; those of others are asked for one by one."""


def lesson_routes(models: Models) -> APIRouter:
    """Return the routes of the lesson."""
    router = APIRouter(prefix="/lesson", tags=["lesson"])

    @router.get("")
    def show_lesson() -> LessonDocument:
        """Tell the clusters of scikit-learn's digits that drawings are compared with."""
        ways = models.ways()
        return LessonDocument(
            stages=cast(list[Stage], list(STAGES)),
            copied_names=list(COPIED_NAMES),
            full_ink=PAD_INK,
            seed=SEED,
            n_digits=int(ways.models[0].counts.sum()),
            models=[_clusters(model) for model in ways.models],
        )

    @router.get("/pictures/{model}")
    def show_pictures(model: str) -> LessonPictures:
        """Show the centers of one model, which the lesson leaves out where there are many."""
        for known in models.ways().models:
            if known.name == model:
                return LessonPictures(model=model, pictures=[picture_text(picture) for picture in known.pictures])
        raise HTTPException(404, f"There is no model '{model}'; GET /api/v1/lesson lists those that there are.")

    @router.post("/readings", dependencies=[Depends(require_json)])
    def read_in_all_ways(document: PadDrawings) -> LessonReadings:
        """Read drawings, each of one digit, in all ways."""
        drawings = [
            Drawing(tuple(map(tuple, drawing.strokes)), drawing.width, drawing.height, drawing.pen)
            for drawing in document.drawings
        ]
        pens = [drawing.pad_pen for drawing in document.drawings]
        check_work(drawings, also=chain(map(pad_canvas, drawings, pens), map(box_canvas, drawings)))
        ways = models.ways()
        read = [ways.read(drawing, pen) for drawing, pen in zip(drawings, pens, strict=True)]
        return LessonReadings(drawings=[_reading(one) for one in read], pictures=_pictures(read))

    return router


def _clusters(model: DigitClusters) -> DigitClustersDocument:
    return DigitClustersDocument(
        model=model.name,
        place=model.preparation.place,
        slant=model.preparation.slant,
        k=model.k,
        side=model.pictures.shape[1],
        typical_distance=round(model.typical_distance, 2),
        clusters=[
            DigitCluster(
                cluster=cluster,
                count=int(count),
                look=look,
                picture=picture_text(picture) if model.k <= N_PICTURED else None,  # the page's first view stays small
            )
            for cluster, (count, look, picture) in enumerate(
                zip(model.counts, model.looks, model.pictures, strict=True)
            )
        ],
    )


def _reading(read: DrawingWays) -> LessonReading:
    return LessonReading(
        verdict=read.verdict,
        inputs=[
            PreparedDrawing(
                ink=one.ink,
                place=one.preparation.place,
                slant=one.preparation.slant,
                numbers=None if one.preparation.place else _numbers(one.image),
                glyph=picture_text(np.rint(one.image).astype(np.uint8)) if one.preparation.place else None,
                nearest={
                    k: [NearCluster(cluster=cluster, distance=distance) for cluster, distance in near]
                    for k, near in one.nearest.items()
                },
                reader=_reader_reading(one.explanation),
            )
            for one in read.inputs
        ],
    )


def _numbers(image: NDArray[np.float64]) -> list[float]:
    return [round(float(value), 2) for value in image.ravel()]


def _reader_reading(explanation: Explanation) -> ReaderReading:
    reading = explanation.reading
    return ReaderReading(
        glyph=picture_text(explanation.glyph),
        text=reading.text,
        confidence=reading.confidence,
        rejected=reading.text == REJECTED,
        alternatives=list(reading.alternatives),
        nearest=[
            NearReaderCenter(cluster=near.center, distance=near.distance, name=near.name)
            for near in explanation.nearest
        ],
    )


def _pictures(read: Iterable[DrawingWays]) -> dict[int, str]:
    """Return the picture of each center of the reader that is told, once."""
    return {
        near.center: picture_text(near.picture)
        for one in read
        for input in one.inputs
        for near in input.explanation.nearest
    }
