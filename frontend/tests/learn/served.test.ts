import { afterEach, expect, test, vi } from "vitest";
import { served } from "../../src/learn/served";
import { TRACE } from "./run";

vi.mock("../../src/lib/collection.svelte", () => ({ collection: { size: 0, drawings: [] } }));
vi.mock("../../src/shell/server.svelte", () => ({ server: { answered: () => {}, failed } }));
const failed = vi.hoisted(() => vi.fn());

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a run that another one follows is taken back, and its server is not called away", async () => {
  const signals: AbortSignal[] = [];
  vi.stubGlobal("fetch", (_url: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    if (signals.length === 2) return Promise.resolve(new Response(JSON.stringify(TRACE)));
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const setup = { set: "digits", pixels: "raw", k: 10, start: "random", seed: 0, rows: [] } as const;
  const first = served.trace(setup).catch((error: unknown) => error);
  const second = served.trace({ ...setup, k: 11 });
  expect(await first).toMatchObject({ name: "AbortError" });
  expect(await second).toEqual(TRACE);
  expect(failed).not.toHaveBeenCalled();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});
