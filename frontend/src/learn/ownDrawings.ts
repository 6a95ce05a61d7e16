/** A person's own drawings as a set among the others: sent to the server, and sent again once it has forgotten them. */

import { Problem } from "../lib/api";
import type { LearnSet } from "./documents";
import type { LearnSource } from "./source";

/**
 * Return a source that has the drawings of this browser too.
 *
 * `send` gives them to the server, which answers with their set; null while there are too few. Sets of drawings that
 * others sent, or that this browser had before the last one was drawn, are left out.
 */
export function withOwnDrawings(source: LearnSource, send: () => Promise<LearnSet | null>): LearnSource {
  /** Whether the server no longer has what was asked for, and has it now. */
  const isSentAgain = async (problem: unknown, set: string) =>
    problem instanceof Problem &&
    problem.status === 404 &&
    set.startsWith("drawings-") &&
    (await send())?.set === set;

  async function again<Answer>(set: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (problem) {
      if (!(await isSentAgain(problem, set))) throw problem;
      return ask();
    }
  }

  /** The same for a stream, which is refused before its first line. */
  async function* againLines<Line>(set: string, ask: () => AsyncIterable<Line>): AsyncGenerator<Line> {
    try {
      yield* ask();
    } catch (problem) {
      if (!(await isSentAgain(problem, set))) throw problem;
      yield* ask();
    }
  }

  const { runs } = source;
  return {
    async listSets() {
      const [sets, own] = await Promise.all([source.listSets(), send().catch(() => null)]);
      const others = sets.filter(({ kind }) => kind !== "drawings");
      return own ? [...others, own] : others;
    },
    loadGlyphs: (set, pixels) => again(set, () => source.loadGlyphs(set, pixels)),
    loadTruths: (set) => again(set, () => source.loadTruths(set)),
    trace: (setup) => again(setup.set, () => source.trace(setup)),
    ...(runs && { runs: (wanted, signal) => againLines(wanted.set, () => runs(wanted, signal)) }),
  };
}
