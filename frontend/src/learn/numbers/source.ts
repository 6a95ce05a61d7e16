/** Where Choose k's figures, clusters and readings come from: the server. */

import {
  type Clustering,
  countNames,
  type DrawingReading,
  makeClustering,
  type NamesCounted,
  Problem,
  readByNames,
  type SavedProject,
  saveNamedClusters,
} from "../../lib/api";
import { type BodyOf, type LineOf, streamLines } from "../../lib/stream";
import type { Strokes } from "../../lib/strokes";
import { SIDE } from "../../lib/strokes";
import type { Names } from "../../ui/naming";
import { sendingAgain } from "../again";
import type { LearnSet } from "../documents";
import { told, toldLines } from "../told";

export type NumbersRequest = BodyOf<"/api/v1/learn/numbers">;
export type NumbersLine = LineOf<"/api/v1/learn/numbers">;
export type TriedNumber = Extract<NumbersLine, { number: unknown }>["number"];
export type By = NumbersRequest["by"];

export interface NumbersSource {
  /** Try numbers of clusters, a line each. */
  numbers(wanted: NumbersRequest, signal: AbortSignal): AsyncIterable<NumbersLine>;
  makeClusters(set: string, by: By, k: number, signal: AbortSignal): Promise<Clustering>;
  count(clustering: string, names: Names): Promise<NamesCounted>;
  save(clustering: string, title: string, names: Names): Promise<SavedProject>;
  read(clustering: string, names: Names, strokes: Strokes, pen: number): Promise<DrawingReading>;
}

/** Return the server's; `send` gives it this browser's drawings, as for `sendingAgain`. */
export function servedNumbers(send: () => Promise<LearnSet | null>): NumbersSource {
  const { again, againLines } = sendingAgain(send);
  const setOf = (clustering: string) => clustering.split(".")[0] ?? "";
  return {
    numbers: (wanted, signal) =>
      againLines(wanted.set, () => toldLines(streamLines("/api/v1/learn/numbers", wanted, signal))),
    makeClusters: (set, by, k, signal) => again(set, () => told(makeClustering({ set, by, k }, signal))),
    count: (clustering, names) =>
      again(setOf(clustering), () => told(countNames(clustering, { names: [...names], truths: true }))),
    save: (clustering, title, names) =>
      again(setOf(clustering), () => told(saveNamedClusters(clustering, { title, names: [...names] }))),
    async read(clustering, names, strokes, pen) {
      const drawings = [
        {
          strokes: strokes.map((stroke) => stroke.map(([x, y]) => [x, y] as const)),
          width: SIDE,
          height: SIDE,
          pen,
        },
      ];
      const { drawings: read } = await again(setOf(clustering), () =>
        told(readByNames(clustering, { names: [...names], drawings })),
      );
      const [first] = read;
      if (!first) throw new Problem("The server’s answer has no reading.", false);
      return first;
    },
  };
}
