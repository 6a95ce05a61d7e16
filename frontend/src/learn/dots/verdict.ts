/** What k-means makes of a preset from its own start: the picture and the line of the preset. */

import { percent } from "../../lib/counting";
import { type PlaneRun, runKMeans } from "./kmeans";
import type { Preset } from "./presets";
import { dotsOf, setupOf } from "./setup";
import { matched } from "./shares";
import { Space } from "./space";
import { initialRows } from "./starts";
import { WORDS } from "./words";

export interface Outcome {
  readonly labels: Uint8Array;
  /** Places of the centers. */
  readonly centers: Float64Array;
  /** Such as "cut across, 62 %". */
  readonly caption: string;
}

const known = new Map<Preset, Outcome>();

export function outcomeOf(preset: Preset): Outcome {
  const found = known.get(preset) ?? makeOutcome(preset);
  known.set(preset, found);
  return found;
}

function makeOutcome(preset: Preset): Outcome {
  const setup = setupOf(preset);
  const { places, groups, axes } = dotsOf(setup);
  const space = new Space(places, axes, false);
  const run = runFrom(space.points, setup.k, setup.seed);
  const last = run.steps.length - 1;
  const labels = run.labels(last) as Uint8Array;
  const { n, of } = matched(labels, groups, setup.k);
  const { verdict } = WORDS[preset];
  return {
    labels,
    centers: space.toPlaces(run.centers(last)),
    caption: of === 0 ? verdict : `${verdict}, ${percent(n, of)}`,
  };
}

/** Return the run of a k-means++ start. */
export function runFrom(points: Float64Array, k: number, seed: number): PlaneRun {
  const rows = initialRows(points, k, "k-means++", seed);
  return runKMeans(
    points,
    Float64Array.from(rows.flatMap((row) => [points[2 * row] as number, points[2 * row + 1] as number])),
  );
}
