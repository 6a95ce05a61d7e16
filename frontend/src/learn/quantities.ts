/** Inertia and distances as people read them. */

import type { Glyphs } from "./documents";

/**
 * Return the pixel value that counts as 1 in what is shown.
 *
 * Raw pixels count as they are, so that the numbers are those of everyone who clusters the same set. Normalized
 * ones are bytes, whose inertia would run into billions: full ink counts as 1.
 */
export function unitOf(glyphs: Glyphs): number {
  return glyphs.pixels === "raw" ? 1 : glyphs.ink_max;
}

/** Return an inertia, which is a sum of squares, with as many decimals as it has use for. */
export function writeInertia(inertia: number, unit: number): string {
  return written(inertia / unit ** 2);
}

export function writeDistance(distance: number, unit: number): string {
  return (distance / unit).toFixed(2);
}

function written(value: number): string {
  const decimals = value >= 1000 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
