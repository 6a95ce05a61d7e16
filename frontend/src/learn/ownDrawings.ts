/** A person's own drawings as a set among the others: sent to the server, and sent again once it has forgotten them. */

import { sendingAgain } from "./again";
import type { LearnSet } from "./documents";
import type { LearnSource } from "./source";

/**
 * Return a source that has the drawings of this browser too.
 *
 * `send` gives them to the server, which answers with their set; null while there are too few. Sets of drawings that
 * others sent, or that this browser had before the last one was drawn, are left out.
 */
export function withOwnDrawings(source: LearnSource, send: () => Promise<LearnSet | null>): LearnSource {
  const { again, againLines } = sendingAgain(send);
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
