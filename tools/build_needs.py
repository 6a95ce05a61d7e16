"""Print the packages that pyproject.toml says the build needs, one a line; cmake too where this machine has none."""

import shutil
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
print(*project["build-system"]["requires"], *([] if shutil.which("cmake") else ["cmake"]), sep="\n")
