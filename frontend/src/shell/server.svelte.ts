/** Whether the server answers; while it does not, one question after the other whether it does again. */

import { NEW_TOKEN, type Problem } from "../lib/api";

const FIRST_WAIT = 1; // seconds from a failure to the next try; doubled at each further failure
const LONGEST_WAIT = 8;

class Server {
  #away = $state("");
  #hasNoAnswer = $state(false);
  #seconds = $state(0);
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isAsking = false;
  readonly #retries = new Set<() => void>();

  /** The sentence of the failure; "" while the server answers. */
  get away(): string {
    return this.#away;
  }

  /** Whether there was no answer at all, not even that of a server that is busy. */
  get hasNoAnswer(): boolean {
    return this.#hasNoAnswer;
  }

  /** The seconds to the next try; 0 while it is on its way. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Tell a failure that may pass. One that does not belongs beside its cause. */
  failed(problem: Problem): void {
    if (!problem.passes) return;
    this.#away = problem.message;
    this.#hasNoAnswer = problem.status === 0;
    if (this.#timer === undefined && !this.#isAsking) this.#countDown();
  }

  /** Tell that the server answered; if it was away, all who wait ask again. */
  answered(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wait = FIRST_WAIT;
    if (!this.#away) return;
    this.#away = "";
    for (const retry of this.#retries) retry();
  }

  /** Call `retry` whenever the server is there again; returns what ends that. */
  onretry(retry: () => void): () => void {
    this.#retries.add(retry);
    return () => {
      this.#retries.delete(retry);
    };
  }

  /** Ask now whether the server is there. */
  async tryNow(): Promise<void> {
    if (this.#isAsking) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#seconds = 0;
    this.#isAsking = true;
    const status = await fetch("/api/v1/models").then(
      (response) => response.status,
      () => 0,
    );
    this.#isAsking = false;
    if (status === 401 && this.#away) {
      this.#away = NEW_TOKEN;
      this.#hasNoAnswer = false;
    }
    const isThere = status > 0 && status < 500 && status !== 401 && status !== 429;
    if (isThere) this.answered();
    else if (this.#away) this.#countDown(); // unless a view had an answer meanwhile
  }

  #countDown(): void {
    this.#seconds = this.#wait;
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    this.#timer = setInterval(() => {
      this.#seconds -= 1;
      if (this.#seconds <= 0) void this.tryNow();
    }, 1000);
  }
}

export const server = new Server();
