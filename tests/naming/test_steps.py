import json

import pytest

from inkmeans.errors import ProjectError
from inkmeans.naming._checksum import checksum
from inkmeans.naming._steps import History, Record


def history(*steps):
    replayed = History("bars.ink")
    replayed.replay(Record.of(i, kind, detail, "2026-01-01T00:00:00Z") for i, (kind, detail) in enumerate(steps, 1))
    return replayed


CLUSTER = ("cluster", {"n_clusters": 2})


def name(number, text):
    return "name", {"names": {str(number): text}}


def undo(number):
    return "undo", {"step": number}


def redo(number):
    return "redo", {"step": number}


def numbers(steps):
    return [step.number for step in steps]


def test_undo_and_redo_walk_along_one_line():
    walked = history(CLUSTER, name(0, "a"), name(1, "b"), undo(3), undo(2), redo(2))
    assert (numbers(walked.done), numbers(walked.undone)) == ([1, 2], [3])


def test_a_step_after_an_undo_closes_the_branch_and_deletes_nothing():
    walked = history(CLUSTER, name(0, "a"), name(1, "b"), undo(3), undo(2), redo(2), name(0, "c"))
    assert (numbers(walked.done), walked.undone) == ([1, 2, 7], [])
    assert [(step.number, step.status) for step in walked.steps()] == [
        (1, "done"),
        (2, "done"),
        (3, "closed"),
        (7, "done"),
    ]


def test_a_step_says_what_it_did():
    steps = history(
        CLUSTER,
        name(0, "a"),
        name(0, None),
        ("name", {"names": {"0": "a", "1": "b"}}),
        ("name", {"names": {str(i): "x" for i in range(4)}}),
    ).steps()
    assert [str(step) for step in steps] == [
        "2 clusters",
        "cluster 0 named a",
        "cluster 0 unnamed",
        "cluster 0 named a, cluster 1 named b",
        "names for 4 clusters",
    ]


def damaged(what):
    return f"bars.ink is damaged: step {what}; restore the file from a copy."


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (undo(1), damaged("3 is the undo of step 1, which was not its turn")),
        (redo(2), damaged("3 is the redo of step 2, which was not its turn")),
        (("undo", {"step": "2"}), damaged("3 does not hold what a step of kind 'undo' must")),
        (("name", {"names": []}), damaged("3 does not hold what a step of kind 'name' must")),
        (("name", {"names": {"0": "?"}}), damaged("3 does not hold what a step of kind 'name' must")),
        (("name", {"names": {"0": "\x1b[2J"}}), damaged("3 does not hold what a step of kind 'name' must")),
        (("name", {"names": {"-1": "a"}}), damaged("3 does not hold what a step of kind 'name' must")),
        (("cluster", {"n_clusters": True}), damaged("3 does not hold what a step of kind 'cluster' must")),
        (("cluster", []), damaged("3 does not hold what a step of kind 'cluster' must")),
        (
            ("split", {}),
            "bars.ink: step 3 is of kind 'split', which this version of inkmeans does not know; a newer one wrote it,"
            " so upgrade: pip install -U inkmeans",
        ),
    ],
)
def test_a_step_that_cannot_follow_is_refused(step, message):
    with pytest.raises(ProjectError) as caught:
        history(CLUSTER, name(0, "a"), step)
    assert str(caught.value) == message


def test_a_missing_or_changed_row_is_found():
    first, second, third = (Record.of(i, "cluster", {"n_clusters": 2}, "now") for i in (1, 2, 3))
    with pytest.raises(ProjectError) as caught:
        History("bars.ink").replay([first, third])
    assert str(caught.value) == damaged("2 is missing (the next is 3)")
    changed = Record(2, "cluster", '{"n_clusters":3}', "now", second.crc32)
    with pytest.raises(ProjectError) as caught:
        History("bars.ink").replay([first, changed])
    assert str(caught.value) == damaged("2 fails its checksum")
    with pytest.raises(ProjectError) as caught:
        History("bars.ink").replay([Record(1, "cluster", b"\xff", "now", 0)])
    assert str(caught.value) == damaged("1 fails its checksum")


@pytest.mark.parametrize("detail", ["{", "[" * 100_000, json.dumps("text")])
def test_what_is_not_json_is_refused(detail):
    crc32 = checksum(1, "cluster", detail, "now")
    with pytest.raises(ProjectError) as caught:
        History("bars.ink").replay([Record(1, "cluster", detail, "now", crc32)])
    assert str(caught.value) == damaged("1 does not hold what a step of kind 'cluster' must")
