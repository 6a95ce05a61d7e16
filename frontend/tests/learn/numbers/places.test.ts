import { expect, test } from "vitest";
import { logarithmic, numberAt, roundNumbers } from "../../../src/learn/numbers/places";

test("equal ratios are equally far apart", () => {
  const place = logarithmic([2, 200], 0, 100);
  expect(place(2)).toBe(0);
  expect(place(20)).toBeCloseTo(50);
  expect(place(200)).toBeCloseTo(100);
});

test("a place belongs to the nearest number", () => {
  const place = logarithmic([2, 200], 0, 100);
  expect(numberAt(-10, [2, 20, 200], place)).toBe(2);
  expect(numberAt(70, [2, 20, 200], place)).toBe(20);
  expect(numberAt(80, [2, 20, 200], place)).toBe(200);
  expect(numberAt(5, [], place)).toBeNull();
});

test("only numbers that are tried are written", () => {
  expect(roundNumbers(60)).toEqual([2, 5, 10, 20, 50]);
});
