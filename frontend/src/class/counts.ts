/** What there is of each asked digit, and what the wall says of itself. */

import { countOf, figure, oneOf } from "../lib/counting";
import { type ClassDrawing, isWrong } from "./documents";

export interface Count {
  readonly asked: string;
  readonly count: number;
}

const DIGITS = [..."0123456789"];

/** Return the number of drawings of each thing that was asked for: the ten digits, then others, then those of no question. */
export function countsOf(drawings: readonly ClassDrawing[]): readonly Count[] {
  const counts = new Map<string, number>(DIGITS.map((digit) => [digit, 0]));
  for (const { asked } of drawings) counts.set(asked ?? "", (counts.get(asked ?? "") ?? 0) + 1);
  const free = counts.get("") ?? 0;
  counts.delete("");
  const rows = [...counts].map(([asked, count]) => ({ asked, count }));
  return free > 0 ? [...rows, { asked: "", count: free }] : rows;
}

/** Return how many drawings were read as what was asked for, of those that were read and asked for; null without any. */
export function scoreOf(drawings: readonly ClassDrawing[]): { right: number; read: number } | null {
  const read = drawings.filter(({ asked, reading }) => asked !== null && reading !== null);
  const right = read.filter((one) => !one.reading?.rejected && !isWrong(one)).length;
  return read.length > 0 ? { right, read: read.length } : null;
}

/** Return what the wall shows, for those who do not see it. */
export function wallLabel(drawings: readonly ClassDrawing[]): string {
  const last = drawings.at(-1);
  if (!last) return "The wall: no drawings yet";
  const newest = last.asked === null ? "" : ` For the newest, ${oneOf(last.asked)} was asked.`;
  return `The wall: ${countOf(drawings.length, "drawing")}.${newest}`;
}

/** Return "1 waits" or "3 wait". */
export function waits(n: number): string {
  return `${figure(n)} wait${n === 1 ? "s" : ""}`;
}

export function phonesHere(n: number): string {
  if (n === 0) return "No phone is here yet";
  return n === 1 ? "One phone is here" : `${figure(n)} phones are here`;
}
