"""The documents of the lesson's readings: a drawing in all ways, and the clusters that it is compared with."""

from typing import Annotated, Literal

from pydantic import Field

from inkmeans.normalize import Verdict
from inkmeans.web._limits import MAX_DRAWINGS, MAX_SIDE
from inkmeans.web._types import Document, Drawing, Pictured, Probability

Stage = Literal["names", "ink", "place", "slant", "clusters", "reader"]
"""``inkmeans.lesson.STAGES``."""


class PadDrawing(Drawing):
    """A drawing, and the pen that the lesson's pad draws it with."""

    pad_pen: Annotated[
        float | None,
        Field(
            allow_inf_nan=False,
            gt=0,
            le=MAX_SIDE,
            description="The diameter of the pad's pen in pixels of the box; the drawing's own pen where left out.",
        ),
    ] = None


class PadDrawings(Document):
    """Several drawings, each read in all ways."""

    drawings: Annotated[list[PadDrawing], Field(min_length=1, max_length=MAX_DRAWINGS)]


class NearCluster(Document):
    """A cluster near to a drawing."""

    cluster: int
    distance: Annotated[float, Field(ge=0)]


class NearReaderCenter(NearCluster):
    """A center of the reader near to a drawing; its picture is among the answer's."""

    name: str


class ReaderReading(Document):
    """What the reader makes of a drawing after one preparation."""

    glyph: Pictured
    text: Annotated[str, Field(description='The name, or "?" where the reader rejects.')]
    confidence: Probability
    rejected: bool
    alternatives: Annotated[list[tuple[str, Probability]], Field(description="The likeliest names, the best first.")]
    nearest: Annotated[list[NearReaderCenter], Field(description="The best first.")]


class PreparedDrawing(Document):
    """A drawing after one preparation, and what is nearest to it."""

    ink: Annotated[bool, Field(description="Whether full ink is 16, as in the digits, or 7.63.")]
    place: Annotated[bool, Field(description="Whether it has one size, in the middle.")]
    slant: Annotated[bool, Field(description="Whether its slant is removed.")]
    numbers: Annotated[
        list[float] | None, Field(description="What k-means sees, 8 x 8 row by row; null where it is placed.")
    ]
    glyph: Annotated[Pictured | None, Field(description="What k-means sees where it is placed, else null.")]
    nearest: Annotated[
        dict[int, list[NearCluster]], Field(description="For each k the nearest clusters of its preparation.")
    ]
    reader: ReaderReading


class LessonReading(Document):
    """A drawing in all ways."""

    verdict: Verdict
    inputs: list[PreparedDrawing]


class LessonReadings(Document):
    """The drawings of a request, in its order, and the pictures of the reader's centers that they are near to."""

    drawings: list[LessonReading]
    pictures: dict[int, Pictured]


class DigitCluster(Document):
    """One cluster of scikit-learn's digits."""

    cluster: int
    count: Annotated[int, Field(description="How many digits it holds.")]
    look: Annotated[str, Field(description="The name that a reader's look at its middle image proposes.")]
    picture: Annotated[
        str | None,
        Field(
            description="Its center: side x side bytes, row by row, ink 255 on 0, in base64. Null where the model has "
            "more than ten: they are told by /lesson/pictures."
        ),
    ]


class DigitClustersDocument(Document):
    """Clusters of scikit-learn's digits after one preparation."""

    model: Annotated[str, Field(description='Such as "raw-10" or "normalized-64".')]
    place: bool
    slant: bool
    k: int
    side: Annotated[int, Field(description="Pixels of a center, each way.")]
    typical_distance: Annotated[
        float,
        Field(ge=0, description="Of a digit to its own center, the median: the yardstick of a drawing's distance."),
    ]
    clusters: list[DigitCluster]


class LessonPictures(Document):
    """The centers of one model of the lesson."""

    model: str
    pictures: Annotated[list[str], Field(description="Of cluster 0, of cluster 1, ...: as in the model's clusters.")]


class LessonDocument(Document):
    """What the lesson's readings are made of."""

    stages: Annotated[list[Stage], Field(description="The road from the lesson to the reader, in its order.")]
    copied_names: Annotated[list[str], Field(description="The copied list: the name of cluster 0, of cluster 1, ...")]
    full_ink: Annotated[float, Field(description="What the pad gives for full ink.")]
    seed: Annotated[int, Field(description="The random_state of every k-means.")]
    n_digits: int
    models: list[DigitClustersDocument]
