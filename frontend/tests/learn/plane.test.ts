import { expect, test } from "vitest";
import { markBeside, nearestMark } from "../../src/learn/plane/nearest";
import { changedMarks, pictureAt } from "../../src/learn/plane/picture";
import { makeRoom } from "../../src/learn/plane/room";
import { along, bend, legsUpTo } from "../../src/learn/plane/trails";
import { carry, FIT, Fit, markSide, moveBy, reveal, seen, zoomAt } from "../../src/learn/plane/view";
import { trace } from "./run";

const SIZE = { width: 200, height: 100 };

test("at fit all marks are inside the padding, the second component upward", () => {
  const points = Float32Array.of(-1, -5, 3, 5, 1, 0);
  const places = new Fit(points, SIZE, 10, 20).place(points);
  expect([...places]).toEqual([10, 70, 190, 10, 100, 40]);
});

test("marks at one place lie in the middle", () => {
  const points = Float32Array.of(2, 2, 2, 2);
  expect([...new Fit(points, SIZE, 10, 0).place(points)]).toEqual([100, 50, 100, 50]);
});

test("zooming keeps the point under the pointer where it is", () => {
  const view = zoomAt(FIT, 4, 50, 20, SIZE);
  expect(view.zoom).toBe(4);
  expect([...seen(Float32Array.of(50, 20), view)]).toEqual([50, 20]);
});

test("no view goes beyond the plane at fit", () => {
  expect(zoomAt(FIT, 0.2, 50, 20, SIZE)).toEqual(FIT);
  const view = zoomAt(FIT, 2, 0, 0, SIZE);
  expect(moveBy(view, 500, 500, SIZE)).toEqual({ zoom: 2, x: 0, y: 0 });
  expect(moveBy(view, -500, -500, SIZE)).toEqual({ zoom: 2, x: -200, y: -100 });
});

test("a mark beyond the edge comes into sight, one in sight moves nothing", () => {
  const view = zoomAt(FIT, 2, 0, 0, SIZE);
  expect(reveal(view, 50, 25, SIZE, 10)).toEqual(view);
  expect(reveal(view, 150, 25, SIZE, 10)).toEqual({ zoom: 2, x: -110, y: 0 });
});

test("what was painted for one view is stretched to another", () => {
  expect(carry(FIT, FIT)).toBe("none");
  expect(carry({ zoom: 2, x: -10, y: -20 }, { zoom: 4, x: -30, y: -50 })).toBe(
    "matrix(2, 0, 0, 2, -10, -10)",
  );
});

test("the nearest mark within reach is under the pointer", () => {
  const places = Float32Array.of(0, 0, 10, 0, 10, 0);
  expect(nearestMark(places, 8, 0, 5)).toBe(2);
  expect(nearestMark(places, 1, 1, 5)).toBe(0);
  expect(nearestMark(places, 50, 50, 5)).toBeNull();
});

test("arrow keys go to the next mark ahead, and stay at the edge", () => {
  const places = Float32Array.of(0, 0, 10, 1, 4, 30, 0, -7);
  expect(markBeside(places, 0, "ArrowRight")).toBe(1);
  expect(markBeside(places, 0, "ArrowDown")).toBe(2);
  expect(markBeside(places, 0, "ArrowUp")).toBe(3);
  expect(markBeside(places, 0, "ArrowLeft")).toBe(0);
});

test("tiles do not cover each other where there is room, and stay in the box", () => {
  const places = Float32Array.from({ length: 24 }, (_, i) => (i % 2 ? 50 : 100) + (i % 5));
  const free = makeRoom(places, 20, { width: 300, height: 200 });
  for (let i = 0; i < free.length; i += 2) {
    expect(free[i]).toBeGreaterThanOrEqual(10);
    expect(free[i + 1]).toBeLessThanOrEqual(190);
    for (let j = i + 2; j < free.length; j += 2) {
      const [dx, dy] = [i, i + 1].map((at) => Math.abs((free[at] as number) - (free[at + j - i] as number)));
      expect(Math.max(dx as number, dy as number)).toBeGreaterThan(19);
    }
  }
  expect(makeRoom(places, 20, { width: 300, height: 200 })).toEqual(free);
});

test("tiles that have room stay where they belong", () => {
  const places = Float32Array.of(60, 50, 120, 50);
  expect(makeRoom(places, 20, SIZE)).toEqual(places);
});

test("a center's way has a leg for each update that moved it", () => {
  expect(legsUpTo(trace(), 1)).toEqual([]);
  const legs = legsUpTo(trace(), 5);
  expect(legs.map(({ cluster, step }) => [cluster, step])).toEqual([
    [1, 2],
    [0, 4],
    [1, 4],
  ]);
  expect(legs.every(({ jumped }) => !jumped)).toBe(true);
});

test("the arc of a jump begins and ends where the center was and is", () => {
  const [x] = bend(0, 0, 10, 0);
  expect([along(0, x, 10, 0), along(0, x, 10, 1)]).toEqual([0, 10]);
  expect(bend(0, 0, 10, 0)[1]).toBeLessThan(0);
});

test("pictures that look alike have one key", () => {
  const run = trace();
  expect(pictureAt(run, 1, null, false).key).toBe(pictureAt(run, 2, null, false).key);
  expect(pictureAt(run, 2, null, false).key).not.toBe(pictureAt(run, 3, null, false).key);
  expect(pictureAt(run, 2, 1, false).key).not.toBe(pictureAt(run, 2, null, false).key);
  expect(pictureAt(run, 2, 1, true).key).toBe(pictureAt(trace(), 0, null, false).key);
});

test("what changed is outlined, but not in the first assignment, where all did", () => {
  expect(changedMarks(trace(), 1)).toEqual([]);
  expect(changedMarks(trace(), 3)).toEqual([1]);
});

test("few marks are drawn larger than many, and none is drawn too small to see", () => {
  const size = { width: 816, height: 510 };
  expect(markSide(size, 28, 1)).toBe(36);
  expect(markSide(size, 600, 1)).toBe(26);
  expect(markSide(size, 2000, 1)).toBeCloseTo(15.1, 1);
  expect(markSide({ width: 320, height: 330 }, 2000, 1)).toBe(13);
});
