/** What the panels beside the plane show of a session: derived from its half-step, never stored. */

import { type Neighbor, rankCenters } from "./distances";
import type { Trace } from "./documents";
import { unitOf, writeDistance } from "./quantities";
import type { Session } from "./session.svelte";
import { judge, type Verdict } from "./truths";
import { nounOf } from "./verdictWords";

/** Return all centers after a half-step, in the units of the pixels, one after another. */
export function centersAt(trace: Trace, step: number, size: number): Float32Array {
  const centers = new Float32Array(trace.k * size);
  for (let cluster = 0; cluster < trace.k; cluster++) {
    const stored = trace.center(step, cluster);
    for (let pixel = 0; pixel < size; pixel++)
      centers[cluster * size + pixel] = (stored[pixel] as number) * trace.centers_scale;
  }
  return centers;
}

/** Return the number of a cluster's tint. */
export const tintOf = (cluster: number) => `var(--c${cluster % 12})`;

export class Look {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  readonly centers: Float32Array | null = $derived.by(() => {
    const { trace, glyphs, player } = this.session;
    if (!trace || !glyphs) return null;
    return centersAt(trace, player.step, glyphs.height * glyphs.width);
  });

  readonly labels: Uint8Array | null = $derived.by(() => {
    const { trace, player } = this.session;
    return trace?.labels(player.step) ?? null;
  });

  readonly verdict: Verdict | null = $derived.by(() => {
    const { truths, trace } = this.session;
    if (!truths || !trace || !this.labels) return null;
    return judge(this.labels, truths, trace.k);
  });

  readonly noun = $derived.by(() => nounOf(this.session.truths ?? []));

  writeDistance(distance: number): string {
    const { glyphs } = this.session;
    return glyphs ? writeDistance(distance, unitOf(glyphs)) : "";
  }

  /** Return the centers by their distance to an image, nearest first. */
  nearest(mark: number): Neighbor[] {
    const { glyphs } = this.session;
    return glyphs && this.centers ? rankCenters(glyphs.picture(mark), this.centers) : [];
  }
}
