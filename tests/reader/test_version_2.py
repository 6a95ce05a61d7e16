"""Model files of version 2, written by the code that wrote them, open as before."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import inkmeans
from inkmeans import Reader

FOLDER = Path(__file__).parent / "version_2"
IMAGES = load_digits().images[:5]
EXPECTED = {  # by the code that wrote them
    "patches": [[0.30754, 0.2723, 0.42016], [0.04107, 0.65603, 0.3029], [0.01677, 0.15626, 0.82697],
                [0.20133, 0.19402, 0.60466], [0.18673, 0.50262, 0.31065]],
    "pixels": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.00266, 0.86651, 0.13083],
               [0.00123, 0.913, 0.08577], [0.00022, 0.17771, 0.82207]],
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_file_of_version_2_reads_as_before_and_is_saved_as_version_3(kind: str, tmp_path: Path) -> None:
    assert b'\\"version\\": 2' in (FOLDER / f"{kind}.safetensors").read_bytes()
    reader = inkmeans.load(FOLDER / f"{kind}.safetensors")
    np.testing.assert_allclose(reader.predict_proba(IMAGES), EXPECTED[kind], atol=1e-4)
    reader.save(tmp_path / "3.safetensors")
    data = (tmp_path / "3.safetensors").read_bytes()
    header = json.loads(json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]["inkmeans"])
    assert header["version"] == 3
    assert not header.keys() & {"names", "step", "width", "doubt"}
    again = inkmeans.load(tmp_path / "3.safetensors")
    assert again.predict_proba(IMAGES).tobytes() == reader.predict_proba(IMAGES).tobytes()
    assert again.trained_on_ == reader.trained_on_
    assert again.explain(IMAGES[3]).alike == () or kind == "patches"


def test_what_version_2_did_not_keep_is_told_from_what_it_did() -> None:
    patches, pixels = (inkmeans.load(FOLDER / f"{kind}.safetensors") for kind in EXPECTED)
    assert (patches.quality, patches.features) == ("best", "patches")  # five views
    assert (pixels.quality, pixels.features) == ("fast", "pixels")
    assert patches.classes_.tolist() == ["a", "b", "ü"]
    assert [near.name for near in patches.explain(IMAGES[3]).alike] == ["ü", "ü", "a", "a", "b"]
    for reader in (patches, pixels):
        assert (reader.centers_per_name, reader.max_error) == (Reader().centers_per_name, Reader().max_error)
