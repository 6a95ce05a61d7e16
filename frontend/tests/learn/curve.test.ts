import { expect, test } from "vitest";
import { curveOf, stepAt } from "../../src/learn/curve";
import { Trace } from "../../src/learn/documents";
import { glyphs, TRACE, trace } from "./run";

test("the curve falls from the first inertia to the least", () => {
  const { points } = curveOf(trace(), 116, 10, 50);
  expect(points.map(({ x }) => x)).toEqual([8, 28, 48, 68, 88, 108]);
  expect(points[1]?.y).toBe(10);
  expect(points.at(-1)?.y).toBe(50);
});

test("each place across is its nearest half-step, beyond the ends the first and the last", () => {
  const curve = curveOf(trace(), 116, 10, 50);
  expect([-20, 8, 37, 39, 500].map((x) => stepAt(curve, x))).toEqual([0, 0, 1, 2, 5]);
});

test("a long run has no dots and few numbers", () => {
  const pair = TRACE.steps.slice(1, 3);
  const steps = [...TRACE.steps.slice(0, 1)];
  for (let n_iter = 1; n_iter <= 300; n_iter++) steps.push(...pair.map((half) => ({ ...half, n_iter })));
  const curve = curveOf(new Trace({ ...TRACE, steps }, glyphs()), 760, 10, 50);
  expect(curve.hasDots).toBe(false);
  expect(curve.ticks.length).toBeLessThan(20);
  expect(curve.ticks.map(({ n_iter }) => n_iter).slice(0, 3)).toEqual([1, 20, 40]);
});
