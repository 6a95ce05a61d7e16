/** Learn's sets and runs from the server. */

import { listLearnSets, sendDrawings, showLearnSet, showLearnTruths, traceKMeans } from "../lib/api";
import { collection } from "../lib/collection.svelte";
import { streamLines } from "../lib/stream";
import { withOwnDrawings } from "./ownDrawings";
import type { LearnSource } from "./source";
import { told, toldLines } from "./told";

const stored: LearnSource = {
  listSets: () => told(listLearnSets()),
  loadGlyphs: (set, pixels) => told(showLearnSet(set, pixels)),
  loadTruths: (set) => told(showLearnTruths(set)),
  trace(setup) {
    running.abort();
    running = new AbortController();
    return told(traceKMeans(setup, running.signal));
  },
  runs: (wanted, signal) => toldLines(streamLines("/api/v1/learn/runs", wanted, signal)),
};

/** The request of the latest run: the server makes one run at a time, so one that nobody waits for is taken back. */
let running = new AbortController();

/** Fewer drawings make no two clusters. */
const FEWEST = 2;

/** Send this browser's drawings; the answer is their set, null while there are too few. */
export const sendOwn = async () =>
  collection.size < FEWEST ? null : sendDrawings({ title: "Your drawings", drawings: collection.drawings });

export const served = withOwnDrawings(stored, sendOwn);
