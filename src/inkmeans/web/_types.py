"""The documents of the JSON interface; its OpenAPI description is made from these types."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from inkmeans.normalize import Verdict
from inkmeans.web._limits import MAX_DRAWINGS, MAX_POINTS, MAX_SIDE, MAX_STROKES

ModelName = Literal["reader"]
"""``reader``: the full reader, of whatever names."""

Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-10 * MAX_SIDE, le=10 * MAX_SIDE)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Pictured = Annotated[str, Field(description="28 x 28 bytes, row by row, ink 255 on 0, in base64.")]
Probability = Annotated[float, Field(ge=0, le=1)]


class Document(BaseModel):
    """One whose fields are all known."""

    model_config = ConfigDict(extra="forbid")


class Drawing(Document):
    """Strokes of a round pen, in the pixels of the box that they were drawn in; the origin is its top left corner."""

    strokes: Annotated[
        list[Annotated[list[tuple[Coordinate, Coordinate]], Field(min_length=1, max_length=MAX_POINTS)]],
        Field(max_length=MAX_STROKES, description="Each stroke is its points [x, y], in the order they were drawn."),
    ]
    width: Side
    height: Side
    pen: Annotated[float, Field(allow_inf_nan=False, gt=0, le=MAX_SIDE, description="The diameter of the pen.")]


class Drawings(Document):
    """Several drawings, read one by one."""

    drawings: Annotated[list[Drawing], Field(min_length=1, max_length=MAX_DRAWINGS)]


class NearCenter(Document):
    """A center near to a drawing."""

    cluster: int
    name: str
    distance: Annotated[float, Field(ge=0)]
    picture: Pictured


class ModelReading(Document):
    """What the reader makes of a drawing; `cluster` is None and `nearest` empty where it shows no character."""

    text: Annotated[str, Field(description='The name, or "?" where the model rejects.')]
    confidence: Probability
    rejected: bool
    alternatives: Annotated[list[tuple[str, Probability]], Field(description="The likeliest names, the best first.")]
    cluster: int | None
    nearest: Annotated[list[NearCenter], Field(description="The best first.")]


class DrawingReading(Document):
    """A drawing as the reader sees it, and what it makes of it."""

    verdict: Verdict
    glyph: Pictured
    reading: ModelReading


class DrawingReadings(Document):
    """The drawings of a request, in its order."""

    drawings: list[DrawingReading]


class Center(Document):
    """A center."""

    cluster: int
    name: str
    count: Annotated[int, Field(description="How many glyphs it is the mean of.")]
    picture: Pictured


class Centers(Document):
    """Some of a model's centers."""

    model: ModelName
    total: int
    offset: int
    centers: list[Center]


class Model(Document):
    """A model of this server."""

    model: ModelName
    title: Annotated[str, Field(description="What it is called: of a reader of one's own, its file's name.")]
    centers: Annotated[int, Field(description="How many centers it has.")]
    names: Annotated[list[str], Field(description="The names that it can give, sorted.")]


class ModelList(Document):
    """The models of this server."""

    models: list[Model]


class ProblemDetail(BaseModel):
    """A failure, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] = []


class ProblemLine(BaseModel):
    """The last line of a stream that failed after its first line."""

    problem: ProblemDetail


class ReadGlyph(Document):
    """One character that was read."""

    text: str
    confidence: Probability
    box: tuple[int, int, int, int]
    alternatives: list[tuple[str, Probability]]


class ReadText(Document):
    """The text of one picture; boxes are x, y, width, height in its pixels."""

    text: Annotated[str, Field(description='Lines are separated by a line feed; "?" stands for each rejected glyph.')]
    confidence: Probability
    rejected: bool
    box: tuple[int, int, int, int]
    glyphs: list[ReadGlyph]
    alternatives: list[tuple[str, Probability]]
