/** What Learn shows: a set's images and one run of k-means on them, decoded from the server's documents. */

import type { LearnGlyphs, Trace as TraceOfServer } from "../lib/api";
import { meanCenters } from "./means";

export type { LearnSet, LearnTruths as TruthsDocument } from "../lib/api";
export type GlyphsDocument = LearnGlyphs;
export type TraceDocument = TraceOfServer;
export type Pixels = LearnGlyphs["pixels"];
export type Start = TraceOfServer["start"];
export type HalfStep = TraceOfServer["steps"][number];

/** What decides a run. */
export interface Setup {
  readonly set: string;
  readonly pixels: Pixels;
  readonly k: number;
  readonly start: Start;
  readonly seed: number;
  /** The images of a start by hand, by their places in the set; empty for the other starts. */
  readonly rows: readonly number[];
}

/** Return the bytes of standard base64, in a buffer of their own, so that any typed array can view them. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64) return fromBase64.call(Uint8Array, text); // many times as fast, in browsers since 2025
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The images of a set that are shown as marks, and where each lies on the plane. */
export class Glyphs {
  readonly set: string;
  readonly title: string;
  readonly pixels: Pixels;
  /** Images of the whole set; the marks are a sample of them. */
  readonly n_glyphs: number;
  readonly n_marks: number;
  readonly height: number;
  readonly width: number;
  readonly ink_max: number;
  /** The place in the set of each mark. */
  readonly rows: Int32Array;
  /** The pixels of all marks, one after another. */
  readonly pictures: Uint8Array;
  /** x and y of each mark: its first two principal components. */
  readonly positions: Float32Array;
  /** The share of the variance that each of the two components explains. */
  readonly explained: readonly number[];
  private readonly marks: ReadonlyMap<number, number>;

  constructor(document: GlyphsDocument) {
    this.set = document.set;
    this.title = document.title;
    this.pixels = document.pixels;
    this.n_glyphs = document.n_glyphs;
    this.n_marks = document.n_marks;
    this.height = document.height;
    this.width = document.width;
    this.ink_max = document.ink_max;
    this.explained = document.explained;
    this.rows = new Int32Array(decodeBase64(document.rows).buffer);
    this.pictures = decodeBase64(document.pictures);
    this.positions = new Float32Array(decodeBase64(document.positions).buffer);
    this.marks = new Map(Array.from(this.rows, (row, mark) => [row, mark]));
  }

  picture(mark: number): Uint8Array {
    const size = this.height * this.width;
    return this.pictures.subarray(mark * size, (mark + 1) * size);
  }

  /** Return the mark of an image of the set, or null where the sample left it out. */
  markOf(row: number): number | null {
    return this.marks.get(row) ?? null;
  }
}

/** A run of k-means as it is played and told, half-step by half-step. */
export interface Run {
  readonly k: number;
  readonly n_iter: number;
  readonly end: "no_change" | "settled" | "max_iter";
  readonly steps: readonly HalfStep[];
  /** Return the half-step of an index, which is moved into the range of the run. */
  at(step: number): HalfStep;
  /** Return the cluster of each mark after a half-step, or null while nothing has been assigned. */
  labels(step: number): Uint8Array | null;
}

/** A run on a set of images. */
export class Trace implements Run {
  readonly setup: Setup;
  readonly k: number;
  readonly initial_rows: readonly number[];
  readonly n_iter: number;
  readonly end: Run["end"];
  readonly steps: readonly HalfStep[];
  /** A center's pixel is its stored value times this. */
  readonly centers_scale: number;
  private readonly everyLabel: Uint8Array;
  private readonly everyCenter: Uint16Array;
  private readonly everyPosition: Float32Array;
  private readonly n_marks: number;
  private readonly n_pixels: number;

  constructor(document: TraceDocument, glyphs: Glyphs) {
    const { set, pixels, k, start, seed } = document;
    const rows = start === "hand" ? document.initial_rows : [];
    this.setup = { set, pixels, k, start, seed, rows };
    this.k = k;
    this.initial_rows = document.initial_rows;
    this.n_iter = document.n_iter;
    this.end = document.end;
    this.steps = document.steps;
    this.centers_scale = document.centers_scale;
    this.everyLabel = decodeBase64(document.labels);
    const centers = document.centers === "" ? meanCenters(document, this.everyLabel, glyphs) : null;
    this.everyCenter = centers?.pixels ?? new Uint16Array(decodeBase64(document.centers).buffer);
    this.everyPosition = centers?.positions ?? new Float32Array(decodeBase64(document.positions).buffer);
    this.n_marks = glyphs.n_marks;
    this.n_pixels = glyphs.height * glyphs.width;
  }

  at(step: number): HalfStep {
    const index = Math.min(Math.max(step, 0), this.steps.length - 1);
    return this.steps[index] as HalfStep;
  }

  labels(step: number): Uint8Array | null {
    const { labeling } = this.at(step);
    if (labeling === null) return null;
    return this.everyLabel.subarray(labeling * this.n_marks, (labeling + 1) * this.n_marks);
  }

  /** Return the stored pixels of a center after a half-step; times `centers_scale` they are pixel values. */
  center(step: number, cluster: number): Uint16Array {
    const at = (this.at(step).centering * this.k + cluster) * this.n_pixels;
    return this.everyCenter.subarray(at, at + this.n_pixels);
  }

  /** Return x and y of each center on the plane after a half-step. */
  positions(step: number): Float32Array {
    const at = this.at(step).centering * this.k * 2;
    return this.everyPosition.subarray(at, at + this.k * 2);
  }
}
