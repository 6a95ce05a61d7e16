import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../src/lib/api";
import { RequestQueue, type Requests } from "../../src/lib/queue";

const AWAY = new Problem("The server does not answer.", true);
const REFUSED = new Problem("The drawing is too large.", false);

/** A server that answers when it is told to: each request stands open until `answer` or `fail`. */
class Server implements Requests<string> {
  readonly log: string[] = [];
  readonly #open: { answer: () => void; fail: (error: Error) => void }[] = [];

  #request(name: string): Promise<void> {
    this.log.push(name);
    return new Promise((answer, fail) => this.#open.push({ answer, fail }));
  }

  prepare = () => this.#request("prepare");
  send = (items: readonly string[]) => this.#request(items.join(""));
  succeeded = () => {
    this.log.push("ok");
  };
  failed = (problem: Problem, items: readonly string[]) => {
    this.log.push(problem.passes ? `away ${items.join("")}` : "refused");
  };

  async answer(): Promise<void> {
    this.#open.shift()?.answer();
    await vi.advanceTimersByTimeAsync(0);
  }

  async fail(error: Error): Promise<void> {
    this.#open.shift()?.fail(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

let server: Server;
let queue: RequestQueue<string>;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  queue = new RequestQueue(server);
});

afterEach(() => {
  vi.useRealTimers();
});

test("one request is open at a time, and the next asks about all that came meanwhile", async () => {
  queue.add(["a"]);
  expect(server.log).toEqual(["prepare"]);
  queue.add(["b"]);
  await server.answer();
  expect(server.log).toEqual(["prepare", "ok", "ab"]);
  queue.add(["c"]);
  queue.add(["c", "a"]);
  await server.answer();
  await server.answer();
  expect(server.log).toEqual(["prepare", "ok", "ab", "ok", "ca", "ok"]);
});

test("a server that is away is asked nothing until the restart", async () => {
  queue.add(["a"]);
  await server.answer();
  await server.fail(AWAY);
  queue.add(["b"]); // waits too
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.log.slice(2)).toEqual(["a", "away a"]);
  queue.restart([]);
  expect(server.log.at(-1)).toBe("prepare"); // it may be another server
  await server.answer();
  await server.answer();
  expect(server.log.slice(-4)).toEqual(["prepare", "ok", "ab", "ok"]);
});

test("a failure after the restart stops again", async () => {
  queue.add(["a"]);
  await server.fail(AWAY);
  queue.restart([]);
  await server.fail(AWAY);
  queue.add(["b"]);
  expect(server.log).toEqual(["prepare", "away ", "prepare", "away "]);
  queue.restart([]);
  await server.answer();
  expect(server.log.at(-1)).toBe("ab");
});

test("what the server refuses is not sent again", async () => {
  queue.add(["a"]);
  await server.answer();
  await server.fail(REFUSED);
  queue.add(["b"]);
  expect(server.log.slice(2)).toEqual(["a", "refused", "b"]);
});

test("what was dropped is not sent, not even again after a failure", async () => {
  queue.add(["a", "b", "c"]);
  queue.drop("a");
  await server.answer();
  queue.drop("b");
  await server.fail(AWAY);
  expect(server.log.slice(2)).toEqual(["bc", "away c"]);
  queue.restart([]);
  await server.answer();
  expect(server.log.at(-1)).toBe("c");
});

test("a restart prepares again", async () => {
  queue.add(["a"]);
  await server.fail(AWAY);
  queue.restart(["a", "b"]);
  expect(server.log).toEqual(["prepare", "away ", "prepare"]);
  queue.restart([]); // while that is open: once more after it
  await server.answer();
  await server.answer();
  await server.answer();
  expect(server.log.slice(2)).toEqual(["prepare", "ok", "prepare", "ok", "ab", "ok"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.log).toHaveLength(8);
});
