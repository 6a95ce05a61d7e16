import { expect, test } from "vitest";
import { amountOf } from "../../../src/learn/quantities";
import { isNamed, summaries } from "../../../src/learn/runs/figures";
import { accuracyWords, nearWords, startsWord } from "../../../src/learn/runs/words";
import { runOf, runsOf } from "./made";

const named = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([inertia, accuracy], i) => runOf("random", i, inertia, accuracy)).filter(isNamed);
const FALLING = [0.9, 0.8, 0.85, 0.7, 0.6, 0.5].map((accuracy, i) => [100 + i, accuracy] as const);

test("how many end near the best is told for each kind", () => {
  expect(nearWords(summaries(runsOf(100, 150, 100.5, 100)))).toBe(
    "Within 1 % of the best: 2 of 2 k-means++ starts and 1 of 2 random ones.",
  );
  expect(nearWords(summaries(runsOf(100)))).toBe("Within 1 % of the best: 1 of 1 k-means++ start.");
});

test("it is not said that lower is better where it is not", () => {
  const write = (inertia: number) => inertia.toFixed(1);
  expect(accuracyWords(named(...FALLING), write)).toEqual({
    title: "Lower is mostly better named",
    text: "The lowest, random 0, names 90.0 % right, and none names more.",
  });
  const other = FALLING.map(([inertia, accuracy]) => [inertia, 1 - accuracy] as const);
  expect(accuracyWords(named(...other), write)).toEqual({
    title: "Lower is not always better named",
    text: "The lowest, random 0, names 10.0 % right; random 5 ends 5.0 % higher, at 105.0, and names 50.0 %.",
  });
  expect(accuracyWords(named([1, 0.9], [2, 0.8]), write).title).toBe("Is lower better named?");
});

test("a round number of starts is a word", () => {
  expect([1, 12, 20, 38, 40, 200].map(startsWord)).toEqual([
    "1 start",
    "12 starts",
    "twenty starts",
    "38 starts",
    "forty starts",
    "200 starts",
  ]);
});

test("large inertias are written short", () => {
  const short = (inertia: number, unit: number) => {
    const { scale, of, write } = amountOf(inertia, unit);
    return [write(inertia / scale), of];
  };
  expect(short(1_165_123, 1)).toEqual(["1,165,123", ""]);
  expect(short(13_001.4 * 255 ** 2, 255)).toEqual(["13,001", ""]);
  expect(short(25_600_123, 1)).toEqual(["25.600", "millions"]);
  expect(short(178_432_235_443, 1)).toEqual(["178.432", "billions"]);
});
