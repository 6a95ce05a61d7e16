/** Where Learn's sets and runs come from: the server, or what was recorded into a page that works without one. */

import type { GlyphsDocument, LearnSet, Pixels, Setup, TraceDocument, TruthsDocument } from "./documents";

export interface LearnSource {
  listSets(): Promise<readonly LearnSet[]>;
  loadGlyphs(set: string, pixels: Pixels): Promise<GlyphsDocument>;
  /** One truth for each mark. */
  loadTruths(set: string): Promise<TruthsDocument>;
  trace(setup: Setup): Promise<TraceDocument>;
  /** The only set-ups that can be run; a source without this runs any. */
  readonly recorded?: readonly Setup[];
}
