/** The ways of the centers: where each has come from, and where tiles that made room belong. */

import type { Trace } from "../documents";

/** One piece of a center's way. */
export interface Leg {
  readonly cluster: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** The center was not moved but put elsewhere, as its cluster had no image. */
  readonly jumped: boolean;
  /** The index of the update's half-step. */
  readonly step: number;
}

/** Return all legs up to a half-step, on the plane's own axes. A center that stayed has none. */
export function legsUpTo(trace: Trace, step: number): Leg[] {
  const legs: Leg[] = [];
  for (let at = 1; at <= Math.min(step, trace.steps.length - 1); at++) {
    const half = trace.at(at);
    if (half.half !== "update") continue;
    const [before, after] = [trace.positions(at - 1), trace.positions(at)];
    const jumped = new Set(half.relocated.map(({ cluster }) => cluster));
    for (let cluster = 0; cluster < trace.k; cluster++) {
      const from = [before[2 * cluster] as number, before[2 * cluster + 1] as number] as const;
      const to = [after[2 * cluster] as number, after[2 * cluster + 1] as number] as const;
      if (from[0] !== to[0] || from[1] !== to[1])
        legs.push({ cluster, from, to, jumped: jumped.has(cluster), step: at });
    }
  }
  return legs;
}

/** Return the control point of the arc of a jump: aside of its middle, on the upper side where there is one. */
export function bend(x0: number, y0: number, x1: number, y1: number): readonly [number, number] {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const sign = dx >= 0 ? 1 : -1;
  return [(x0 + x1) / 2 + sign * 0.22 * dy, (y0 + y1) / 2 - sign * 0.22 * dx];
}

/** Return the point of an arc (a quadratic Bezier curve) at t, from 0 to 1. */
export function along(p0: number, control: number, p1: number, t: number): number {
  return (1 - t) ** 2 * p0 + 2 * t * (1 - t) * control + t * t * p1;
}
