import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import FileError, InputError
from inkmeans.names import is_name
from inkmeans.naming import parse_names_csv, read_names_csv, write_names_csv


@pytest.mark.parametrize(
    "text",
    [
        "cluster,name\n0,7\n1,ೞ\n",
        "0,7\n1,ೞ",
        "\ufeffcluster,name\r\n0,7\r\n1,ೞ\r\n",
        "\n\n0;7\n\n1; ೞ \n",
        "Cluster\tName\n1\tೞ\n0\t7\n",
        'name,size,cluster\n7,12,0\n"ೞ",3,1\n',
        "0,7\n,\n1,ೞ\n",
    ],
)
def test_a_list_is_read_however_a_spreadsheet_writes_it(text, tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes(text.encode())
    assert read_names_csv(path) == {0: "7", 1: "ೞ"}
    assert parse_names_csv(text) == {0: "7", 1: "ೞ"}


def test_an_empty_name_takes_one_away_and_what_is_not_listed_is_left():
    assert parse_names_csv("cluster,name\n0,7\n2,\n3, \n") == {0: "7", 2: None, 3: None}


def test_a_name_may_hold_the_mark_that_parts_columns():
    assert parse_names_csv('0,"a,b"\n1,a;b\n') == {0: "a,b", 1: "a;b"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cluster,name\n0,7\nx,8\n", "names.csv line 3: a cluster is a whole number from 0; got 'x'."),
        ("0,7\n-1,8\n", "names.csv line 2: a cluster is a whole number from 0; got '-1'."),
        ("0,7\n1\n", "names.csv line 2: expected a cluster and a name; got 1 column."),
        ("0,7\n1,2\n0,8\n", "names.csv line 3: cluster 0 was already listed in line 1."),
        ("0,7,9\n", "names.csv line 1: without a header there must be 2 columns, cluster and name; got 3."),
        ("cluster,count\n", "names.csv line 1: the header must hold both 'cluster' and 'name'; got cluster, count."),
        (
            "0,7\n1,?\n",
            "names.csv line 2: a name must not be '?', which means that the reader rejects; leave the cluster unnamed"
            " instead.",
        ),
        ("0,a\x00b\n", "names.csv line 1: a name must not hold control characters; got U+0000."),
        (f"0,{'x' * 65}\n", "names.csv line 1: a name must have at most 64 characters; got 65."),
        (
            "cluster,name\n",
            "names.csv lists no clusters; each line should hold a cluster's number and its name, as in 3,7.",
        ),
        ("", "names.csv lists no clusters; each line should hold a cluster's number and its name, as in 3,7."),
    ],
)
def test_a_wrong_line_is_named(text, message):
    with pytest.raises(InputError) as caught:
        parse_names_csv(text)
    assert str(caught.value) == message


def test_a_cell_that_is_too_large_is_refused():
    with pytest.raises(InputError, match=re.escape("names.csv line 2: not a CSV row (field larger than field limit")):
        parse_names_csv(f"0,7\n1,{'x' * 200_000}\n")


def test_other_encodings_are_refused_with_the_line(tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes("0,7\n1,é\n".encode("latin-1"))
    with pytest.raises(InputError) as caught:
        read_names_csv(path)
    assert str(caught.value) == f"{path} line 2: byte 0xe9 is not UTF-8; save the file as 'CSV UTF-8'."
    path.write_bytes("0,7\n".encode("utf-16"))
    with pytest.raises(InputError, match=re.escape("names.csv line 1: byte 0xff is not UTF-8")):
        read_names_csv(path)


def test_a_missing_list_is_a_file_error(tmp_path):
    with pytest.raises(FileError) as caught:
        read_names_csv(tmp_path / "none.csv")
    assert str(caught.value) == f"{tmp_path / 'none.csv'} cannot be read: No such file or directory."
    with pytest.raises(FileError) as caught:
        write_names_csv(tmp_path / "none" / "names.csv", {0: "7"})
    assert (
        str(caught.value)
        == f"{tmp_path / 'none' / 'names.csv'} cannot be written: there is no folder {tmp_path / 'none'}."
    )


def test_a_written_list_has_a_line_for_each_cluster(tmp_path):
    path = tmp_path / "names.csv"
    write_names_csv(path, {2: "b,c", 0: "7", 1: None})
    assert path.read_text(encoding="utf-8") == 'cluster,name\n0,7\n1,\n2,"b,c"\n'
    assert list(tmp_path.iterdir()) == [path]


@settings(max_examples=50)
@given(st.dictionaries(st.integers(0, 999), st.text(min_size=1, max_size=64).filter(is_name), min_size=1, max_size=9))
def test_what_was_written_is_read_back(tmp_path_factory, names):
    path = tmp_path_factory.getbasetemp() / "written.csv"
    write_names_csv(path, names)
    assert read_names_csv(path) == names


def test_a_link_stays_and_what_it_stands_for_is_written(tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "names.csv")
    write_names_csv(tmp_path / "link.csv", {0: "7"})
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "names.csv").read_text() == "cluster,name\n0,7\n"
