"""The page and the JSON interface of ``inkmeans serve``; nothing is computed here, the stages are called.

FastAPI and uvicorn come with the extra ``[web]`` and load when `create_app` or `serve` is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from inkmeans.errors import MissingExtraError

if TYPE_CHECKING:
    from inkmeans.web._app import create_app
    from inkmeans.web._class_serve import ClassPlace
    from inkmeans.web._serve import serve
    from inkmeans.web._static import find_static

__all__ = ["ClassPlace", "create_app", "find_static", "serve"]

_HOME = {
    "ClassPlace": "inkmeans.web._class_serve",
    "create_app": "inkmeans.web._app",
    "find_static": "inkmeans.web._static",
    "serve": "inkmeans.web._serve",
}
_EXTRA = {"fastapi", "segno", "h11", "starlette", "pydantic", "uvicorn", "python_multipart"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'inkmeans.web' has no attribute '{name}'; it has {', '.join(__all__)}.")
    try:
        return getattr(import_module(_HOME[name]), name)
    except ModuleNotFoundError as error:
        if error.name in _EXTRA:
            raise MissingExtraError("The page of inkmeans", "web") from error
        raise
