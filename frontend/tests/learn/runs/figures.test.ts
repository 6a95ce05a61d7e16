import { expect, test } from "vitest";
import {
  binsOf,
  isNamed,
  lowestFirst,
  namesOf,
  rankCorrelation,
  summaries,
} from "../../../src/learn/runs/figures";
import { runOf, runsOf } from "./made";

const total = (bins: ReturnType<typeof binsOf>) =>
  bins.reduce((sum, { counts }) => sum + counts["k-means++"] + counts.random, 0);

test("runs are counted by kind of start in bins of one round width", () => {
  const bins = binsOf(runsOf(1000, 1010, 1001, 1060, 1009.9, 1069.9), 1);
  expect(bins.map(({ low, high }) => high - low).every((width) => Math.abs(width - 5) < 1e-9)).toBe(true);
  expect([bins[0]?.low, bins.at(-1)?.high]).toEqual([1000, 1070]);
  expect(bins.filter(({ counts }) => counts["k-means++"] + counts.random > 0)).toEqual([
    { low: 1000, high: 1005, counts: { "k-means++": 2, random: 0 } },
    { low: 1005, high: 1010, counts: { "k-means++": 1, random: 0 } },
    { low: 1010, high: 1015, counts: { "k-means++": 0, random: 1 } },
    { low: 1060, high: 1065, counts: { "k-means++": 0, random: 1 } },
    { low: 1065, high: 1070, counts: { "k-means++": 0, random: 1 } },
  ]);
});

test("bounds are round as they are read: inertia is divided by its unit first", () => {
  const bins = binsOf(runsOf(1000 * 255 ** 2, 1069 * 255 ** 2), 255 ** 2);
  expect([bins[0]?.low, bins.at(-1)?.high]).toEqual([1000, 1070]);
});

test("as runs come, bins are added or become wider, and none is lost", () => {
  const inertias = [13_083, 13_175, 13_001, 14_053, 13_020, 13_540, 13_001, 13_390, 13_002, 15_900];
  let width = 0;
  for (let n = 1; n <= inertias.length; n++) {
    const bins = binsOf(runsOf(...inertias.slice(0, n)), 1);
    const now = (bins[0]?.high ?? 0) - (bins[0]?.low ?? 0);
    expect(now).toBeGreaterThanOrEqual(width - 1e-9);
    expect(bins.length).toBeLessThanOrEqual(14);
    expect(total(bins)).toBe(n);
    width = now;
  }
});

test("there are never more bins than there is room for", () => {
  expect(binsOf(runsOf(0.95, 14.95), 1)).toHaveLength(8); // of 2: in bins of 1 they would be 15
});

test("runs that all end alike are one bar", () => {
  const bins = binsOf(runsOf(13_000.2, 13_000.2 + 1e-9, 13_000.2), 1);
  expect(bins.filter(({ counts }) => counts.random + counts["k-means++"] > 0)).toHaveLength(1);
  expect(binsOf([], 1)).toEqual([]);
  expect(total(binsOf(runsOf(0, 0), 1))).toBe(2);
});

test("each kind of start is summed up beside the best of all", () => {
  expect(summaries(runsOf(100, 100.9, 101, 150, 101.01, 300, 180, 100))).toEqual([
    { start: "k-means++", n_runs: 4, best: 100, median: (101 + 101.01) / 2, n_near: 2 },
    { start: "random", n_runs: 4, best: 100, median: (100.9 + 150) / 2, n_near: 2 },
  ]);
  expect(summaries(runsOf(7))).toEqual([{ start: "k-means++", n_runs: 1, best: 7, median: 7, n_near: 1 }]);
});

test("the lowest come first; of equal ones the one that was made first", () => {
  const runs = runsOf(3, 1, 2, 1);
  expect(lowestFirst(runs).map(({ start, seed }) => `${start} ${seed}`)).toEqual([
    "random 0",
    "random 1",
    "k-means++ 1",
    "k-means++ 0",
  ]);
});

test("the correlation of ranks is Spearman's", () => {
  const named = (...pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([inertia, accuracy], i) => runOf("random", i, inertia, accuracy)).filter(isNamed);
  expect(rankCorrelation(named([1, 0.9], [2, 0.8], [30, 0.1]))).toBeCloseTo(-1);
  expect(rankCorrelation(named([1, 0.1], [2, 0.2], [30, 0.3]))).toBeCloseTo(1);
  // scipy.stats.spearmanr([1, 2, 2, 4, 5], [0.5, 0.6, 0.4, 0.3, 0.3])
  expect(rankCorrelation(named([1, 0.5], [2, 0.6], [2, 0.4], [4, 0.3], [5, 0.3]))).toBeCloseTo(-0.789474, 6);
  expect(rankCorrelation(named([1, 0.5], [1, 0.5]))).toBe(0);
});

test("names are told once each, and which of them several clusters have", () => {
  const names = ["1", null, "10", "2", "1", "1", "2"];
  expect(namesOf({ names } as never)).toEqual({
    given: ["1", "2", "10"],
    shared: [
      ["1", 3],
      ["2", 2],
    ],
  });
  expect(namesOf({ names: null } as never).given).toEqual([]);
});
