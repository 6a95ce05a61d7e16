"""The documents of the routes that choose a number of clusters and name them."""

from typing import Annotated

from pydantic import Field

from inkmeans.lesson import MAX_CLUSTERS, By
from inkmeans.web._limits import MAX_DRAWINGS
from inkmeans.web._types import Document, Drawing, Probability
from inkmeans.web._types_learn import Count, SetName

NumberOfClusters = Annotated[int, Field(ge=2, le=MAX_CLUSTERS)]
ClusteredBy = Annotated[
    By,
    Field(
        description=(
            '"inkmeans": as `GlyphClustering` does. "raw", "normalized": by k-means on these pixels, the best of four '
            "starts."
        )
    ),
]
GivenNames = Annotated[
    list[Annotated[str, Field(max_length=200)] | None],
    Field(max_length=MAX_CLUSTERS, description="One for each cluster; None where it has none."),
]
PictureBytes = Annotated[str, Field(description="height x width bytes, row by row, full ink 255, in base64.")]


class NumbersRequest(Document):
    """What to try numbers of clusters on."""

    set: SetName
    by: ClusteredBy
    truths: Annotated[bool, Field(description="Whether to tell the true accuracy too.")] = False


class NumbersProgress(Document):
    """What is being done."""

    doing: str
    share: Annotated[float, Field(ge=0, le=1, description="Of all the work, what is done.")]


class NumbersProgressLine(Document):
    """The work goes on."""

    progress: NumbersProgress


class TriedNumber(Document):
    """What is known of one number of clusters."""

    k: Count
    inertia: float
    silhouette: Annotated[float | None, Field(description="None where it is not defined.")]
    accuracy: Annotated[
        Probability, Field(description="To be expected once each cluster is named by its middle image.")
    ]
    low: Annotated[Probability, Field(description="An interval that holds 9 of 10 true accuracies.")]
    high: Probability
    true_accuracy: Annotated[
        Probability | None,
        Field(description="With the truth of each middle image as the name; None where truths were not asked for."),
    ]


class NumberLine(Document):
    """One number more was tried."""

    number: TriedNumber


class NumbersEnd(Document):
    """All numbers were tried."""

    suggested: Annotated[
        int, Field(description="The smallest number beyond which 10 more names bring less than half a point.")
    ]


class ClusteringRequest(Document):
    """Which clusters to make."""

    set: SetName
    by: ClusteredBy
    k: NumberOfClusters


class ClusterToName(Document):
    """A cluster, to be named by a look at it."""

    cluster: Count
    count: Count
    picture: Annotated[PictureBytes, Field(description="Its center: the mean of its images.")]
    middle: Annotated[PictureBytes, Field(description="Its middle image: the nearest to the center.")]
    likely: Annotated[
        str | None, Field(description="What the reader sees in the middle image; None where it is not sure.")
    ]


class Clustering(Document):
    """A set in clusters."""

    clustering: Annotated[str, Field(description="Its name in addresses, made of set, by and k.")]
    set: SetName
    by: ClusteredBy
    k: Count
    height: int
    width: int
    clusters: list[ClusterToName]


class NamesToCount(Document):
    """Names of clusters."""

    names: GivenNames
    truths: Annotated[bool, Field(description="Whether to tell how many images are right.")] = False


class NamesCounted(Document):
    """What names amount to."""

    n_named: Annotated[Count, Field(description="Clusters with a name.")]
    n_glyphs: Annotated[Count, Field(description="Images in them.")]
    n_right: Annotated[
        Count | None,
        Field(description="Of these, the images whose truth is the name; None where truths were not asked for."),
    ]


class ProjectRequest(Document):
    """Names of clusters, to be saved as a project."""

    title: Annotated[str, Field(min_length=1, max_length=100, description="The file is called like it.")]
    names: GivenNames


class SavedProject(Document):
    """A project file that was written."""

    file: str
    n_glyphs: Count
    n_named: Annotated[Count, Field(description="Clusters with a name.")]


class NamedDrawings(Document):
    """Drawings, to be read by the names of clusters."""

    names: GivenNames
    drawings: Annotated[list[Drawing], Field(min_length=1, max_length=MAX_DRAWINGS)]
