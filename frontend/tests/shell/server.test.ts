import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../src/lib/api";

const AWAY = new Problem("The server does not answer.", true);

let answers: (number | null)[];
let asked: number;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  answers = [];
  asked = 0;
  vi.stubGlobal("fetch", () => {
    asked += 1;
    const status = answers.shift() ?? null;
    return status === null ? Promise.reject(new TypeError()) : Promise.resolve({ status });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = async () => (await import("../../src/shell/server.svelte")).server;

test("a failure that does not pass is nothing of the server's", async () => {
  const server = await open();
  server.failed(new Problem("A name must not be '?'.", false, 422));
  expect(server.away).toBe("");
});

test("a server that is away is asked again, ever more seldom, one question at a time", async () => {
  const server = await open();
  server.failed(AWAY);
  server.failed(AWAY);
  expect([server.away, server.hasNoAnswer, server.seconds]).toEqual([AWAY.message, true, 1]);
  const waits: number[] = [];
  for (let round = 0; round < 6; round++) {
    waits.push(server.seconds);
    await vi.advanceTimersByTimeAsync(1000 * server.seconds);
  }
  expect(waits).toEqual([1, 2, 4, 8, 8, 8]);
  expect(asked).toBe(6);
});

test("when it is back, who waits is told, and the wait begins anew", async () => {
  const server = await open();
  const retry = vi.fn();
  const unheard = vi.fn();
  server.onretry(retry);
  server.onretry(unheard)();
  answers = [503, 200];
  server.failed(AWAY);
  await vi.advanceTimersByTimeAsync(1000);
  expect(retry).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2000);
  expect(retry).toHaveBeenCalledTimes(1);
  expect(unheard).not.toHaveBeenCalled();
  expect(server.away).toBe("");
  server.failed(new Problem("The server is busy.", true, 429));
  expect([server.away, server.hasNoAnswer, server.seconds]).toEqual(["The server is busy.", false, 1]);
});

test("a server that was started again wants its new address opened, and is asked until it was", async () => {
  const server = await open();
  const retry = vi.fn();
  server.onretry(retry);
  answers = [401, 200];
  server.failed(AWAY);
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.away).toContain("Open the address that it printed");
  expect([server.hasNoAnswer, retry.mock.calls.length]).toEqual([false, 0]);
  await vi.advanceTimersByTimeAsync(2000);
  expect([server.away, retry.mock.calls.length]).toEqual(["", 1]);
});

test("one can ask now, and a view's own answer counts too", async () => {
  const server = await open();
  const retry = vi.fn();
  server.onretry(retry);
  server.failed(AWAY);
  answers = [200];
  await server.tryNow();
  expect([server.away, retry.mock.calls.length]).toEqual(["", 1]);
  server.failed(AWAY);
  server.answered();
  expect(retry).toHaveBeenCalledTimes(2); // else who waits would wait for ever
  server.answered();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([server.away, asked, retry.mock.calls.length]).toEqual(["", 1, 2]);
});
