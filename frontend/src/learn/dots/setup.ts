/** What decides what Dots shows: which dots there are, and how k-means begins on them. */

import type { Start } from "../documents";
import { type Axes, HEIGHT, OWN_AXES, type Preset, presetDots, WIDTH } from "./presets";
import { NO_GROUP } from "./shares";

export const LARGEST_K = 12;

/** More dots of one's own would not fit into an address. */
export const MOST_ADDED = 250;

export interface Setup {
  /** The set that the dots come from; "own" begins with an empty plane. */
  readonly dots: Preset | "own";
  /** The dots of the set that were removed, by their places in it. */
  readonly removed: readonly number[];
  /** x and y of each place of one's own dots. */
  readonly added: readonly number[];
  readonly k: number;
  readonly start: Start;
  readonly seed: number;
  /** x and y of each place of the first centers, of a start by hand; empty for the other starts. */
  readonly centers: readonly number[];
  /** Whether x and y are standardized before k-means gets them. */
  readonly isScaled: boolean;
}

export interface Dots {
  readonly axes: Axes;
  /** x and y of each place. */
  readonly places: readonly number[];
  readonly groups: readonly number[];
  /** The dots of the set that are there, by their places in it; one's own come after them. */
  readonly rows: readonly number[];
}

/** Return a set as it is at first. */
export function setupOf(dots: Preset | "own"): Setup {
  const { k, seed } = dots === "own" ? { k: 3, seed: 0 } : presetDots(dots);
  return { dots, removed: [], added: [], k, start: "k-means++", seed, centers: [], isScaled: false };
}

/** Return the dots of a set-up: those of the set that are left, then one's own. */
export function dotsOf({ dots, removed, added }: Pick<Setup, "dots" | "removed" | "added">): Dots {
  if (dots === "own")
    return {
      axes: OWN_AXES,
      places: added,
      groups: added.filter((_, i) => i % 2).map(() => NO_GROUP),
      rows: [],
    };
  const { axes, places, groups } = presetDots(dots);
  const gone = new Set(removed);
  const rows = groups.map((_, row) => row).filter((row) => !gone.has(row));
  return {
    axes,
    places: [...rows.flatMap((row) => [places[2 * row] as number, places[2 * row + 1] as number]), ...added],
    groups: [
      ...rows.map((row) => groups[row] as number),
      ...added.filter((_, i) => i % 2).map(() => NO_GROUP),
    ],
    rows,
  };
}

/** How far beside the part of the plane that is always in sight a dot may lie. */
const BEYOND = 100;

/** Return a dot's place as it is kept: with one decimal, so that an address can hold it. */
export function dotAt(x: number, y: number): [number, number] {
  return [kept(x, WIDTH, 10), kept(y, HEIGHT, 10)];
}

/** Return a center's place as it is kept: with two decimals. */
export function centerAt(x: number, y: number): [number, number] {
  return [kept(x, WIDTH, 100), kept(y, HEIGHT, 100)];
}

function kept(value: number, size: number, parts: number): number {
  return Math.round(Math.min(Math.max(value, -BEYOND), size + BEYOND) * parts) / parts;
}
