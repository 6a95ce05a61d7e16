/** What is asked of the server, with the shell told whether the server is there. */

import { Problem } from "../lib/api";
import { server } from "../shell/server.svelte";

/** Wait for an answer, and tell the shell whether the server gives any. */
export async function told<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    const answer = await request;
    server.answered();
    return answer;
  } catch (error) {
    if (error instanceof Problem) server.failed(error);
    throw error;
  }
}

/** Yield the lines of a stream, and tell the shell whether the server sends any. */
export async function* toldLines<Line>(lines: AsyncIterable<Line>): AsyncGenerator<Line, void, void> {
  try {
    for await (const line of lines) {
      server.answered();
      yield line;
    }
  } catch (error) {
    if (error instanceof Problem) server.failed(error);
    throw error;
  }
}
