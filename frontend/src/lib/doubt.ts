/** What counts as doubt, and how sure something is, in words. */

/** Below it a reading is highlighted and its second name stands beside it. */
export const SURE_FROM = 0.95;

export interface Read {
  readonly text: string;
  readonly confidence: number;
  readonly alternatives: readonly (readonly [string, number])[];
}

export const REJECTED = "?";

export const isDoubtful = (read: Read): boolean => read.text === REJECTED || read.confidence < SURE_FROM;

/** The likeliest other name; of what was rejected, the likeliest at all. */
export function secondName(read: Read): string {
  return read.alternatives.find(([name]) => name !== read.text)?.[0] ?? "";
}

/** Whole percent; the ends are never called certain. */
export function percent(probability: number): string {
  if (probability > 0.99) return ">99 %";
  if (probability < 0.01) return "<1 %";
  return `${Math.round(100 * probability)} %`;
}
