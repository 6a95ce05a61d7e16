"""What the tests of the benchmarks need: the benchmarks, which are no part of the package."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
