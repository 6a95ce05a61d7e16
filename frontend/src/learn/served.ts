/** Learn's sets and runs from the server. */

import { listLearnSets, Problem, sendDrawings, showLearnSet, showLearnTruths, traceKMeans } from "../lib/api";
import { collection } from "../lib/collection.svelte";
import { server } from "../shell/server.svelte";
import { withOwnDrawings } from "./ownDrawings";
import type { LearnSource } from "./source";

const stored: LearnSource = {
  listSets: () => told(listLearnSets()),
  loadGlyphs: (set, pixels) => told(showLearnSet(set, pixels)),
  loadTruths: (set) => told(showLearnTruths(set)),
  trace: (setup) => told(traceKMeans(setup)),
};

/** Fewer drawings make no two clusters. */
const FEWEST = 2;

export const served = withOwnDrawings(stored, async () =>
  collection.size < FEWEST ? null : sendDrawings({ title: "Your drawings", drawings: collection.drawings }),
);

/** Wait for an answer, and tell the shell whether the server gives any. */
async function told<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    const answer = await request;
    server.answered();
    return answer;
  } catch (error) {
    if (error instanceof Problem) server.failed(error);
    throw error;
  }
}
