/** The state of the page: four boxes, what the server reads in them, and the lesson's ten centers. */

import * as api from "./api";
import { extend, type Point, parseStrokes, type Strokes } from "./strokes";

const N_BOXES = 4;
const STORED = "inkmeans.page";
const WAIT = 1000; // milliseconds from a failure to the next request; doubled at each further failure
const LONGEST_WAIT = 8000;

/** One box: its strokes, what they were before each step, and what was read. */
export class Box {
  strokes = $state.raw<Strokes>([]);
  past = $state.raw<readonly Strokes[]>([]);
  seen = $state.raw<api.DrawingReading | null>(null);
  readonly number: number;
  readonly #changed: (box: Box) => void;

  constructor(number: number, changed: (box: Box) => void) {
    this.number = number;
    this.#changed = changed;
  }

  get isBlank(): boolean {
    return this.strokes.length === 0;
  }

  /** Put the pen down. */
  begin(point: Point): void {
    this.replace([...this.strokes, [point]]);
  }

  /** Lead the pen on. */
  move(points: readonly Point[]): void {
    const last = this.strokes.at(-1) ?? [];
    const longer = points.reduce(extend, last);
    if (longer === last) return;
    this.strokes = [...this.strokes.slice(0, -1), longer];
    this.#changed(this);
  }

  /** Show other strokes; undo brings back those of now. */
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

export class Board {
  readonly boxes: readonly Box[];
  model = $state<api.ModelName>("digits");
  models = $state.raw<api.Model[]>([]);
  centers = $state.raw<api.Center[]>([]);
  lesson = $state.raw<api.LessonNames | null>(null);
  problem = $state("");
  nameProblem = $state("");
  readonly #waiting = new Set<Box>();
  #naming: Promise<void> = Promise.resolve();
  #isAsking = false;
  #isLoaded = false;
  #wait = WAIT;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.boxes = Array.from({ length: N_BOXES }, (_, index) => new Box(index + 1, (box) => this.#read(box)));
    this.#restore();
  }

  /** The name in each box, "" where nothing is drawn or read. */
  get year(): string[] {
    return this.boxes.map((box) => (box.isBlank ? "" : (box.seen?.readings[this.model].text ?? "")));
  }

  /** Ask for everything again: at the start, and when the server was away. */
  load(): void {
    this.#isLoaded = false;
    this.#stopWaiting();
    this.#readAll();
  }

  choose(model: api.ModelName): void {
    this.model = model;
    this.#store();
  }

  clearAll(): void {
    for (const box of this.boxes) box.clear();
  }

  rename(cluster: number, name: string): void {
    this.#name(() => api.rename(cluster, name));
  }

  resetNames(): void {
    this.#name(api.resetNames);
  }

  /** Change names one after the other: the last key pressed wins, whatever the network does. */
  #name(change: () => Promise<api.LessonNames>): void {
    this.#naming = this.#naming.then(async () => {
      try {
        this.lesson = await change();
        this.nameProblem = "";
        this.#readAll();
      } catch (error) {
        this.nameProblem = told(error);
      }
    });
  }

  #readAll(): void {
    for (const box of this.boxes) if (!box.isBlank) this.#waiting.add(box);
    void this.#ask();
  }

  #read(box: Box): void {
    this.#store();
    if (box.isBlank) {
      box.seen = null;
      this.#waiting.delete(box);
      return;
    }
    this.#waiting.add(box);
    void this.#ask();
  }

  /** Read what waits, one request at a time: while one is away, or after a failure, further strokes wait. */
  async #ask(): Promise<void> {
    if (this.#isAsking || this.#retry !== undefined) return;
    this.#isAsking = true;
    try {
      if (!this.#isLoaded) await this.#loadModels();
      while (this.#waiting.size > 0) await this.#readWaiting();
    } catch (error) {
      this.problem = told(error);
      this.#retry = setTimeout(() => this.#askAgain(), this.#wait);
      this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    } finally {
      this.#isAsking = false;
    }
  }

  #askAgain(): void {
    this.#retry = undefined;
    void this.#ask();
  }

  #stopWaiting(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #succeeded(): void {
    this.problem = "";
    this.#wait = WAIT;
  }

  async #loadModels(): Promise<void> {
    this.models = await api.listModels(); // alone: where nobody answers, one question is enough
    [this.centers, this.lesson] = await Promise.all([api.listLessonCenters(), api.listNames()]);
    this.#isLoaded = true;
    this.#succeeded();
  }

  async #readWaiting(): Promise<void> {
    const boxes = [...this.#waiting];
    this.#waiting.clear();
    try {
      const seen = await api.readDrawings(boxes.map((box) => box.strokes));
      this.#succeeded();
      boxes.forEach((box, index) => {
        if (!box.isBlank) box.seen = seen[index] ?? null;
      });
    } catch (error) {
      if (error instanceof api.Problem && error.passes) {
        this.#isLoaded = false; // a server that was started again has forgotten the names
        for (const box of boxes) {
          box.seen = null; // what was read is no longer what is drawn
          if (!box.isBlank) this.#waiting.add(box);
        }
      }
      throw error;
    }
  }

  #store(): void {
    const state = { model: this.model, boxes: this.boxes.map((box) => box.strokes) };
    try {
      sessionStorage.setItem(STORED, JSON.stringify(state));
    } catch {
      // Storage can be full or forbidden; then a reload starts blank, and nothing else is lost.
    }
  }

  #restore(): void {
    try {
      const state = JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
      if (state.model === "lesson") this.model = "lesson";
      this.boxes.forEach((box, index) => {
        box.strokes = parseStrokes(state.boxes?.[index]) ?? [];
      });
    } catch {
      // Stored by another version or by hand: start blank.
    }
  }
}

function told(error: unknown): string {
  if (error instanceof api.Problem) return error.message;
  throw error;
}
