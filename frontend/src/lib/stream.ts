/** Answers that come line by line while the server works them out, each line a JSON document (NDJSON). */

import type { components, paths } from "../../build/openapi";
import { BROKEN_OFF, mayPass, Problem, reach, refusalOf } from "./api";

type Ndjson<Operation> = Operation extends {
  responses: { 200: { content: { "application/x-ndjson": infer Line } } };
}
  ? Line
  : never;
type Post<Path extends keyof paths> = paths[Path] extends { post: infer Operation } ? Operation : never;
type Told = components["schemas"]["ProblemLine"];

/** The paths whose answer is a stream. */
export type StreamPath = {
  [Path in keyof paths]: [Ndjson<Post<Path>>] extends [never] ? never : Path;
}[keyof paths];
/** A line of a path's stream; a failure, which is thrown, is none of them. */
export type LineOf<Path extends StreamPath> = Exclude<Ndjson<Post<Path>>, Told>;
export type BodyOf<Path extends StreamPath> =
  Post<Path> extends {
    requestBody: { content: { "application/json": infer Body } };
  }
    ? Body
    : never;

/**
 * Ask for a stream and yield its lines as they come.
 *
 * The work ends on the server too when `signal` takes the request back, or when who reads stops reading.
 *
 * @throws Problem where the server refuses, fails on the way or breaks off.
 */
export async function* streamLines<Path extends StreamPath>(
  path: Path,
  body: BodyOf<Path>,
  signal?: AbortSignal,
): AsyncGenerator<LineOf<Path>, void, void> {
  const response = await reach(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
    ...(signal && { signal }),
  });
  if (!response.ok) throw refusalOf(response, await response.json().catch(() => null));
  if (!response.body) return;
  for await (const text of linesOf(response.body, signal)) {
    const line = parsed(text);
    const { problem } = line;
    if (problem) throw new Problem(problem.detail, mayPass(problem.status), problem.status);
    yield line as LineOf<Path>;
  }
}

/** A line that is no JSON is not the server's: something between it and the page broke in. */
function parsed(text: string): Partial<Told> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(BROKEN_OFF, false);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>, signal?: AbortSignal): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        signal?.throwIfAborted();
        throw new Problem(BROKEN_OFF, true);
      });
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      if (done) break;
    }
    if (rest) throw new Problem(BROKEN_OFF, true);
  } finally {
    await reader.cancel().catch(() => {});
  }
}
