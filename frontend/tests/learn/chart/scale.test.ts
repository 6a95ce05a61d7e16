import { expect, test } from "vitest";
import { linear, roundBounds, roundStep, ticksBetween } from "../../../src/learn/chart/scale";

test.each([
  [10, 10, 1],
  [10, 9, 2],
  [10, 4, 5],
  [10, 1, 10],
  [0.3, 3, 0.1],
  [1234, 12, 200],
  [0, 5, 1],
])("a span of %d goes into at most %d steps of %d", (span, most, step) => {
  expect(roundStep(span, most)).toBeCloseTo(step, 12);
});

test("ticks are round, within the bounds, and no more than there is room for", () => {
  expect(ticksBetween(0, 7, 4)).toEqual([0, 2, 4, 6]);
  expect(ticksBetween(0, 8, 3)).toEqual([0, 5]);
  expect(ticksBetween(0.1, 0.35, 4)).toEqual([0.1, 0.2, 0.3]);
  expect(ticksBetween(10_130, 10_470, 4)).toEqual([10_200, 10_300, 10_400]);
  expect(ticksBetween(5, 5, 4)).toEqual([5]);
});

test("bounds are round and hold both values", () => {
  expect(roundBounds(0.553, 0.688, 4)).toEqual([0.55, 0.7]);
  expect(roundBounds(3, 3, 4)).toEqual([3, 3]);
});

test("a value lies between the places of both ends", () => {
  const place = linear([10, 20], 100, 0);
  expect([10, 15, 20].map(place)).toEqual([100, 50, 0]);
  expect(linear([4, 4], 0, 10)(4)).toBe(0);
});
