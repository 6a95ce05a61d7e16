/** What the server says of a class, and what a teacher's page makes of it. */

import type { components } from "../../build/openapi";

type Schemas = components["schemas"];
/** How all is, and the drawings that changed; of those that are not for the asking page there is no picture. */
export type ClassState = Schemas["ClassState"];
export type ClassAnswer = ClassState | Schemas["NoClass"];
export type DrawingDocument = Schemas["ClassDrawing"];
export type DrawingState = DrawingDocument["state"];
export type Reading = Schemas["ClassReading"];
export type DeskCode = Schemas["DeskAddress"];
/** What is to be changed; what is left out stays. */
export type Settings = Partial<Pick<ClassState, "is_open" | "as_they_come" | "prompts">>;

/** Where a class is watched and changed: by the projector's view, at the desk, or at the desk on the teacher's phone. */
export interface ClassSource {
  /** Answers once there is more than `since`, or after some seconds. */
  watch(since: number, signal: AbortSignal): Promise<ClassAnswer>;
  move(ids: readonly number[], state: DrawingState): Promise<void>;
  change(settings: Settings): Promise<void>;
  /** Take nothing more from a phone, or take from it again; a source without this cannot. */
  stop?(phone: number, isStopped: boolean): Promise<void>;
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

/** A model of a few dozen drawings is seldom as sure as the one that ships: what it is less sure of than this is in doubt. */
export const SURE_FROM = 0.8;

export const isInDoubt = ({ confidence, rejected }: Reading): boolean => rejected || confidence < SURE_FROM;

/** Whether a drawing was read as something else than what was asked for. */
export const isWrong = ({ asked, reading }: Pick<ClassDrawing, "asked" | "reading">): boolean =>
  asked !== null && reading !== null && !reading.rejected && reading.text !== asked;
