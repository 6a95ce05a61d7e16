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

test("a rename is a PUT to its cluster", async () => {
  const fetch = answer(200, '{"names": ["零"], "proposed": ["0"], "right": 0.5}');
  expect(await api.rename(3, "零")).toEqual({ names: ["零"], proposed: ["0"], right: 0.5 });
  expect(fetch).toHaveBeenCalledWith("/api/v1/models/lesson/names/3", {
    method: "PUT",
    body: '{"name":"零"}',
    headers: { "Content-Type": "application/json" },
  });
});

test("the centers are the lesson's", async () => {
  const fetch = answer(200, '{"centers": []}');
  expect(await api.listLessonCenters()).toEqual([]);
  expect(fetch).toHaveBeenCalledWith("/api/v1/models/lesson/centers", { method: "GET" });
});

test.each([
  [422, '{"detail": "A name must not be \'?\'."}', "A name must not be '?'.", false],
  [413, "{}", "The server answered 413.", false],
  [429, '{"detail": "Later."}', "Later.", true],
  [503, "<html>", "The server answered 503.", true],
])("status %d is told", async (status, body, message, passes) => {
  answer(status, body);
  const problem = await api.listNames().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(api.Problem);
  expect(problem).toMatchObject({ message, passes });
});

test("a server that is gone is told", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(api.listNames()).rejects.toMatchObject({ passes: true, message: /does not answer/ });
});
