"""Whether the server lives, and whether it is ready to read."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from inkmeans import __version__
from inkmeans.web._models import Models


def health_routes(models: Models) -> APIRouter:
    """Return ``/healthz`` and ``/readyz``."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """Say that the server lives."""
        return {"status": "alive", "version": __version__}

    @router.get("/readyz")
    def readyz() -> dict[str, str]:
        """Say that both models are loaded; 503 before that."""
        if models.failure is not None:
            raise models.failure
        if not models.are_ready:
            raise HTTPException(503, "The models are still loading; ask again in a second.", {"Retry-After": "1"})
        return {"status": "ready", "version": __version__}

    return router
