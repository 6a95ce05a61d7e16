/** Requests about a person's own drawings, which are sent again once the server has forgotten them. */

import { Problem } from "../lib/api";
import type { LearnSet } from "./documents";

/** How to ask about a set: once more where it is of drawings that the server has forgotten and now has. */
export interface Again {
  again<Answer>(set: string, ask: () => Promise<Answer>): Promise<Answer>;
  /** The same for a stream, which is refused before its first line. */
  againLines<Line>(set: string, ask: () => AsyncIterable<Line>): AsyncGenerator<Line>;
}

/** Return how to ask; `send` gives this browser's drawings to the server, which answers with their set, if any. */
export function sendingAgain(send: () => Promise<LearnSet | null>): Again {
  const isSentAgain = async (problem: unknown, set: string) =>
    problem instanceof Problem &&
    problem.status === 404 &&
    set.startsWith("drawings-") &&
    (await send())?.set === set;

  return {
    async again(set, ask) {
      try {
        return await ask();
      } catch (problem) {
        if (!(await isSentAgain(problem, set))) throw problem;
        return ask();
      }
    },
    async *againLines(set, ask) {
      try {
        yield* ask();
      } catch (problem) {
        if (!(await isSentAgain(problem, set))) throw problem;
        yield* ask();
      }
    },
  };
}
