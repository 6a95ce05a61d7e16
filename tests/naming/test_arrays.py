import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, floating_dtypes, integer_dtypes

from inkmeans.naming._arrays import pack, unpack

ANY = arrays(
    st.one_of(st.just(np.dtype(bool)), integer_dtypes(endianness="?"), floating_dtypes(endianness="?")),
    array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6),
)


@given(st.dictionaries(st.text(max_size=5), ANY, max_size=3))
def test_arrays_come_back_with_dtype_shape_and_every_bit(given_arrays):
    back = unpack(*pack(given_arrays))
    assert list(back) == list(given_arrays)
    for name, array in given_arrays.items():
        assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
        assert back[name].tobytes() == array.tobytes()


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (None, "the list of its arrays is missing"),
        (["a"], "the list of its arrays is not one"),
        ([{"name": "a", "dtype": "|u1", "shape": "4"}], "array 'a' has no shape"),
        ([{"name": "a", "dtype": "|u1", "shape": [-4]}], "array 'a' has no shape"),
        ([{"name": "a", "dtype": "|O8", "shape": [4]}], "array 'a' has dtype '|O8', which is not a plain number"),
        ([{"name": "a", "dtype": ",", "shape": [4]}], "array 'a' has dtype ',', which is not a plain number"),
        ([{"name": "a", "dtype": "|u1", "shape": [5]}], "its arrays need 5 bytes, the file has 4 left"),
        ([{"name": "a", "dtype": "|u1", "shape": [3]}], "its arrays need 3 bytes, the file has 4 or more left"),
        (
            [{"name": "a", "dtype": "<f8", "shape": [1 << 40]}],
            "its arrays claim 8,796,093,022,208 bytes, more than the 2,147,483,648 that are allowed",
        ),
    ],
)
def test_a_layout_that_does_not_fit_is_refused(layout, message):
    with pytest.raises(ValueError) as caught:
        unpack(layout, zlib.compress(b"abcd"))
    assert str(caught.value) == message


def test_bytes_that_were_cut_off_are_refused():
    layout, data = pack({"a": np.arange(9, dtype=np.int32)})
    for length in range(len(data)):
        with pytest.raises(ValueError, match=r"its bytes end before|the file has \d+ left"):
            unpack(layout, data[:length])


def test_every_flipped_bit_is_found():
    layout, data = pack({"a": np.arange(9, dtype=np.int32)})
    for i in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[i] ^= 1 << bit
            try:
                back = unpack(layout, bytes(flipped))["a"]
            except ValueError:
                continue
            assert (back == np.arange(9)).all()  # a bit that means nothing, such as zlib's note on its level
