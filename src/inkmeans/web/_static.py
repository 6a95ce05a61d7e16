"""Where the built page is; this needs none of the extra's packages."""

from importlib import import_module
from pathlib import Path

PAGE_MISSING = (
    "This build of inkmeans has no page because Node was missing when it was built; "
    "install Node 20.19 or newer with npm, then build again with: pip install --force-reinstall --no-deps '.[web]'"
)


def find_static() -> Path | None:
    """Return the folder with the built page, or None where the package was built without Node."""
    # An editable install has two folders for one package: the source and what was built.
    folders = [Path(folder) / "static" for folder in import_module("inkmeans.web").__path__]
    return next((folder for folder in folders if (folder / "index.html").is_file()), None)
