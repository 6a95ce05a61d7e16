"""What the tests of k-means share."""

import pytest

from inkmeans import _core


@pytest.fixture(params=["scalar", "avx2", "avx512"])
def isa(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each instruction set in turn, forced; those that this processor has not are skipped."""
    if request.param not in _core.isa_available():
        pytest.skip(f"this processor has no {request.param}")
    monkeypatch.setenv("INKMEANS_ISA", request.param)
    return str(request.param)
