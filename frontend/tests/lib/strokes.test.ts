import { describe, expect, test } from "vitest";
import { extend, isTap, type Point, paint, round, type Stroke, toPath } from "../../src/lib/strokes";

const PEN = 18;

/** A canvas that writes down what is painted. */
function recorder() {
  const calls: [string, ...number[]][] = [];
  const note =
    (name: string) =>
    (...values: number[]) => {
      calls.push([name, ...values]);
    };
  const names = ["beginPath", "moveTo", "lineTo", "arc", "fill", "stroke"];
  const canvas = Object.fromEntries(names.map((name) => [name, note(name)]));
  return { canvas: canvas as unknown as CanvasRenderingContext2D, calls };
}

describe("a stroke", () => {
  const stroke: Stroke = [[10, 10]];

  test("grows by points that are a unit or more from its end", () => {
    expect(extend(stroke, [11, 10])).toEqual([
      [10, 10],
      [11, 10],
    ]);
    expect(extend(stroke, [10.6, 10.6])).toBe(stroke);
    expect(extend([], [3, 4])).toEqual([[3, 4]]);
  });

  test("is not changed where it grows", () => {
    extend(stroke, [20, 20]);
    expect(stroke).toEqual([[10, 10]]);
  });
});

describe("a tap", () => {
  test("is narrower and lower than the pen", () => {
    expect(isTap([[[50, 50]]], PEN)).toBe(true);
    expect(isTap([[[50, 50]], [[50 + PEN - 1, 50 + PEN - 1]]], PEN)).toBe(true);
    expect(isTap([[[50, 50]], [[50 + PEN, 50]]], PEN)).toBe(false);
    expect(isTap([[[50, 50]], [[50, 50 + PEN]]], PEN)).toBe(false);
  });

  test("is painted as a round dot as wide as the pen", () => {
    const { canvas, calls } = recorder();
    paint(canvas, [[[50, 60]]], PEN);
    expect(calls).toContainEqual(["arc", 50, 60, PEN / 2, 0, 2 * Math.PI]);
    expect(calls.map(([name]) => name)).toContain("fill");
  });
});

test("a line is painted from point to point with round ends", () => {
  const { canvas, calls } = recorder();
  const points: Point[] = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  paint(canvas, [points], PEN);
  expect(calls).toEqual([["beginPath"], ["moveTo", 1, 2], ["lineTo", 3, 4], ["lineTo", 5, 6], ["stroke"]]);
  expect([canvas.lineWidth, canvas.lineCap, canvas.lineJoin]).toEqual([PEN, "round", "round"]);
});

test("coordinates have one decimal", () => {
  expect([1.04, 1.06, -0.5].map(round)).toEqual([1, 1.1, -0.5]);
});

test("strokes become one path, each with its own beginning", () => {
  const strokes: Stroke[] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ];
  expect(toPath(strokes)).toBe("M1 2L3 4M5 6L7 8");
});
