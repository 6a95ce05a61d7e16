"""The models: their centers, and the names of the lesson's ten clusters, which can be changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from inkmeans.lesson import N_CLUSTERS, Lesson
from inkmeans.web._models import Models
from inkmeans.web._routes_read import picture_text, require_json
from inkmeans.web._types import Center, Centers, LessonNames, Model, ModelList, ModelName, Name

MAX_CENTERS = 1000


def model_routes(models: Models) -> APIRouter:
    """Return the routes that show the models and rename the lesson's clusters."""
    router = APIRouter(prefix="/models", tags=["models"])

    @router.get("")
    def list_models() -> ModelList:
        """List the models."""
        return ModelList(
            models=[
                Model(
                    model=model,
                    title=models.titles[model],
                    centers=len(reader.centers_.counts),
                    names=reader.names_.tolist(),
                )
                for model, reader in models.readers().items()
            ]
        )

    @router.get("/{model}/centers")
    def list_centers(
        model: ModelName,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_CENTERS)] = 100,
    ) -> Centers:
        """List some of a model's centers with their pictures and names."""
        reader = models.readers()[model]
        centers = reader.centers_
        total = len(centers.counts)
        return Centers(
            model=model,
            total=total,
            offset=offset,
            centers=[
                Center(
                    cluster=cluster,
                    name=str(reader.names_[centers.classes[cluster]]),
                    count=int(centers.counts[cluster]),
                    picture=picture_text(centers.pictures[cluster]),
                )
                for cluster in range(offset, min(offset + limit, total))
            ],
        )

    @router.get("/lesson/names")
    def list_names() -> LessonNames:
        """List the names of the lesson's clusters."""
        return _names(models.lesson())

    @router.put("/lesson/names/{cluster}", dependencies=[Depends(require_json)])
    def rename(cluster: Annotated[int, Path(ge=0, lt=N_CLUSTERS)], name: Name) -> LessonNames:
        """Give one of the lesson's clusters a name; several clusters may have the same."""
        lesson = models.lesson()
        lesson.rename(cluster, name.name)
        return _names(lesson)

    @router.delete("/lesson/names")
    def reset_names() -> LessonNames:
        """Give the lesson's clusters their proposed names back."""
        lesson = models.lesson()
        lesson.reset()
        return _names(lesson)

    return router


def _names(lesson: Lesson) -> LessonNames:
    named = lesson.named
    return LessonNames(names=list(named.names), proposed=list(lesson.found.proposed), right=named.right)
