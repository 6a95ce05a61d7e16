/** One box that is drawn in: its strokes, what they were before and after each step, and what the server read. */

import { extend, type Point, type Strokes } from "../lib/strokes";
import type { LessonReading } from "./road";

export class Box {
  strokes = $state.raw<Strokes>([]);
  past = $state.raw<readonly Strokes[]>([]);
  future = $state.raw<readonly Strokes[]>([]);
  seen = $state.raw<LessonReading | null>(null);
  /** What is drawn, where that is known: a sample, or what the person told. */
  truth = $state("");
  /** The drawing in the person's own set, once it was told; "" before. */
  kept = $state("");
  readonly number: number;
  readonly #changed: (box: Box) => void;

  /** `changed` is called after each change of the strokes. */
  constructor(number: number, changed: (box: Box) => void) {
    this.number = number;
    this.#changed = changed;
  }

  get isBlank(): boolean {
    return this.strokes.length === 0;
  }

  /** Begin a stroke where the pen is put down. */
  begin(point: Point): void {
    this.replace([...this.strokes, [point]]);
  }

  /** Add points to the last stroke. */
  move(points: readonly Point[]): void {
    const last = this.strokes.at(-1) ?? [];
    const longer = points.reduce(extend, last);
    if (longer === last) return;
    this.#show([...this.strokes.slice(0, -1), longer]);
  }

  /** Take other strokes; undo brings back the present ones. */
  replace(strokes: Strokes, truth = ""): void {
    this.past = [...this.past, this.strokes];
    this.future = [];
    this.#show(strokes, truth);
  }

  clear(): void {
    if (!this.isBlank) this.replace([]);
  }

  undo(): void {
    const before = this.past.at(-1);
    if (!before) return;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, this.strokes];
    this.#show(before);
  }

  redo(): void {
    const after = this.future.at(-1);
    if (!after) return;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, this.strokes];
    this.#show(after);
  }

  #show(strokes: Strokes, truth = ""): void {
    this.strokes = strokes;
    this.truth = truth;
    this.kept = "";
    this.#changed(this);
  }
}
