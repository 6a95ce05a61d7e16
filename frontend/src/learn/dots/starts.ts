/** The initial centers that Dots offers; each is drawn among the points. */

import { countWord } from "../../lib/counting";
import type { Start } from "../documents";
import { Draws } from "./draws";
import { squared } from "./kmeans";

/** Return the points, by their places, that are the initial centers. There are at least k of them. */
export function initialRows(
  points: Float64Array,
  k: number,
  start: Exclude<Start, "hand">,
  seed: number,
): number[] {
  const draws = new Draws(seed);
  if (start === "k-means++") return farApart(points, k, draws);
  return start === "random" ? anyOf(points, k, draws) : nearlyTheSame(points, k, draws);
}

/** The words of a start in the menu. */
export function startDetail(start: Start, k: number): string {
  const details: Record<Start, string> = {
    "k-means++": "dots far from one another",
    random: `any ${countWord(k)} dots`,
    hand: "drag the centers where they shall begin",
    bad: `${countWord(k)} dots close together, one of them twice`,
  };
  return details[start];
}

/** What a start's first centers are, as a sentence. */
export function startSentence(start: Start, k: number): string {
  const sentences: Record<Start, string> = {
    "k-means++": `k-means++ took ${countWord(k)} dots as the first centers, each likely far from those before it.`,
    random: `${countWord(k)[0]?.toUpperCase()}${countWord(k).slice(1)} dots drawn at random are the first centers.`,
    hand: "The first centers are where you put them; drag one to move it.",
    bad: `Bad on purpose: the first centers are ${countWord(k)} dots close together, one of them twice.`,
  };
  return sentences[start];
}

/**
 * Greedy k-means++: of some candidates, drawn with probability proportional to the squared distance to the nearest
 * center so far, the one that lowers the inertia most. Source: Arthur and Vassilvitskii (2007), with the trials of
 * section 6, 2 + log(k) as `inkmeans.KMeans` has them.
 */
function farApart(points: Float64Array, k: number, draws: Draws): number[] {
  const n = points.length / 2;
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = [draws.below(n)];
  let closest = distancesTo(points, chosen[0] as number);
  while (chosen.length < k) {
    const total = closest.reduce((a, b) => a + b, 0);
    let best = { row: -1, total: Infinity, closest };
    for (let trial = 0; trial < trials; trial++) {
      const row = drawnBy(closest, draws.uniform() * total);
      const next = distancesTo(points, row).map((distance, i) => Math.min(distance, closest[i] as number));
      const sum = next.reduce((a, b) => a + b, 0);
      if (sum < best.total) best = { row, total: sum, closest: next };
    }
    chosen.push(best.row);
    closest = best.closest;
  }
  return chosen;
}

function drawnBy(weights: readonly number[], at: number): number {
  let sum = 0;
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row] as number;
    if (sum > at) return row;
  }
  return weights.length - 1;
}

/** k different points, each set of them as likely as any other. */
function anyOf(points: Float64Array, k: number, draws: Draws): number[] {
  const rows = Array.from({ length: points.length / 2 }, (_, row) => row);
  for (let i = 0; i < k; i++) {
    const other = i + draws.below(rows.length - i);
    [rows[i], rows[other]] = [rows[other] as number, rows[i] as number];
  }
  return rows.slice(0, k);
}

/** A point that is drawn, those nearest to it, and that point once more: the last cluster begins empty. */
function nearlyTheSame(points: Float64Array, k: number, draws: Draws): number[] {
  const drawn = draws.below(points.length / 2);
  const distances = distancesTo(points, drawn);
  distances[drawn] = -1; // first, also where another point is equal to it
  const nearest = distances
    .map((_, row) => row)
    .sort((a, b) => (distances[a] as number) - (distances[b] as number));
  return [...nearest.slice(0, Math.max(k - 1, 1)), drawn].slice(0, k);
}

function distancesTo(points: Float64Array, row: number): number[] {
  return Array.from({ length: points.length / 2 }, (_, i) => squared(points, i, points, row));
}
