/** A class as a page of the teacher's follows it: asked for what changed, again and again, each time from where it was. */

import { Problem } from "../lib/api";
import type {
  ClassDrawing,
  ClassSource,
  ClassState,
  DrawingDocument,
  DrawingState,
  Settings,
} from "./documents";

const FIRST_WAIT = 1000; // milliseconds after a failure; doubled at each further one
const LONGEST_WAIT = 8000;
const TOLD_AT_ONCE = 500; // drawings, at most; of more, the next answer tells the rest

export class Classroom {
  readonly #source: ClassSource;
  state = $state.raw<ClassState | null>(null);
  /** Whether this server has a class; null before it has said so. */
  isOffered = $state<boolean | null>(null);
  /** All that this page may see, in the order in which it learned that they are what they are. */
  drawings = $state.raw<readonly ClassDrawing[]>([]);
  /** Why nothing is heard of the class; "" while it answers. */
  away = $state("");
  /** The whole path of the project that this page kept last; "" where it kept none. */
  keptFile = $state("");
  /** Why the last press was not taken; "" where it was. */
  refused = $state("");
  #revision = 0;
  #round = "";
  /** Whether answers still tell what was there before this page. */
  #isBehind = true;
  /** Ends the question that waits for its answer. */
  #watched = new AbortController();

  readonly shown: readonly ClassDrawing[] = $derived(this.drawings.filter(({ state }) => state === "shown"));

  constructor(source: ClassSource) {
    this.#source = source;
  }

  get canStop(): boolean {
    return this.#source.stop !== undefined;
  }

  /** Follow the class from now on; returns what ends that. */
  follow(): () => void {
    const ending = new AbortController();
    void this.#run(ending.signal);
    return () => ending.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT;
    signal.addEventListener("abort", () => this.#watched.abort());
    while (!signal.aborted) {
      this.#watched = new AbortController();
      const watched = this.#watched.signal;
      try {
        const answer = await this.#source.watch(this.#revision, watched);
        if (watched.aborted) continue;
        this.away = "";
        this.#source.told(null);
        wait = FIRST_WAIT;
        this.isOffered = answer.is_offered;
        if (!answer.is_offered) return;
        this.#take(answer);
      } catch (error) {
        if (watched.aborted) continue;
        this.#failed(error);
        await pause(wait, signal);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
  }

  #take(state: ClassState): void {
    const isAnother = state.round !== this.#round;
    const isWhole = this.#revision === 0;
    this.#round = state.round;
    this.state = state;
    if (isAnother) {
      this.drawings = [];
      this.keptFile = "";
    }
    if (isAnother && !isWhole) {
      this.#revision = 0; // what was told is what changed since something else
      return;
    }
    this.#revision = state.revision;
    const isOld = isWhole || this.#isBehind;
    this.#isBehind = isOld && state.drawings.length >= TOLD_AT_ONCE;
    const now = isOld ? Number.NEGATIVE_INFINITY : performance.now(); // what was there before is not new
    if (state.drawings.length > 0) this.drawings = merged(this.drawings, state.drawings, now);
  }

  /** Nod, take out or put back; shown at once, and as it was where the server does not take it. */
  async move(ids: readonly number[], state: DrawingState): Promise<void> {
    if (ids.length === 0) return;
    const moved = new Set(ids);
    this.drawings = this.drawings.map((one) => (moved.has(one.id) ? { ...one, state } : one));
    await this.#asked(this.#source.move(ids, state));
  }

  async change(settings: Settings): Promise<void> {
    if (this.state) this.state = { ...this.state, ...settings };
    await this.#asked(this.#source.change(settings));
  }

  /** Take nothing more from a phone, and all its drawings out; or take its drawings again. */
  async stop(phone: number, isStopped: boolean): Promise<void> {
    await this.#asked(this.#source.stop?.(phone, isStopped) ?? Promise.resolve());
  }

  async #asked(request: Promise<void>): Promise<void> {
    try {
      await request;
      this.refused = "";
    } catch (error) {
      this.#revision = 0; // the next answer says how all is
      this.#watched.abort();
      this.#failed(error);
      this.refused = this.away; // which the next answer takes back
    }
  }

  #failed(error: unknown): void {
    this.away = error instanceof Error ? error.message : String(error);
    this.#source.told(error instanceof Error ? error : null);
    if (error instanceof Problem && error.status === 401) this.#forget();
  }

  /** Who is let in no more keeps no picture: the class may have ended, and its drawings are deleted everywhere. */
  #forget(): void {
    this.state = null;
    this.drawings = [];
    this.#revision = 0;
    this.#round = "";
  }
}

/** Return the drawings after a change; what changes its state goes to the end, so that all others keep their places. */
export function merged(
  drawings: readonly ClassDrawing[],
  told: readonly DrawingDocument[],
  now: number,
): readonly ClassDrawing[] {
  const byId = new Map(drawings.map((one) => [one.id, one]));
  for (const { id, state, asked, phone, glyph, reading } of told) {
    const known = byId.get(id);
    if (glyph === null) {
      byId.delete(id); // not for this page
      continue;
    }
    const came = known?.came ?? now;
    const pixels = known?.pixels ?? Uint8Array.from(atob(glyph), (byte) => byte.charCodeAt(0));
    if (known && known.state !== state) byId.delete(id);
    byId.set(id, { id, state, asked, phone, pixels, reading, came });
  }
  return [...byId.values()];
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
