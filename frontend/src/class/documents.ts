/** What the server says of a class, and what a teacher's page makes of it. */

export type DrawingState = "waiting" | "shown" | "out";

export interface Reading {
  readonly text: string;
  readonly confidence: number;
  readonly rejected: boolean;
}

/** A drawing as it is told: of what is not to be seen there is no picture. */
export interface DrawingDocument {
  readonly id: number;
  readonly state: DrawingState;
  readonly asked: string | null;
  readonly phone: number;
  readonly glyph: string | null;
  readonly reading: Reading | null;
}

export interface ClassState {
  readonly is_offered: true;
  readonly round: string;
  readonly revision: number;
  readonly is_open: boolean;
  readonly is_ended: boolean;
  readonly as_they_come: boolean;
  readonly prompts: boolean;
  readonly address: string;
  /** The modules of the code, row by row, "1" is dark; without the quiet border. */
  readonly qr: readonly string[];
  readonly n_phones: number;
  readonly n_waiting: number;
  readonly n_shown: number;
  readonly n_most: number;
  readonly drawings: readonly DrawingDocument[];
  readonly reader: { readonly k: number; readonly names: readonly (string | null)[] } | null;
  /** Where the drawings were kept as a project; null where they were not. */
  readonly kept: string | null;
  /** Who can reach what, in one sentence. */
  readonly reach: string;
}

export type ClassAnswer = ClassState | { readonly is_offered: false };

export interface Settings {
  readonly is_open?: boolean;
  readonly as_they_come?: boolean;
  readonly prompts?: boolean;
}

/** Where a class is watched and changed: by the projector's view, at the desk, or at the desk on the teacher's phone. */
export interface ClassSource {
  /** Answers once there is more than `since`, or after some seconds. */
  watch(since: number, signal: AbortSignal): Promise<ClassAnswer>;
  move(ids: readonly number[], state: DrawingState): Promise<void>;
  change(settings: Settings): Promise<void>;
  /** Take nothing more from a phone; a source without this cannot. */
  stop?(phone: number): Promise<void>;
  /** Called when the server answered, or did not. */
  told(problem: Error | null): void;
}

/** A drawing, with its picture as pixels. */
export interface ClassDrawing {
  readonly id: number;
  readonly state: DrawingState;
  readonly asked: string | null;
  readonly phone: number;
  readonly pixels: Uint8Array;
  readonly reading: Reading | null;
  /** When this page learned of it, in milliseconds of its own clock; of what was there before it, long ago. */
  readonly came: number;
}

export const SIDE = 28; // pixels of a normalized glyph, each way
