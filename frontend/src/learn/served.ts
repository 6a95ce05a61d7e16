/** Learn's sets and runs from the server. */

import { listLearnSets, showLearnSet, showLearnTruths, traceKMeans } from "../lib/api";
import type { LearnSource } from "./source";

export const served: LearnSource = {
  listSets: listLearnSets,
  loadGlyphs: showLearnSet,
  loadTruths: showLearnTruths,
  trace: traceKMeans,
};
