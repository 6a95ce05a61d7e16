/** One box that is drawn in: its strokes, what they were before each step, and what the server read. */

import type { DrawingReading } from "../lib/api";
import { extend, type Point, type Strokes } from "../lib/strokes";

export class Box {
  strokes = $state.raw<Strokes>([]);
  past = $state.raw<readonly Strokes[]>([]);
  seen = $state.raw<DrawingReading | null>(null);
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
    this.strokes = [...this.strokes.slice(0, -1), longer];
    this.#changed(this);
  }

  /** Take other strokes; undo brings back the present ones. */
  replace(strokes: Strokes): void {
    this.past = [...this.past, this.strokes];
    this.strokes = strokes;
    this.#changed(this);
  }

  clear(): void {
    if (!this.isBlank) this.replace([]);
  }

  undo(): void {
    const before = this.past.at(-1);
    if (!before) return;
    this.past = this.past.slice(0, -1);
    this.strokes = before;
    this.#changed(this);
  }
}
