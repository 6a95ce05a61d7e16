import { expect, test } from "vitest";
import { gridOf } from "../../src/class/grid";

const SCREENS = [
  [900, 620],
  [1440, 960],
  [340, 500],
] as const;

test("whatever the number, every drawing has its place within the wall", () => {
  for (const [width, height] of SCREENS)
    for (const count of [1, 2, 17, 18, 19, 214, 999, 5000]) {
      const grid = gridOf(count, width, height);
      expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count);
      expect(grid.columns * grid.side).toBeLessThanOrEqual(width + 0.001);
      expect(grid.rows * grid.side).toBeLessThanOrEqual(height + 0.001);
    }
});

test("a drawing more seldom moves the others", () => {
  const divided = new Set<string>();
  for (let count = 1; count <= 400; count++) {
    const { columns, side } = gridOf(count, 1440, 960);
    divided.add(`${columns} ${side}`);
  }
  expect(divided.size).toBeLessThan(16);
});

test("few drawings are large, and many are smaller", () => {
  const side = (count: number) => gridOf(count, 1440, 960).side;
  expect(side(1)).toBeGreaterThan(120);
  expect(side(214)).toBeGreaterThan(60);
  expect(side(5000)).toBeGreaterThan(12);
});

test("a wall without room has no places", () => {
  expect(gridOf(10, 0, 0).side).toBe(0);
});
