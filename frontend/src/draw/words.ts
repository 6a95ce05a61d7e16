/** What the page says about what is drawn and read. */

import { join } from "../lib/counting";
import { SURE_FROM } from "../lib/doubt";
import type { Input, LessonReading, Stage, Turn } from "./road";

/** How the page asks: for the digits of a year, or, where the reader gives other names, for any characters. */
export const ASKING = {
  year: {
    title: "Draw a year · inkmeans",
    heading: "In which year will robots take over the world?",
    lead: "Draw one digit in each box.",
    one: "digit",
    result: "The year",
  },
  characters: {
    title: "Draw characters · inkmeans",
    heading: "Draw characters",
    lead: "Draw one in each box.",
    one: "character",
    result: "The text",
  },
} as const;

export type Asking = (typeof ASKING)[keyof typeof ASKING];

export const DIGITS: readonly string[] = [..."0123456789"];

/** Return whether a reader gives the ten digits and nothing else. */
export function areTheDigits(names: readonly string[]): boolean {
  return names.length === DIGITS.length && DIGITS.every((digit) => names.includes(digit));
}

export type Reading = Input["reader"];

/** A place of the year: what stands there, and whether it is in doubt. */
export interface Digit {
  readonly text: string;
  readonly kind: "blank" | "waiting" | "unnamed" | "sure" | "doubtful" | "rejected";
  /** What it would be otherwise; "" where nothing comes near. */
  readonly second: string;
}

export const BLANK: Digit = { text: "", kind: "blank", second: "" };
export const WAITING: Digit = { text: "", kind: "waiting", second: "" };

/** What the reader says, with its doubt. */
export function digitOf(reading: Reading): Digit {
  const [first, next] = reading.alternatives;
  if (reading.rejected) return { text: reading.text, kind: "rejected", second: first?.[0] ?? "" };
  if (reading.confidence >= SURE_FROM) return { text: reading.text, kind: "sure", second: "" };
  return { text: reading.text, kind: "doubtful", second: next && next[1] >= 0.01 ? next[0] : "" };
}

/** What a cluster's name says: k-means alone is never in doubt. */
export function digitNamed(name: string): Digit {
  return name ? { text: name, kind: "sure", second: "" } : { text: "–", kind: "unnamed", second: "" };
}

export function isMarked({ kind }: Digit): boolean {
  return kind === "doubtful" || kind === "rejected";
}

/** Return a probability in percent; what is not certain is never called 100 %, nor 0 %. */
export function percent(probability: number): string {
  if (probability > 0.99 && probability < 1) return ">99\u202f%";
  if (probability > 0 && probability < 0.01) return "<1\u202f%";
  return `${Math.round(probability * 100)}\u202f%`;
}

/** The same at the start of a sentence. */
export function howSure(probability: number): string {
  return percent(probability).replace(">", "More than ").replace("<", "Less than ");
}

const VERDICTS = {
  blank: "nothing is drawn.",
  dot: "only a dot.",
  noise: "only specks, no character.",
  scribble: "a scribble, not one character.",
} as const;

/** Return why the reader gives no name; `isTap` tells a dot from a character that is too small. */
export function whyRejected(drawing: LessonReading, reading: Reading, isTap: boolean): string {
  if (drawing.verdict === "dot" && !isTap) return "too small to read; draw it larger.";
  if (drawing.verdict !== "glyph") return VERDICTS[drawing.verdict];
  const likeliest = reading.alternatives
    .slice(0, 2)
    .filter(([, probability]) => probability >= 0.01)
    .map(([name, probability]) => `${name} (${percent(probability)})`);
  if (reading.confidence > 0 && likeliest.length > 0)
    return `too unsure; likeliest ${join(likeliest, "or")}.`;
  const [first] = reading.alternatives;
  return first ? `unlike anything it learned; the nearest is ${first[0]}.` : "unlike anything it learned.";
}

export const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  names: "names by looking",
  ink: "ink scale",
  place: "place and size",
  slant: "slant",
  clusters: "more clusters",
  reader: "the reader",
};

/** The same in a word, where room is scarce. */
export const SHORT_NAMES: Readonly<Record<Stage, string>> = {
  names: "names",
  ink: "ink",
  place: "place",
  slant: "slant",
  clusters: "clusters",
  reader: "reader",
};

/** Return where along the road the reading changed, and from where on it stays. */
export function tellTurns(turns: readonly Turn[], last: string): string {
  const final = turns.at(-1);
  if (!final) return last ? `${last} at every stage.` : "";
  const step = ({ from, to }: Turn) => `${from}\u00a0→\u00a0${to}`;
  const before = turns.slice(0, -1).map((turn) => `${shortly(turn)} ${step(turn)}`);
  const settled = `${settledBy(final)}: ${step(final)}.`;
  return before.length > 0 ? `${settled} Changed before at ${before.join(", ")}.` : settled;
}

function shortly({ stages }: Turn): string {
  return join(
    stages.map((stage) => SHORT_NAMES[stage]),
    "or",
  );
}

/** Which stage it was; of several that wait for a name only the last is known to have it behind. */
function settledBy({ stages }: Turn): string {
  const last = STAGE_NAMES[stages.at(-1) ?? "reader"];
  return stages.length > 1 ? `Changed by “${last}” at the latest` : `Settled by ${last}`;
}

const ALL = ["", "this", "both", "all three", "all four"];

/** Return what the clusters' names read, beside what was drawn or, where nobody told that, what the reader reads. */
export function tellNamed(
  read: readonly string[],
  expected: readonly string[],
  areTold: boolean,
  what: string,
): string {
  const known = expected.map((text, index) => [text, read[index] ?? ""] as const).filter(([text]) => text);
  const wrong = known.filter(([text, found]) => text !== found).length;
  if (known.length === 0) return "";
  if (areTold) {
    if (wrong === 0)
      return known.length === 1 ? `That is the ${what} you drew.` : `Each is the ${what} you drew.`;
    if (wrong === known.length) return `Not one ${what} is the one you drew.`;
    return `${wrong} of ${known.length} ${what}s ${wrong === 1 ? "is" : "are"} not the one you drew.`;
  }
  const reader = expected.map((text) => text || "·").join("");
  if (wrong === 0) return `inkmeans reads the same: ${reader}.`;
  const differs = wrong === 1 ? "differs" : "differ";
  if (wrong === known.length)
    return `inkmeans reads ${reader}: ${ALL[wrong] ?? "all"} ${what}${wrong === 1 ? "" : "s"} ${differs}.`;
  return `inkmeans reads ${reader}: ${wrong} of ${known.length} ${what}s ${differs}.`;
}
