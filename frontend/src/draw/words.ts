/** What the page says about what is drawn and read. */

import type { DrawingReading, ModelReading } from "../lib/api";

/** How the page asks: for the digits of a year, or, where the model gives other names, for any characters. */
export const ASKING = {
  year: {
    title: "inkmeans: draw a year",
    heading: "Which year …?",
    lead: "Draw four digits.",
    pad: "draw a digit",
    result: "The year",
  },
  characters: {
    title: "inkmeans: draw characters",
    heading: "Draw characters",
    lead: "Draw one in each box.",
    pad: "draw a character",
    result: "The text",
  },
} as const;

export type Asking = (typeof ASKING)[keyof typeof ASKING];

const DIGITS = [..."0123456789"];

/** Return whether a model gives the ten digits and nothing else. */
export function areTheDigits(names: readonly string[]): boolean {
  return names.length === DIGITS.length && DIGITS.every((digit) => names.includes(digit));
}

/** Below this the likeliest alternatives are shown beside the name. */
const SURE = 0.8;

export type Tone = "sure" | "unsure" | "rejected";

export function tone(reading: ModelReading): Tone {
  if (reading.rejected) return "rejected";
  return reading.confidence < SURE ? "unsure" : "sure";
}

/** Return a probability in percent; what is not certain is never called 100%, nor 0%. */
export function percent(probability: number): string {
  if (probability > 0.99 && probability < 1) return ">99%";
  if (probability > 0 && probability < 0.01) return "<1%";
  return `${Math.round(probability * 100)}%`;
}

const VERDICTS = {
  blank: "Nothing is drawn.",
  dot: "Only a dot.",
  noise: "Only specks, no character.",
  scribble: "A scribble, not one character.",
  glyph: "",
} as const;

/** Return why a drawing has no name, or what else it could be; empty where there is nothing to add. */
export function remark(drawing: DrawingReading, reading: ModelReading): string {
  if (drawing.verdict !== "glyph") return VERDICTS[drawing.verdict] ?? "No character.";
  const kind = tone(reading);
  if (kind === "sure") return "";
  const [likeliest] = reading.alternatives;
  if (reading.confidence === 0 && likeliest)
    return `Unlike anything it has learned; the nearest is ${likeliest[0]}.`;
  const shown = kind === "rejected" ? reading.alternatives.slice(0, 2) : reading.alternatives.slice(1, 3);
  const others = shown
    .filter(([, probability]) => probability >= 0.01)
    .map(([name, probability]) => `${name} (${percent(probability)})`)
    .join(" or ");
  if (kind === "unsure") return others && `Maybe ${others}.`;
  return others ? `Too unsure to be read; likeliest ${others}.` : "Unlike anything it has learned.";
}

/** Return the digits that no center has as its name. */
export function missingDigits(names: readonly string[]): string[] {
  return DIGITS.filter((digit) => !names.includes(digit));
}

/** Return "1", "1 or 5" or "1, 5 or 8". */
export function eitherOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
