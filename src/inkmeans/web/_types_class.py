"""The documents of a class that draws together: the teacher's, and those of the phones."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from inkmeans.checks import MAX_SEED
from inkmeans.lesson import DIGITS, MOST_DRAWINGS, DrawingState
from inkmeans.web._types import Coordinate, Document, Pictured, Probability

MAX_CLASS_STROKES = 64
MAX_CLASS_POINTS = 3000
"""Of one drawing, in all: half a minute of a pen that reports 100 times a second."""
MAX_CLASS_SIDE = 1024
MAX_KEY = 40

Count = Annotated[int, Field(ge=0)]
Digit = Annotated[str, Field(pattern=f"^[{DIGITS}]$")]
Side = Annotated[int, Field(ge=1, le=MAX_CLASS_SIDE)]
Title = Annotated[str, Field(min_length=1, max_length=100)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Modules = Annotated[
    list[str], Field(description='A QR code, row by row, "1" is dark; a border of four light modules goes round it.')
]


class ClassReading(Document):
    """What the class's own clusters make of a drawing."""

    text: Annotated[str, Field(description='The name, or "?" where it is not sure.')]
    confidence: Probability
    rejected: bool


class ClassDrawing(Document):
    """A drawing of the class."""

    id: Count
    phone: Annotated[int, Field(ge=1, description="The number of the phone, in order of arrival.")]
    state: DrawingState
    asked: Annotated[Digit | None, Field(description="The digit that the phone had been asked for.")]
    glyph: Annotated[Pictured | None, Field(description="None where it is not shown, and not for the desk.")]
    reading: ClassReading | None


class ClassReader(Document):
    """The named clusters that drawings are read by."""

    k: Count
    names: list[str | None]


class ClassState(Document):
    """What a class's room holds, and what changed in it since a revision."""

    is_offered: Literal[True]
    round: Annotated[str, Field(description="Another one when the class has ended: forget all drawings, ask from 0.")]
    revision: Annotated[int, Field(ge=0, description="How far this tells; ask again since it.")]
    is_open: Annotated[bool, Field(description="Whether drawings are taken.")]
    is_ended: Annotated[bool, Field(description="Whether the class has ended; opening the room begins anew.")]
    as_they_come: Annotated[bool, Field(description="Whether drawings are shown without a nod.")]
    prompts: Annotated[bool, Field(description="Whether phones are asked for digits.")]
    address: Annotated[str, Field(description="What a phone opens.")]
    code: str
    qr: Modules
    n_phones: Annotated[int, Field(ge=0, description="Those that were heard of in the last minute.")]
    n_waiting: Count
    n_shown: Count
    n_most: Annotated[int, Field(description="How many drawings the room may have.")]
    stopped: Annotated[list[int], Field(description="The numbers of the phones from which nothing more is taken.")]
    drawings: Annotated[
        list[ClassDrawing], Field(description="Those that changed, the oldest change first, at most 500.")
    ]
    reader: ClassReader | None
    kept: Annotated[str | None, Field(description="The project file that was written last.")]
    reach: Annotated[str, Field(description="Who can reach what.")]


class NoClass(Document):
    """What a server without a class says."""

    is_offered: Literal[False] = False


class MoveDrawings(Document):
    """Drawings to be shown, taken out, or to wait."""

    ids: Annotated[list[Count], Field(max_length=MOST_DRAWINGS)]
    state: DrawingState


class ClassSettings(Document):
    """What is to be changed; null leaves it."""

    is_open: bool | None = None
    as_they_come: bool | None = None
    prompts: bool | None = None


class StopPhone(Document):
    """A phone from which nothing more is taken; all its drawings are taken out."""

    phone: Annotated[int, Field(ge=1, le=MAX_SEED)]
    is_stopped: bool = True


class ReadByClusters(Document):
    """The clusters that the class named; null reads no more."""

    clustering: Annotated[str | None, Field(max_length=200)]
    names: Annotated[list[Name | None], Field(max_length=1000)] = Field(default_factory=list)


class KeepClass(Document):
    """What the project is called."""

    title: Title


class KeptClass(Document):
    """The file that was written."""

    file: str


class DeskAddress(Document):
    """What the teacher's own phone opens: good once, for a minute."""

    address: str
    qr: Modules
    seconds: Annotated[int, Field(description="How long it is good for.")]


class PhoneDrawing(Document):
    """A drawing that a phone sends; the origin is the top left corner of the box that it was drawn in."""

    strokes: Annotated[
        list[Annotated[list[tuple[Coordinate, Coordinate]], Field(min_length=1, max_length=MAX_CLASS_POINTS)]],
        Field(max_length=MAX_CLASS_STROKES),
    ]
    width: Side
    height: Side
    pen: Annotated[float, Field(allow_inf_nan=False, gt=0, le=MAX_CLASS_SIDE)]
    asked: Digit | None = None
    round: Annotated[str | None, Field(max_length=MAX_KEY, description="The class that it was drawn for.")] = None
    key: Annotated[
        str | None,
        Field(
            min_length=1, max_length=MAX_KEY, description="The phone's own name of it: sent again, it is taken once."
        ),
    ] = None

    @model_validator(mode="after")
    def _check_points(self) -> Self:
        if sum(map(len, self.strokes)) > MAX_CLASS_POINTS:
            raise ValueError(f"A drawing may have {MAX_CLASS_POINTS:,} points in all")
        return self


class PhoneTold(Document):
    """What a phone is told."""

    is_open: Annotated[bool, Field(description="Whether drawings are taken.")]
    is_ended: Annotated[bool, Field(description="Whether the class has ended, and its drawings are deleted.")]
    as_they_come: Annotated[bool, Field(description="Whether drawings are shown without the teacher's nod.")]
    ask: Annotated[Digit | None, Field(description="The digit to draw.")]
    n_sent: Count
    n_left: Count
    says: Annotated[str | None, Field(description="A sentence to show.")]
    round: Annotated[str, Field(description="Another one when the class has ended: what was kept for it is deleted.")]
    reading: ClassReading | None = None
