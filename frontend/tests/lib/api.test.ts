import { afterEach, expect, test, vi } from "vitest";
import * as api from "../../src/lib/api";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answer(status: number, body: string) {
  const fetch = vi.fn(async (_url: string, _request: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

test("drawings are sent as JSON", async () => {
  const fetch = answer(200, '{"drawings": [], "pictures": {}}');
  const drawing = { strokes: [[[1, 2]]], width: 280, height: 280, pen: 18, pad_pen: 49 } as const;
  expect(await api.readInAllWays([drawing])).toEqual({ drawings: [], pictures: {} });
  expect(fetch).toHaveBeenCalledWith("/api/v1/lesson/readings", {
    method: "POST",
    body: JSON.stringify({ drawings: [drawing] }),
    headers: { "Content-Type": "application/json" },
  });
});

test("the models are asked for by GET", async () => {
  const fetch = answer(200, '{"models": []}');
  expect(await api.listModels()).toEqual([]);
  expect(fetch).toHaveBeenCalledWith("/api/v1/models", { method: "GET" });
});

test.each([
  [422, '{"detail": "A pen is above 0."}', "A pen is above 0.", false],
  [413, "{}", "The server answered 413.", false],
  [429, '{"detail": "Later."}', "Later.", true],
  [503, "<html>", "The server answered 503.", true],
  [200, '{"mod', "The server’s answer broke off.", true],
])("status %d is told", async (status, body, message, passes) => {
  answer(status, body);
  const problem = await api.showLesson().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(api.Problem);
  expect(problem).toMatchObject({ message, passes });
});

test("a server that is gone is told", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(api.showLesson()).rejects.toMatchObject({ passes: true, message: /does not answer/ });
});

test("a request that is taken back is no problem of the server", async () => {
  vi.stubGlobal("fetch", (_url: string, { signal }: RequestInit) => {
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  });
  const wanted = { set: "digits", pixels: "raw", k: 10, start: "random", seed: 0, rows: [] } as const;
  const taking = new AbortController();
  const answer = api.traceKMeans({ ...wanted, rows: [] }, taking.signal).catch((error: unknown) => error);
  taking.abort();
  const error = await answer;
  expect(error).not.toBeInstanceOf(api.Problem);
  expect(error).toMatchObject({ name: "AbortError" });
});
