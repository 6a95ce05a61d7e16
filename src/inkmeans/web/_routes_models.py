"""The reader: its title, its names, its centers."""

from typing import Annotated

from fastapi import APIRouter, Query

from inkmeans.web._models import Models
from inkmeans.web._routes_read import picture_text
from inkmeans.web._types import Center, Centers, Model, ModelList, ModelName

MAX_CENTERS = 1000


def model_routes(models: Models) -> APIRouter:
    """Return the routes that show the models."""
    router = APIRouter(prefix="/models", tags=["models"])

    @router.get("")
    def list_models() -> ModelList:
        """List the models."""
        reader = models.reader()
        return ModelList(
            models=[
                Model(
                    model="reader",
                    title=models.title,
                    centers=len(reader.centers_.counts),
                    names=reader.names_.tolist(),
                )
            ]
        )

    @router.get("/{model}/centers")
    def list_centers(
        model: ModelName,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_CENTERS)] = 100,
    ) -> Centers:
        """List some of a model's centers with their pictures and names."""
        reader = models.reader()
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

    return router
