"""The folder where fetched data sets are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder that INKMEANS_CACHE names, or else ``inkmeans`` in the system's folder for caches.

    The same folder as ``pooch.os_cache("inkmeans")``, found without pooch: what was fetched once can be loaded where
    the extra is not installed. The folder may not exist yet.
    """
    named = os.environ.get("INKMEANS_CACHE")
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(local) / "inkmeans" / "inkmeans" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "inkmeans"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").expanduser() / "inkmeans"
