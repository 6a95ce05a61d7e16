import { expect, test } from "vitest";
import { SAMPLES } from "../../src/draw/samples";
import { SIDE, toPath } from "../../src/lib/strokes";

const PEN = 18;

test("there is a sample of each digit, and no two are the same", () => {
  expect(SAMPLES).toHaveLength(10);
  expect(new Set(SAMPLES.map(toPath))).toHaveProperty("size", 10);
});

test("only the 4 lifts the pen", () => {
  expect(SAMPLES.map((strokes) => strokes.length)).toEqual([1, 1, 1, 1, 2, 1, 1, 1, 1, 1]);
});

test.each(SAMPLES.map((strokes, digit) => ({ digit, strokes })))(
  "$digit lies in the box, pen and all",
  ({ strokes }) => {
    for (const value of strokes.flat(2)) {
      expect(value).toBeGreaterThanOrEqual(PEN / 2);
      expect(value).toBeLessThanOrEqual(SIDE - PEN / 2);
    }
  },
);

test.each(SAMPLES.map((strokes, digit) => ({ digit, strokes })))(
  "$digit is a line without gaps",
  ({ strokes }) => {
    for (const stroke of strokes) {
      const gaps = stroke.slice(1).map((point, index) => {
        const before = stroke[index] ?? point;
        return Math.hypot(point[0] - before[0], point[1] - before[1]);
      });
      expect(Math.max(...gaps)).toBeLessThan(PEN);
      expect(Math.min(...gaps)).toBeGreaterThan(0);
    }
  },
);
