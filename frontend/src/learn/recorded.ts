/** Learn's source in a page that works without a server: the sets and runs that were recorded into it. */

import {
  decodeBase64,
  type GlyphsDocument,
  type LearnSet,
  type Pixels,
  type Setup,
  type TraceDocument,
  type TruthsDocument,
} from "./documents";
import type { LearnSource } from "./source";

/** What `inkmeans export lesson` writes into the page. */
export interface Recording {
  /** Each set with its pictures, once for each kind of pixels. */
  readonly sets: readonly (LearnSet & { readonly glyphs: readonly GlyphsDocument[] })[];
  readonly truths: readonly TruthsDocument[];
  readonly traces: readonly TraceDocument[];
}

/** Return the recording of a page: JSON, compressed by gzip, in base64. */
export async function readRecording(text: string): Promise<Recording> {
  const packed = new Blob([decodeBase64(text.trim())]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("gzip"))).json();
}

export class RecordedSource implements LearnSource {
  readonly recorded: readonly Setup[];
  private readonly recording: Recording;

  constructor(recording: Recording) {
    this.recording = recording;
    this.recorded = recording.traces.map(toSetup);
  }

  async listSets(): Promise<readonly LearnSet[]> {
    return this.recording.sets;
  }

  async loadGlyphs(set: string, pixels: Pixels): Promise<GlyphsDocument> {
    const found = this.recording.sets.find((one) => one.set === set);
    return present(found?.glyphs.find((glyphs) => glyphs.pixels === pixels));
  }

  async loadTruths(set: string): Promise<TruthsDocument> {
    return present(this.recording.truths.find((truths) => truths.set === set));
  }

  async trace(setup: Setup): Promise<TraceDocument> {
    return present(this.recording.traces.find((trace) => isSame(toSetup(trace), setup)));
  }
}

function toSetup({ set, pixels, k, start, seed, initial_rows }: TraceDocument): Setup {
  return { set, pixels, k, start, seed, rows: start === "hand" ? initial_rows : [] };
}

function isSame(a: Setup, b: Setup): boolean {
  const same = a.set === b.set && a.pixels === b.pixels && a.k === b.k && a.start === b.start;
  return same && (a.start === "hand" ? a.rows.join() === b.rows.join() : a.seed === b.seed);
}

function present<Document>(document: Document | undefined): Document {
  if (document === undefined)
    throw new Error("This was not recorded into the page; “inkmeans serve” runs it.");
  return document;
}
