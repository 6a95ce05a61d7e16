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
  readonly #prefix: string;
  readonly #outlet: Outlet;

  /** Each drawing is kept at an address of its own: of two tabs, none writes over what the other keeps. */
  constructor(prefix: string, outlet: Outlet) {
    this.#prefix = `${prefix}.`;
    this.#outlet = outlet;
    this.#unsent = recall(this.#prefix);
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
    store(this.#prefix + drawing.key, drawing);
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
    this.#forget([...recall(this.#prefix), ...this.#unsent]);
  }

  /** What is known to be of another class than this round's is deleted. */
  clearOthers(round: string): void {
    this.#forget([...recall(this.#prefix), ...this.#unsent].filter((one) => (one.round ?? round) !== round));
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
    if (answer.kind === "sent" || answer.kind === "refused" || answer.kind === "ended") {
      this.#wait = FIRST_WAIT;
      this.#forget([drawing]);
      return;
    }
    this.#pause = answer.kind;
    // What the class fails at each time does not hold up the others.
    if (answer.kind === "away" && answer.hasAnswered && this.#unsent.includes(drawing))
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

  #forget(drawings: readonly Drawing[]): void {
    const keys = new Set(drawings.map(({ key }) => key));
    for (const key of keys) store(this.#prefix + key, null);
    const unsent = this.#unsent.filter(({ key }) => !keys.has(key));
    if (unsent.length === 0) this.#pause = ""; // what it was for is gone
    this.#keep(unsent);
  }

  #keep(unsent: readonly Drawing[]): void {
    this.#unsent = unsent;
    this.#outlet.changed();
  }
}

/** Keep something for this address over a reload; null forgets it. A function gives the storage: asking may throw. */
export function store(key: string, data: unknown, storage = () => localStorage): void {
  try {
    if (data === null) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(data));
  } catch {
    // Storage can be full or forbidden; then what waits lasts as long as the page.
  }
}

export function restore(key: string, storage = () => localStorage): unknown {
  try {
    return JSON.parse(storage().getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Return the drawings that are kept, in the order in which they were drawn: a drawing's key begins with its time. */
function recall(prefix: string): readonly Drawing[] {
  return keysFrom(prefix)
    .map((key) => [key.slice(prefix.length), restore(key) as Partial<Drawing> | null] as const)
    .map(([key, one]) => ({
      key,
      strokes: toStrokes(one?.strokes),
      asked: typeof one?.asked === "string" ? one.asked : null,
      round: typeof one?.round === "string" ? one.round : null,
    }))
    .filter(({ strokes }) => strokes.length > 0);
}

function keysFrom(prefix: string): string[] {
  try {
    return Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "")
      .filter((key) => key.startsWith(prefix))
      .sort();
  } catch {
    return [];
  }
}
