/** Requests about items that change faster than the server answers: one at a time, each about all that wait. */

import { Problem } from "./api";

export const FIRST_WAIT = 1000; // milliseconds from a failure to the next request; doubled at each further failure
export const LONGEST_WAIT = 8000;

export interface Requests<Item> {
  /** Ask for what does not depend on the items: before the first of them, and again after the server was away. */
  prepare(): Promise<void>;
  /** Ask about these items. */
  send(items: readonly Item[]): Promise<void>;
  /** Called after each request that was answered. */
  succeeded(): void;
  /** Called after each request that failed; `items` will be sent again. */
  failed(problem: Problem, items: readonly Item[]): void;
}

export class RequestQueue<Item> {
  readonly #requests: Requests<Item>;
  readonly #waiting = new Set<Item>();
  #sent = new Set<Item>();
  #isPrepared = false;
  #isBusy = false;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(requests: Requests<Item>) {
    this.#requests = requests;
  }

  /** Ask about `items`: at once, or as soon as the request before them is answered or the wait after a failure is over. */
  add(items: Iterable<Item>): void {
    for (const item of items) this.#waiting.add(item);
    void this.#run();
  }

  /** Ask no more about an item. */
  drop(item: Item): void {
    this.#waiting.delete(item);
    this.#sent.delete(item);
  }

  /** Prepare again and ask about `items`, without waiting for what is left of the time after a failure. */
  restart(items: Iterable<Item>): void {
    this.#isPrepared = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.add(items);
  }

  async #run(): Promise<void> {
    if (this.#isBusy || this.#timer !== undefined) return;
    this.#isBusy = true;
    try {
      while (!this.#isPrepared || this.#waiting.size > 0) {
        await (this.#isPrepared ? this.#sendWaiting() : this.#prepare());
        this.#wait = FIRST_WAIT;
        this.#requests.succeeded();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBusy = false;
    }
  }

  async #prepare(): Promise<void> {
    this.#isPrepared = true; // before the answer: a restart meanwhile asks again
    try {
      await this.#requests.prepare();
    } catch (error) {
      this.#isPrepared = false;
      throw error;
    }
  }

  async #sendWaiting(): Promise<void> {
    this.#sent = new Set(this.#waiting);
    this.#waiting.clear();
    await this.#requests.send([...this.#sent]);
    this.#sent.clear();
  }

  /** Keep what was sent if the server was away; what it refused is not sent again. */
  #failed(error: unknown): void {
    const again = error instanceof Problem && error.passes ? [...this.#sent] : [];
    this.#sent.clear();
    if (!(error instanceof Problem)) throw error;
    if (error.passes) this.#isPrepared = false; // a server that was started again has forgotten the names
    for (const item of again) this.#waiting.add(item);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    this.#requests.failed(error, again);
  }
}
