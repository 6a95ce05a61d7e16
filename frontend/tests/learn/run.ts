/** A run small enough to be read: 4 images of 1 x 2 pixels, two clusters, five half-steps. */

import {
  Glyphs,
  type GlyphsDocument,
  type HalfStep,
  type LearnSet,
  Trace,
  type TraceDocument,
} from "../../src/learn/documents";

export function base64(values: ArrayBufferView): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return btoa(String.fromCharCode(...bytes));
}

export const SETS: readonly LearnSet[] = [
  {
    set: "digits",
    title: "Digits",
    kind: "builtin",
    n_glyphs: 4,
    pixels: ["raw", "normalized"],
    has_truths: true,
  },
  { set: "mine", title: "Mine", kind: "drawings", n_glyphs: 200, pixels: ["normalized"], has_truths: false },
];

export const GLYPHS: GlyphsDocument = {
  set: "digits",
  title: "Digits",
  pixels: "normalized",
  n_glyphs: 5,
  n_marks: 4,
  height: 1,
  width: 2,
  ink_max: 10,
  rows: base64(Int32Array.of(0, 1, 3, 4)),
  pictures: base64(Uint8Array.of(0, 0, 1, 0, 9, 10, 10, 10)),
  positions: base64(Float32Array.of(0, 0, 1, 0, 9, 10, 10, 10)),
  explained: [0.7, 0.3],
};

const none: Omit<HalfStep, "half" | "centering"> = {
  n_iter: 1,
  inertia: null,
  n_changed: 0,
  counts: [0, 0],
  came: [0, 0],
  went: [0, 0],
  moved: [0, 0],
  relocated: [],
  labeling: null,
};

export const TRACE: TraceDocument = {
  set: "digits",
  pixels: "normalized",
  k: 2,
  start: "k-means++",
  seed: 0,
  initial_rows: [0, 1],
  n_iter: 2,
  end: "no_change",
  steps: [
    { ...none, half: "start", n_iter: 0, centering: 0 },
    {
      ...none,
      half: "assignment",
      inertia: 400,
      n_changed: 5,
      counts: [1, 4],
      came: [1, 4],
      labeling: 0,
      centering: 0,
    },
    { ...none, half: "update", inertia: 90, counts: [1, 4], moved: [0, 7.5], labeling: 0, centering: 1 },
    {
      ...none,
      half: "assignment",
      n_iter: 2,
      inertia: 60,
      n_changed: 1,
      counts: [2, 3],
      came: [1, 0],
      went: [0, 1],
      labeling: 1,
      centering: 1,
    },
    {
      ...none,
      half: "update",
      n_iter: 2,
      inertia: 2,
      counts: [2, 3],
      moved: [0.5, 3],
      labeling: 1,
      centering: 2,
    },
    { ...none, half: "assignment", n_iter: 2, inertia: 2, counts: [2, 3], labeling: 2, centering: 2 },
  ],
  labels: base64(Uint8Array.of(0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1)),
  centers: base64(Uint16Array.of(0, 0, 10, 0, 0, 0, 67, 67, 5, 0, 95, 100)),
  centers_scale: 0.1,
  positions: base64(Float32Array.of(0, 0, 1, 0, 0, 0, 6.7, 6.7, 0.5, 0, 9.5, 10)),
};

export const glyphs = () => new Glyphs(GLYPHS);
export const trace = () => new Trace(TRACE, glyphs());
