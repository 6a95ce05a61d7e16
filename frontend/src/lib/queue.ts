/** Requests about items that change faster than the server answers: one at a time, each about all that wait. */

import { Problem } from "./api";

export interface Requests<Item> {
  /** Ask for what does not depend on the items: before the first of them, and again after the server was away. */
  prepare(): Promise<void>;
  /** Ask about these items. */
  send(items: readonly Item[]): Promise<void>;
  /** Called after each request that was answered. */
  succeeded(): void;
  /** Called after each request that failed; `items` will be sent again after `restart`. */
  failed(problem: Problem, items: readonly Item[]): void;
}

export class RequestQueue<Item> {
  readonly #requests: Requests<Item>;
  readonly #waiting = new Set<Item>();
  #sent = new Set<Item>();
  #isPrepared = false;
  #isBusy = false;
  #isStopped = false;

  constructor(requests: Requests<Item>) {
    this.#requests = requests;
  }

  /** Ask about `items`: at once, as soon as the request before them is answered, or once the server is there again. */
  add(items: Iterable<Item>): void {
    for (const item of items) this.#waiting.add(item);
    void this.#run();
  }

  /** Ask no more about an item. */
  drop(item: Item): void {
    this.#waiting.delete(item);
    this.#sent.delete(item);
  }

  /** Prepare again and ask about `items`: at the start, and when a server that was away is there again. */
  restart(items: Iterable<Item>): void {
    this.#isPrepared = false; // it may be another server
    this.#isStopped = false;
    this.add(items);
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (!this.#isStopped && (!this.#isPrepared || this.#waiting.size > 0)) {
      try {
        await (this.#isPrepared ? this.#sendWaiting() : this.#prepare());
        this.#requests.succeeded();
      } catch (error) {
        this.#failed(error);
        if (!this.#isPrepared) break; // the next item asks again
      }
    }
    this.#isBusy = false;
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
    const passes = error instanceof Problem && error.passes;
    const again = passes ? [...this.#sent] : [];
    this.#sent.clear();
    if (passes) this.#isStopped = true;
    if (!(error instanceof Problem)) {
      this.#isBusy = false;
      throw error;
    }
    for (const item of again) this.#waiting.add(item);
    this.#requests.failed(error, again);
  }
}
