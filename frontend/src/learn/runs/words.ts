/** What Runs says of many runs. */

import { countOf, figure } from "../../lib/counting";
import { lowestFirst, type NamedRun, rankCorrelation, type Summary } from "./figures";
import type { Run } from "./session.svelte";

/** Return how many of each kind end near the best. */
export function nearWords(found: readonly Summary[]): string {
  const parts = found.map(({ start, n_near, n_runs }, i) =>
    i === 0 ? `${n_near} of ${countOf(n_runs, `${start} start`)}` : `${n_near} of ${n_runs} ${start} ones`,
  );
  return `Within 1 % of the best: ${parts.join(" and ")}.`;
}

/** Below such a correlation accuracy follows inertia; what is nearer to 0 may be chance, and so may what few runs say. */
const FOLLOWS = -0.35;
const FEW = 6;

export interface Told {
  readonly title: string;
  readonly text: string;
}

/** Return what the accuracies of runs say about their inertias. */
export function accuracyWords(runs: readonly NamedRun[], write: (inertia: number) => string): Told {
  const [lowest] = lowestFirst(runs) as readonly NamedRun[];
  const right = [...runs].sort((a, b) => b.accuracy - a.accuracy || a.inertia - b.inertia);
  const [best] = right;
  if (!lowest || !best) return { title: "Is lower better named?", text: "" };
  const follows = rankCorrelation(runs) <= FOLLOWS;
  const found = follows ? "Lower is mostly better named" : "Lower is not always better named";
  const title = runs.length < FEW ? "Is lower better named?" : found;
  if (best.accuracy === lowest.accuracy)
    return {
      title,
      text: `The lowest, ${nameOf(lowest)}, names ${share(lowest)} right, and none names more.`,
    };
  const above = (100 * (best.inertia / lowest.inertia - 1)).toFixed(1);
  return {
    title,
    text: `The lowest, ${nameOf(lowest)}, names ${share(lowest)} right; ${nameOf(best)} ends ${above} % higher, at ${write(best.inertia)}, and names ${share(best)}.`,
  };
}

const share = ({ accuracy }: NamedRun) => `${(100 * accuracy).toFixed(1)} %`;

export function nameOf({ start, seed }: Pick<Run, "start" | "seed">): string {
  return `${start} ${figure(seed)}`;
}

const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty"];

/** Return a number of starts in words where that is short: "forty starts". */
export function startsWord(n_runs: number): string {
  const word = n_runs % 10 === 0 ? TENS[n_runs / 10] : "";
  return `${word || figure(n_runs)} ${n_runs === 1 ? "start" : "starts"}`;
}
