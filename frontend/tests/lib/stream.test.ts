import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "../../src/lib/api";
import { streamLines } from "../../src/lib/stream";

afterEach(() => {
  vi.unstubAllGlobals();
});

const BODY = { set: "digits", pixels: "raw", k: 10, n_runs: 2, seed: 0, truths: false } as const;
const run = (seed: number) => ({
  run: { start: "random", seed, n_iter: 3, inertia: 5, accuracy: null },
});

/** Answer with these pieces, one after the other; an Error breaks the answer off there. */
function answer(pieces: readonly (string | Uint8Array | Error)[], status = 200) {
  const cancel = vi.fn();
  const rest = pieces.map((piece) => (typeof piece === "string" ? new TextEncoder().encode(piece) : piece));
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = rest.shift();
        if (piece === undefined) controller.close();
        else if (piece instanceof Error) controller.error(piece);
        else controller.enqueue(piece);
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  const fetch = vi.fn(async (_url: string, _request: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetch);
  return { fetch, cancel };
}

async function read(signal?: AbortSignal): Promise<unknown[]> {
  const lines: unknown[] = [];
  try {
    for await (const line of streamLines("/api/v1/learn/runs", BODY, signal)) lines.push(line);
  } catch (error) {
    lines.push(error);
  }
  return lines;
}

test("each line is a document, wherever the pieces of the answer end", async () => {
  const text = `${JSON.stringify(run(0))}\n${JSON.stringify(run(1))}\n`;
  for (const at of [1, 10, text.indexOf("\n"), text.indexOf("\n") + 1, text.length - 1]) {
    const { fetch } = answer([text.slice(0, at), text.slice(at)]);
    expect(await read()).toEqual([run(0), run(1)]);
    expect(fetch.mock.calls[0]?.[1].body).toBe(JSON.stringify(BODY));
  }
});

test("a letter may be cut by the end of a piece", async () => {
  const bytes = new TextEncoder().encode('{"run": "é"}\n');
  answer([bytes.slice(0, 10), bytes.slice(10)]);
  expect(await read()).toEqual([{ run: "é" }]);
});

test("a line is there before the next one is", async () => {
  let send = (_: string) => {};
  const body = new ReadableStream({
    start: (controller) => {
      send = (text) => controller.enqueue(new TextEncoder().encode(text));
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body));
  const lines = streamLines("/api/v1/learn/runs", BODY);
  send(`${JSON.stringify(run(0))}\n`);
  expect((await lines.next()).value).toEqual(run(0));
  send(`${JSON.stringify(run(1))}\n`);
  expect((await lines.next()).value).toEqual(run(1));
});

test.each([
  [
    "a refusal",
    ['{"detail": "k must be no more than the number of images."}'],
    422,
    [],
    "k must be no more than the number of images.",
    false,
  ],
  [
    "a failure on the way",
    [`${JSON.stringify(run(0))}\n`, '{"problem": {"status": 500, "detail": "Not foreseen."}}\n'],
    200,
    [run(0)],
    "Not foreseen.",
    false, // it would fail again, each second
  ],
  [
    "a server that ends on the way",
    [`${JSON.stringify(run(0))}\n`, '{"problem": {"status": 503, "detail": "The server ends."}}\n'],
    200,
    [run(0)],
    "The server ends.",
    true,
  ],
  [
    "what is no JSON",
    [`${JSON.stringify(run(0))}\n`, "<html>A proxy's page</html>\n"],
    200,
    [run(0)],
    "The server’s answer broke off.",
    false,
  ],
  [
    "half a line",
    [`${JSON.stringify(run(0))}\n`, '{"run'],
    200,
    [run(0)],
    "The server’s answer broke off.",
    true,
  ],
  [
    "a lost connection",
    [`${JSON.stringify(run(0))}\n`, new Error("lost")],
    200,
    [run(0)],
    "The server’s answer broke off.",
    true,
  ],
])("%s is told", async (_, pieces, status, lines, message, passes) => {
  answer(pieces, status);
  const told = await read();
  const problem = told.pop();
  expect(told).toEqual(lines);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ message, passes });
});

test("who reads no further takes the request back", async () => {
  const { cancel } = answer([`${JSON.stringify(run(0))}\n`, `${JSON.stringify(run(1))}\n`]);
  for await (const line of streamLines("/api/v1/learn/runs", BODY)) {
    expect(line).toEqual(run(0));
    break;
  }
  expect(cancel).toHaveBeenCalledOnce();
});

test("a request that was taken back is no problem of the server", async () => {
  const abort = new AbortController();
  answer([`${JSON.stringify(run(0))}\n`, new Error("aborted")]);
  const lines = streamLines("/api/v1/learn/runs", BODY, abort.signal);
  await lines.next();
  abort.abort();
  await expect(lines.next()).rejects.toMatchObject({ name: "AbortError" });
});
