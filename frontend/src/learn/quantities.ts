/** Inertia and distances as people read them. */

import type { Glyphs } from "./documents";

/**
 * Return the pixel value that counts as 1 in what is shown.
 *
 * Raw pixels count as they are, so that the numbers are those of everyone who clusters the same set. Normalized
 * ones are bytes, whose inertia would run into billions: full ink counts as 1.
 */
export function unitOf(glyphs: Pick<Glyphs, "pixels" | "ink_max">): number {
  return glyphs.pixels === "raw" ? 1 : glyphs.ink_max;
}

/** Return an inertia, which is a sum of squares, with as many decimals as it has use for. */
export function writeInertia(inertia: number, unit: number): string {
  return written(inertia / unit ** 2);
}

export interface Amount {
  /** What an inertia, in pixel values, is divided by before it is written. */
  readonly scale: number;
  /** What is counted: "" where it is ones. */
  readonly of: "" | "millions" | "billions";
  /** Write what was divided. */
  write(value: number): string;
}

/** Return how to write inertias of about one size where they have to be short, as beside an axis. */
export function amountOf(inertia: number, unit: number): Amount {
  const size = inertia / unit ** 2;
  const [times, of] = size >= 1e9 ? ([1e9, "billions"] as const) : ([1e6, "millions"] as const);
  if (size < 1e7) return { scale: unit ** 2, of: "", write: written };
  const decimals = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
  return { scale: unit ** 2 * times, of, write: (value) => value.toLocaleString("en-US", decimals) };
}

export function writeDistance(distance: number, unit: number): string {
  return (distance / unit).toFixed(2);
}

function written(value: number): string {
  const decimals = value >= 1000 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
