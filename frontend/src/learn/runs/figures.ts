/** What many runs say together: how low they end, and whether lower is better named. */

import { roundStep } from "../chart/scale";
import type { Run, RunCenters, RunStart } from "./session.svelte";

export const RUN_STARTS: readonly RunStart[] = ["k-means++", "random"];
const MOST_BINS = 14;
/** What counts as nearly the best. */
const NEAR = 1.01;

export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly counts: Readonly<Record<RunStart, number>>;
}

/**
 * Count runs by inertia, in bins of one round width for both kinds of start.
 *
 * As more runs come, bins are added or become wider, never narrower. `scale` is what inertia is divided by when it is
 * written, so that the bounds are round as they are read.
 */
export function binsOf(runs: readonly Run[], scale: number): readonly Bin[] {
  if (runs.length === 0) return [];
  const values = runs.map(({ inertia }) => inertia / scale);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Runs that end alike in all but the last digits are one bar, not a comb of rounding errors.
  const width = widthFor(low, high);
  const first = Math.floor(low / width);
  const bins = Array.from({ length: Math.floor(high / width) - first + 1 }, (_, i) => ({
    low: (first + i) * width,
    high: (first + i + 1) * width,
    counts: { "k-means++": 0, random: 0 },
  }));
  runs.forEach(({ start }, i) => {
    const bin = bins[Math.floor((values[i] as number) / width) - first];
    if (bin) bin.counts[start] += 1;
  });
  return bins;
}

/** Return the ends of the axis that both figures have: a little beyond the bins, so that the best lie in the field. */
export function domainOf(bins: readonly Bin[]): readonly [number, number] {
  const [low, high] = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  const beyond = 0.03 * (high - low);
  return [low - beyond, high + beyond];
}

function widthFor(low: number, high: number): number {
  let width = roundStep(Math.max(high - low, Math.abs(high) * 1e-4), MOST_BINS);
  while (Math.floor(high / width) - Math.floor(low / width) >= MOST_BINS) width = roundStep(width * 1.01, 1);
  return width;
}

export interface Summary {
  readonly start: RunStart;
  readonly n_runs: number;
  readonly best: number;
  readonly median: number;
  /** How many end within 1 % of the best of all. */
  readonly n_near: number;
}

/** Sum up each kind of start that has runs. */
export function summaries(runs: readonly Run[]): readonly Summary[] {
  const best = Math.min(...runs.map(({ inertia }) => inertia));
  return RUN_STARTS.flatMap((start) => {
    const found = runs.filter((run) => run.start === start).map(({ inertia }) => inertia);
    if (found.length === 0) return [];
    found.sort((a, b) => a - b);
    return [
      {
        start,
        n_runs: found.length,
        best: found[0] as number,
        median: medianOf(found),
        n_near: found.filter((inertia) => inertia <= NEAR * best).length,
      },
    ];
  });
}

function medianOf(sorted: readonly number[]): number {
  const at = sorted.length >> 1;
  const upper = sorted[at] as number;
  return sorted.length % 2 ? upper : ((sorted[at - 1] as number) + upper) / 2;
}

/** Return the runs, the lowest first; of equal ones, the one that was made first. */
export function lowestFirst(runs: readonly Run[]): readonly Run[] {
  return [...runs].sort((a, b) => a.inertia - b.inertia);
}

export interface NamedRun extends Run {
  readonly accuracy: number;
}

export function isNamed(run: Run): run is NamedRun {
  return run.accuracy !== null;
}

/** Return how closely accuracy follows inertia, from -1 (lower is better) to 1: Spearman's rank correlation. */
export function rankCorrelation(runs: readonly NamedRun[]): number {
  const x = ranks(runs.map(({ inertia }) => inertia));
  const y = ranks(runs.map(({ accuracy }) => accuracy));
  const mean = (runs.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((rank, i) => {
    const [dx, dy] = [rank - mean, (y[i] as number) - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx && yy ? xy / Math.sqrt(xx * yy) : 0;
}

/** Return the place of each value among all; equal values share the mean of their places. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

/** How the names of a run's clusters fall out. */
export interface Names {
  /** Different names, in order. */
  readonly given: readonly string[];
  /** Names that several clusters have, with how many. */
  readonly shared: readonly (readonly [string, number])[];
}

const inOrder = new Intl.Collator("en", { numeric: true }).compare;

export function namesOf({ names }: RunCenters): Names {
  const counts = new Map<string, number>();
  for (const name of names ?? []) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const given = [...counts.keys()].sort(inOrder);
  return {
    given,
    shared: given.flatMap((name) => {
      const count = counts.get(name) ?? 0;
      return count > 1 ? [[name, count] as const] : [];
    }),
  };
}
