"""The documents of the routes that show how k-means learns."""

from typing import Annotated, Literal

from pydantic import Field

from inkmeans.checks import MAX_SEED
from inkmeans.lesson import MAX_CLUSTERS, MAX_RUNS, End, Kind, Pixels, RunStart, Start
from inkmeans.web._types import Document, Drawing

MAX_OWN_DRAWINGS = 1000
"""Of a set; how much ink they may have in all is in _limits.py."""

Count = Annotated[int, Field(ge=0)]
PixelKind = Annotated[
    Pixels, Field(description='"raw": the images as the set has them. "normalized": its normalized glyphs.')
]
SetName = Annotated[str, Field(min_length=1, max_length=100, description='As "digits".')]


class LearnSet(Document):
    """A set of glyphs that k-means can be watched on."""

    set: SetName
    title: str
    kind: Kind
    n_glyphs: Count
    pixels: list[PixelKind]
    has_truths: bool


class LearnSetList(Document):
    """The sets of this server."""

    sets: list[LearnSet]
    problems: Annotated[list[str], Field(description="Why projects cannot be used, a sentence for each.")]


class OwnDrawing(Drawing):
    """A drawing, and what it shows, where that is known."""

    truth: Annotated[str | None, Field(min_length=1, max_length=100)] = None


class OwnDrawings(Document):
    """A person's own drawings, to be clustered."""

    title: Annotated[str, Field(min_length=1, max_length=100)]
    drawings: Annotated[list[OwnDrawing], Field(min_length=1, max_length=MAX_OWN_DRAWINGS)]


class LearnGlyphs(Document):
    """The glyphs of a set that are shown as marks in the plane of two principal components."""

    set: SetName
    title: str
    pixels: PixelKind
    n_glyphs: Count
    n_marks: Count
    height: int
    width: int
    ink_max: Annotated[int, Field(description="The pixel value of full ink.")]
    rows: Annotated[str, Field(description="The number of each mark in the set: int32, little-endian, in base64.")]
    pictures: Annotated[str, Field(description="The marks, row by row: uint8, in base64.")]
    positions: Annotated[str, Field(description="x and y of each mark: float32, little-endian, in base64.")]
    explained: Annotated[tuple[float, float], Field(description="The two components' shares of the variance.")]


class LearnTruths(Document):
    """What the marks of a set show."""

    set: SetName
    truths: Annotated[list[str], Field(description='One for each mark, "" where it is not known.')]


class TraceRequest(Document):
    """What to run."""

    set: SetName
    pixels: PixelKind
    k: Annotated[int, Field(ge=2, le=MAX_CLUSTERS)]
    start: Start = "k-means++"
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    rows: Annotated[
        tuple[Count, ...], Field(max_length=MAX_CLUSTERS, description='For "hand" only: k numbers of glyphs.')
    ] = ()


class Relocated(Document):
    """A cluster that was empty, and the glyph that it was relocated to."""

    cluster: Count
    row: Count


class HalfStep(Document):
    """What one half of an iteration did; the first is the start, where no glyph is assigned yet."""

    half: Literal["start", "assignment", "update"]
    n_iter: Count
    inertia: Annotated[float | None, Field(description="None at the start.")]
    n_changed: Annotated[int, Field(description="How many glyphs went to another cluster.")]
    counts: Annotated[list[Count], Field(description="How many glyphs each cluster has, of all.")]
    came: Annotated[list[Count], Field(description="How many of those that changed came to each cluster.")]
    went: Annotated[list[Count], Field(description="How many of those that changed went from each cluster.")]
    moved: Annotated[list[float], Field(description="The Euclidean distance that each center moved, in pixel values.")]
    relocated: list[Relocated]
    labeling: Annotated[int | None, Field(description="Which of the labelings holds after it; None at the start.")]
    centering: Annotated[int, Field(description="Which of the centerings holds after it.")]


class Trace(Document):
    """A run of k-means: the start, then assignment and update in turn; the last step shows the result."""

    set: SetName
    pixels: PixelKind
    k: Count
    start: Start
    seed: Count
    initial_rows: Annotated[list[Count], Field(description="The glyphs that are the initial centers.")]
    n_iter: Count
    end: Annotated[
        End,
        Field(
            description=(
                'Why it ended: "no_change": an assignment changed nothing. "settled": the centers moved too little to '
                'count. "max_iter": too many iterations.'
            )
        ),
    ]
    steps: list[HalfStep]
    labels: Annotated[str, Field(description="The cluster of each mark, labeling by labeling: uint8, in base64.")]
    centers: Annotated[
        str,
        Field(
            description=(
                "The pixels of each center, centering by centering: uint16, little-endian, in base64; times "
                "centers_scale they are pixel values."
            )
        ),
    ]
    centers_scale: float
    positions: Annotated[
        str,
        Field(description="x and y of each center, centering by centering: float32, little-endian, in base64."),
    ]


class RunsRequest(Document):
    """Which runs to make: with each of the seeds from `seed` on, one of each kind of start."""

    set: SetName
    pixels: PixelKind
    k: Annotated[int, Field(ge=2, le=MAX_CLUSTERS)]
    n_runs: Annotated[int, Field(ge=1, le=MAX_RUNS, description="How many of each kind of start.")] = 20
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    truths: Annotated[bool, Field(description="Whether to tell how right each run is once its clusters are named.")] = (
        False
    )


class LearnRun(Document):
    """How a run ended; the trace of the same set, pixels, k, start and seed shows it."""

    start: RunStart
    seed: Count
    n_iter: Count
    inertia: float
    accuracy: Annotated[
        float | None,
        Field(
            description=(
                "The share of the glyphs that have the name of their cluster, where each cluster is given the truth of "
                "its middle image; None where truths were not asked for."
            )
        ),
    ]


class RunCenters(Document):
    """The centers that a run ended with."""

    start: RunStart
    seed: Count
    inertia: float
    height: int
    width: int
    counts: Annotated[list[Count], Field(description="How many glyphs each cluster has.")]
    names: Annotated[
        list[str | None] | None,
        Field(description="The truth of each cluster's middle image; None where truths were not asked for."),
    ]
    centers: Annotated[str, Field(description="The centers, one by one: uint8, full ink 255, in base64.")]


class RunLine(Document):
    """One run more has ended."""

    run: LearnRun


class RunsEnd(Document):
    """All runs have ended: those of the lowest and of the highest inertia, the earlier one of equal ones."""

    best: RunCenters
    worst: RunCenters
