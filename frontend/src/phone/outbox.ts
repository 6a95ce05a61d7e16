/** Drawings that are not sent yet: kept over a reload, sent one by one, and again by themselves until they are taken. */

import { toStrokes } from "../lib/strokes";
import type { Answer, Drawing } from "./post";

export interface Outlet {
  post(drawing: Drawing): Promise<Answer>;
  /** Called whenever what waits, or why, has changed. */
  changed(): void;
  /** Called when it is time to try again what was not taken: `tryNow` does. */
  retry(): void;
  /** Called with each answer and the drawing that it is about. */
  answered(answer: Answer, drawing: Drawing): void;
}

/** Why nothing is sent at the moment; "" while something may be. */
export type Pause = "" | "later" | "away" | "closed" | "gone";

const FIRST_WAIT = 1; // seconds after a request that nobody answered; doubled at each further one
const LONGEST_WAIT = 8;

export class Outbox {
  #unsent: readonly Drawing[];
  #pause: Pause = "";
  #isBusy = false;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasWaited = false;
  readonly #key: string;
  readonly #outlet: Outlet;

  constructor(key: string, outlet: Outlet) {
    this.#key = key;
    this.#outlet = outlet;
    this.#unsent = recall(key);
  }

  get unsent(): readonly Drawing[] {
    return this.#unsent;
  }

  get pause(): Pause {
    return this.#pause;
  }

  /** Whether it may be tried again: what came too fast waits as long as it was told. */
  get isDue(): boolean {
    return this.#pause !== "later" || this.#hasWaited;
  }

  add(drawing: Drawing): void {
    this.#keep([...this.#unsent, drawing]);
    if (this.#pause === "") void this.#run();
  }

  /** Send now what waits, whatever it waits for. */
  tryNow(): void {
    clearTimeout(this.#timer);
    this.#pause = "";
    void this.#run();
  }

  /** The class is over: what was not sent is deleted with all the rest. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#keep([]);
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return; // one at a time: nothing is sent twice, and the order stays
    this.#isBusy = true;
    for (let drawing = this.#unsent[0]; drawing && this.#pause === ""; drawing = this.#unsent[0]) {
      const answer = await this.#outlet.post(drawing);
      this.#take(answer, drawing);
      this.#outlet.answered(answer, drawing);
    }
    this.#isBusy = false;
  }

  #take(answer: Answer, drawing: Drawing): void {
    if (answer.kind === "sent" || answer.kind === "refused") {
      this.#wait = FIRST_WAIT;
      this.#keep(this.#unsent.filter(({ key }) => key !== drawing.key));
      return;
    }
    this.#pause = answer.kind;
    // What the class fails at each time does not hold up the others.
    if (answer.kind === "away" && answer.hasAnswered)
      this.#keep([...this.#unsent.filter(({ key }) => key !== drawing.key), drawing]);
    if (answer.kind === "later" || answer.kind === "away") {
      const seconds = answer.kind === "later" ? answer.seconds : this.#wait;
      if (answer.kind === "away") this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
      this.#hasWaited = false;
      this.#timer = setTimeout(() => {
        this.#hasWaited = true;
        this.#outlet.retry();
      }, 1000 * seconds);
    }
    this.#outlet.changed();
  }

  #keep(unsent: readonly Drawing[]): void {
    this.#unsent = unsent;
    store(this.#key, unsent.length > 0 ? unsent : null);
    this.#outlet.changed();
  }
}

/** Keep something for this address over a reload; null forgets it. */
export function store(key: string, data: unknown): void {
  try {
    if (data === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(data));
  } catch {
    // Storage can be full or forbidden; then what waits lasts as long as the page.
  }
}

export function restore(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function recall(key: string): readonly Drawing[] {
  const data = restore(key);
  if (!Array.isArray(data)) return [];
  return data
    .map((one) => ({
      key: String(one?.key),
      strokes: toStrokes(one?.strokes),
      asked: typeof one?.asked === "string" ? one.asked : null,
    }))
    .filter(({ strokes }) => strokes.length > 0);
}
