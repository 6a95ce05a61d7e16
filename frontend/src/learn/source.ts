/** Where Learn's sets and runs come from: the server, or what was recorded into a page that works without one. */

import type { BodyOf, LineOf } from "../lib/stream";
import type { GlyphsDocument, LearnSet, Pixels, Setup, TraceDocument, TruthsDocument } from "./documents";

export type RunsRequest = BodyOf<"/api/v1/learn/runs">;
export type RunsLine = LineOf<"/api/v1/learn/runs">;

export interface LearnSource {
  listSets(): Promise<readonly LearnSet[]>;
  loadGlyphs(set: string, pixels: Pixels): Promise<GlyphsDocument>;
  /** One truth for each mark. */
  loadTruths(set: string): Promise<TruthsDocument>;
  trace(setup: Setup): Promise<TraceDocument>;
  /** Run k-means from many starts; a page without a server cannot. */
  runs?(wanted: RunsRequest, signal: AbortSignal): AsyncIterable<RunsLine>;
  /** The only set-ups that can be run; a source without this runs any. */
  readonly recorded?: readonly Setup[];
}
