/** The centers of a run, worked out from its labels: each is the mean of the images that have its label. */

import type { Glyphs, TraceDocument } from "./documents";

export interface Centers {
  /** uint16 pixels of each center, centering by centering; times the run's scale they are pixel values. */
  readonly pixels: Uint16Array;
  /** x and y of each center on the plane, centering by centering. */
  readonly positions: Float32Array;
}

/**
 * Return the centers of a run whose document leaves them out, as a recording does; `labels` are its labels, decoded.
 *
 * All images of the set must be marks. A center without images stays where it is, as in the run itself.
 */
export function meanCenters(run: TraceDocument, labels: Uint8Array, glyphs: Glyphs): Centers {
  const { k, steps } = run;
  const { n_marks, pictures, positions } = glyphs;
  const size = glyphs.height * glyphs.width;
  const n_centerings = 1 + Math.max(...steps.map((step) => step.centering));
  const found = {
    pixels: new Uint16Array(n_centerings * k * size),
    positions: new Float32Array(n_centerings * k * 2),
  };
  run.initial_rows.forEach((row, cluster) => {
    const mark = glyphs.markOf(row) ?? 0;
    const at = cluster * size;
    for (let i = 0; i < size; i++)
      found.pixels[at + i] = Math.round((pictures[mark * size + i] as number) / run.centers_scale);
    found.positions.set(positions.subarray(2 * mark, 2 * mark + 2), 2 * cluster);
  });

  const sums = new Float64Array(k * size);
  const places = new Float64Array(k * 2);
  const counts = new Int32Array(k);
  const add = (mark: number, cluster: number, sign: number) => {
    const at = cluster * size;
    for (let i = 0; i < size; i++)
      sums[at + i] = (sums[at + i] as number) + sign * (pictures[mark * size + i] as number);
    for (let i = 0; i < 2; i++)
      places[2 * cluster + i] =
        (places[2 * cluster + i] as number) + sign * (positions[2 * mark + i] as number);
    counts[cluster] = (counts[cluster] as number) + sign;
  };

  let before: Uint8Array | null = null;
  let last = 0;
  for (const step of steps) {
    if (step.centering === last || step.labeling === null) continue;
    // Images come and go: after the first assignment, few do.
    const now = labels.subarray(step.labeling * n_marks, (step.labeling + 1) * n_marks);
    for (let mark = 0; mark < n_marks; mark++) {
      if (before?.[mark] === now[mark]) continue;
      if (before) add(mark, before[mark] as number, -1);
      add(mark, now[mark] as number, 1);
    }
    before = now;
    const from = last * k;
    last = step.centering;
    for (let cluster = 0; cluster < k; cluster++) {
      const at = last * k + cluster;
      const count = counts[cluster] as number;
      if (count === 0) {
        found.pixels.copyWithin(at * size, (from + cluster) * size, (from + cluster + 1) * size);
        found.positions.copyWithin(at * 2, (from + cluster) * 2, (from + cluster + 1) * 2);
        continue;
      }
      const unit = 1 / (count * run.centers_scale);
      for (let i = 0; i < size; i++)
        found.pixels[at * size + i] = Math.round((sums[cluster * size + i] as number) * unit);
      for (let i = 0; i < 2; i++) found.positions[at * 2 + i] = (places[cluster * 2 + i] as number) / count;
    }
  }
  return found;
}
