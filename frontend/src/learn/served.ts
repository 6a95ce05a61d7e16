/** Learn's sets and runs from the server. */

import { listLearnSets, Problem, showLearnSet, showLearnTruths, traceKMeans } from "../lib/api";
import { server } from "../shell/server.svelte";
import type { LearnSource } from "./source";

export const served: LearnSource = {
  listSets: () => told(listLearnSets()),
  loadGlyphs: (set, pixels) => told(showLearnSet(set, pixels)),
  loadTruths: (set) => told(showLearnTruths(set)),
  trace: (setup) => told(traceKMeans(setup)),
};

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
