"""Reading: a picture or a drawing to text, and the page's drawings to the reader's reasons."""

import base64
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from inkmeans import images
from inkmeans.names import REJECTED
from inkmeans.reader import Explanation, Reader, read
from inkmeans.web._limits import body_type, check_work
from inkmeans.web._models import Models
from inkmeans.web._types import (
    Drawing,
    DrawingReading,
    DrawingReadings,
    Drawings,
    ModelReading,
    NearCenter,
    ReadText,
)

N_NEAREST = 5
T = TypeVar("T", bound=BaseModel)


def picture_text(picture: NDArray[np.uint8]) -> str:
    """Return a picture's bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(picture, dtype=np.uint8).tobytes()).decode("ascii")


async def require_json(request: Request) -> None:
    """Refuse a body that does not say that it is JSON."""
    media_type = body_type(request.headers)
    if media_type != "application/json":
        raise HTTPException(415, f"The body must be application/json; got {media_type or 'no Content-Type'}.")


def parse_body(model: type[T], body: bytes) -> T:
    """Return the document in a body, which is checked outside the event loop.

    Raises
    ------
    RequestValidationError
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


def read_routes(models: Models) -> APIRouter:
    """Return the routes that read."""
    router = APIRouter(tags=["read"])

    @router.post("/drawings", dependencies=[Depends(require_json)])
    def read_drawings(document: Drawings) -> DrawingReadings:
        """Read drawings, each of one character."""
        reader = models.reader()
        return DrawingReadings(drawings=[explain_drawing(picture, reader) for picture in paint(document.drawings)])

    @router.post("/read", response_model=ReadText, openapi_extra=_READ_BODY)
    async def read_picture(request: Request) -> dict[str, Any]:
        """Read a picture with one or more characters (multipart, field ``image``), or a drawing (JSON)."""
        media_type = body_type(request.headers)
        if media_type == "multipart/form-data":
            upload = await _uploaded(request)
            return await run_in_threadpool(lambda: read(upload, reader=models.reader()).to_json())
        if media_type == "application/json":
            body = await request.body()
            return await run_in_threadpool(
                lambda: read(next(paint([parse_body(Drawing, body)])), reader=models.reader()).to_json()
            )
        raise HTTPException(
            415,
            "The body must be multipart/form-data with a field 'image', or application/json with 'strokes'; "
            f"got {media_type or 'no Content-Type'}.",
        )

    return router


def paint(documents: Sequence[Drawing]) -> Iterator[NDArray[np.uint8]]:
    """Yield the picture of each drawing, if all of them together are little enough work."""
    drawings = [
        images.Drawing(tuple(map(tuple, document.strokes)), document.width, document.height, document.pen)
        for document in documents
    ]
    check_work(drawings)
    yield from map(images.rasterize, drawings)


def explain_drawing(picture: NDArray[np.uint8], reader: Reader) -> DrawingReading:
    """Return how a drawing's picture is read, and why."""
    seen = reader.explain(picture, n=N_NEAREST, ink="bright", ink_max=255.0)
    return DrawingReading(verdict=seen.verdict, glyph=picture_text(seen.glyph), reading=_model_reading(seen))


def _model_reading(explanation: Explanation) -> ModelReading:
    reading = explanation.reading
    nearest = [
        NearCenter(cluster=near.center, name=near.name, distance=near.distance, picture=picture_text(near.picture))
        for near in explanation.nearest
    ]
    return ModelReading(
        text=reading.text,
        confidence=reading.confidence,
        rejected=reading.text == REJECTED,
        alternatives=list(reading.alternatives),
        cluster=nearest[0].cluster if nearest else None,
        nearest=nearest,
    )


async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=8) as form:
        image = form.get("image")
        if not isinstance(image, UploadFile):
            raise RequestValidationError([{"loc": ("body", "image"), "msg": "A file is required", "type": "missing"}])
        return await image.read()


_READ_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {"image": {"type": "string", "format": "binary"}},
                }
            },
            "application/json": {"schema": {"$ref": "#/components/schemas/Drawing"}},
        },
    }
}
