/** Runs by what they end with. */

import type { Run, RunStart } from "../../../src/learn/runs/session.svelte";

export function runOf(start: RunStart, seed: number, inertia: number, accuracy: number | null = null): Run {
  return { start, seed, n_iter: 3, inertia, accuracy };
}

/** Runs of both kinds in turn, as the server makes them. */
export function runsOf(...inertias: readonly number[]): Run[] {
  return inertias.map((inertia, i) => runOf(i % 2 ? "random" : "k-means++", i >> 1, inertia));
}
