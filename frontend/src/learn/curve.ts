/** The inertia of each half-step as a curve. */

import type { Run } from "./documents";

export interface Curve {
  /** A place for each half-step; the start lies at the height of the first assignment. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly half: string }[];
  /** Iterations named below the curve. */
  readonly ticks: readonly { readonly x: number; readonly n_iter: number }[];
  /** Whether there is room for a dot at each half-step. */
  readonly hasDots: boolean;
}

const EDGE = 8;
/** Room for one dot, and for one number below. */
const DOT = 9;
const NUMBER = 44;

/** Return the curve of a trace for a width and the heights of its largest and least inertia. */
export function curveOf(trace: Run, width: number, top: number, bottom: number): Curve {
  const known = trace.steps.flatMap(({ inertia }) => (inertia === null ? [] : [inertia]));
  const [most, least] = [Math.max(...known), Math.min(...known)];
  const across = (width - 2 * EDGE) / Math.max(trace.steps.length - 1, 1);
  const height = (inertia: number) => bottom - ((inertia - least) / (most - least || 1)) * (bottom - top);
  const points = trace.steps.map(({ inertia, half }, i) => ({
    x: EDGE + i * across,
    y: height(inertia ?? most),
    half,
  }));
  const every = [1, 2, 5, 10, 20, 50, 100].find((n) => n * 2 * across >= NUMBER) ?? 200;
  const ticks = trace.steps.flatMap(({ half, n_iter }, i) => {
    const isNamed = half === "update" && (n_iter === 1 || n_iter % every === (every === 2 ? 1 : 0));
    return isNamed ? [{ x: EDGE + i * across, n_iter }] : [];
  });
  return {
    points,
    ticks: ticks.filter(({ x }, i) => i === 0 || x - (ticks[i - 1]?.x ?? 0) > NUMBER / 2),
    hasDots: across >= DOT,
  };
}

/** Return the half-step nearest to a place across. */
export function stepAt(curve: Curve, x: number): number {
  const across = (curve.points[1]?.x ?? EDGE + 1) - EDGE;
  return Math.min(Math.max(Math.round((x - EDGE) / across), 0), curve.points.length - 1);
}
