"""A process is killed for real, at a random moment, again and again: what it acknowledged is there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from inkmeans.errors import FileError
from inkmeans.naming import Project

pytestmark = pytest.mark.slow  # processes that work for a while before they are killed

CHILD = Path(__file__).with_name("crash_child.py")


def alive(line):
    assert line.endswith("\n") and line.strip(), "the child ended by itself"
    return line.strip()


class Mother:
    """A process whose children do steps, and are killed."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # so that there is one thread to fork
        )
        self.child = 0

    def start(self, *args):
        """Have a child begin, and wait until it is ready."""
        self.process.stdin.write(json.dumps([str(arg) if isinstance(arg, Path) else arg for arg in args]) + "\n")
        self.process.stdin.flush()
        word, pid = alive(self.process.stdout.readline()).split()
        assert word == "ready"
        self.child = int(pid)

    def kill(self):
        """Kill the child; return the lines that it had printed and nobody had read."""
        os.kill(self.child, signal.SIGKILL)
        lines = []
        while not (line := self.process.stdout.readline()).startswith("ended"):
            assert line, "the mother ended"
            lines.append(line.strip())
        assert line == "ended -9\n"
        return lines[:-1]  # a line without its end was not acknowledged

    def run_and_kill(self, *args, lines, wait):
        """Return the lines that a child printed before it was killed: `wait` seconds after it had printed `lines`."""
        self.start(*args)
        seen = [alive(self.process.stdout.readline()) for _ in range(lines)]
        time.sleep(wait)
        return seen + self.kill()

    def close(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def mothers():
    """Return two of them."""
    mothers = [Mother(), Mother()]
    yield mothers
    for mother in mothers:
        mother.close()


@pytest.fixture
def run_and_kill(mothers):
    return mothers[0].run_and_kill


@pytest.fixture
def twenty(path):
    """Return the path of a project of 20 bars in 10 clusters."""
    images = np.zeros((20, 28, 28), dtype=np.uint8)
    for i in range(20):
        images[i, 4:24, 4 + i // 4 : 8 + i] = 255
    with Project.create(path, images) as project:
        project.cluster(10)
    return path


def test_no_acknowledged_name_is_lost(twenty, run_and_kill):
    chance = random.Random(1)
    expected = 0
    for _ in range(10):
        acknowledged = run_and_kill("name", twenty, expected, lines=chance.randrange(40), wait=chance.random() / 50)
        assert [int(line) for line in acknowledged] == list(range(expected, expected + len(acknowledged)))
        expected += len(acknowledged)
        with Project.open(twenty) as project:
            given = [step.detail["names"] for step in project.history[1:]]
            assert len(given) in (expected, expected + 1)  # the last may be saved and not yet acknowledged
            assert given == [{str(i % 10): f"name {i}"} for i in range(len(given))]
            expected = len(given)
            names = [cluster.name for cluster in project.clusters]
            assert names == [
                f"name {max(range(number, expected, 10))}" if number < expected else None for number in range(10)
            ]
        assert sorted(twenty.parent.iterdir()) == [twenty]
    assert expected > 20


def test_no_acknowledged_undo_or_redo_is_lost(twenty, run_and_kill):
    chance = random.Random(2)
    with Project.open(twenty) as project:
        project.name(0, "a")
    for _ in range(4):
        *_, last = run_and_kill("undo", twenty, lines=1 + chance.randrange(20), wait=chance.random() / 50)
        with Project.open(twenty) as project:
            status = project.history[1].status
            assert status in ("done", "undone")
            markers = project._replay.history.last_number - 2
            assert (status == "undone") == (markers % 2 == 1)
            assert last.startswith(("undo 2", "redo 2"))
            if status == "undone":
                project.redo()


def test_a_kill_while_clustering_leaves_whole_clusterings(twenty, run_and_kill):
    chance = random.Random(3)
    sizes = [10]
    for _ in range(4):
        acknowledged = run_and_kill("cluster", twenty, lines=chance.randrange(4), wait=chance.random() / 20)
        with Project.open(twenty) as project:
            steps = [step.detail["n_clusters"] for step in project.history]
            kept = len(sizes) + len(acknowledged)
            assert steps[:kept] == sizes + [int(line) for line in acknowledged]
            assert len(steps) <= kept + 1
            assert len(project.clusters) == steps[-1]
            assert sorted(np.concatenate([cluster.members for cluster in project.clusters])) == list(range(20))
            sizes = steps


def test_a_kill_while_creating_leaves_no_half_project(path, run_and_kill):
    chance = random.Random(4)
    there = False
    early = [(0, milliseconds / 1000) for milliseconds in range(4)]  # the first file takes about 5
    for lines, wait in early + [(chance.randrange(2), chance.random() / 5) for _ in range(6)]:
        acknowledged = run_and_kill("create", path, lines=lines, wait=wait)
        there = there or bool(acknowledged)
        try:
            with Project.open(path) as project:
                assert len(project) in (60, 90)
                assert project.glyphs.any(axis=(1, 2)).all()
                assert [image.shape for image in project.images] == [(28, 28)] * len(project)
        except FileError as error:
            assert not there, error
            assert not path.exists()
    assert there


def test_two_processes_that_name_at_once_lose_nothing(twenty, mothers):
    for mother, first in zip(mothers, (0, 1000), strict=True):
        mother.start("name", twenty, first)
    printed = [[alive(mother.process.stdout.readline()) for _ in range(30)] for mother in mothers]
    printed = [lines + mother.kill() for lines, mother in zip(printed, mothers, strict=True)]
    with Project.open(twenty) as project:
        saved = [name for step in project.history[1:] for name in step.detail["names"].values()]
    for first, lines in zip((0, 1000), printed, strict=True):
        acknowledged = [int(line) for line in lines]
        assert acknowledged == list(range(first, first + len(acknowledged)))
        mine = [name for name in saved if (int(name.split()[1]) >= 1000) == (first == 1000)]
        assert mine[: len(acknowledged)] == [f"name {i}" for i in acknowledged]
