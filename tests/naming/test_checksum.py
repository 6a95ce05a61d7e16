import zlib

from hypothesis import given
from hypothesis import strategies as st

from inkmeans.naming._checksum import checksum


def test_by_hand():
    assert checksum(7, "ab", b"\xff", None) == zlib.crc32(b"n1:7t2:abb1:\xffn4:None")


@given(st.lists(st.one_of(st.binary(), st.text(), st.integers(), st.none()), max_size=4), st.data())
def test_any_other_row_has_another_checksum(row, data):
    other = data.draw(st.lists(st.one_of(st.binary(), st.text(), st.integers(), st.none()), max_size=4))
    same = [(type(part), part) for part in row] == [(type(part), part) for part in other]
    assert (checksum(*row) == checksum(*other)) == same


def test_bytes_text_and_numbers_of_one_look_differ():
    assert len({checksum(*row) for row in [("name",), (b"name",), ("na", "me"), ("",), (b"",), ("1",), (1,)]}) == 7
