/** The characters of a picture as lines, and what is said of them. */

import type { ReadGlyph, ReadText } from "../lib/api";
import { isDoubtful, percent, REJECTED } from "../lib/doubt";

export interface Glyph extends ReadGlyph {
  /** Among all characters of the picture. */
  readonly index: number;
  readonly isDoubtful: boolean;
}

export interface Line {
  readonly number: number;
  readonly glyphs: readonly Glyph[];
  /** The middle of its characters, in the picture's pixels. */
  readonly middle: number;
}

/** Return the lines: the characters come line after line, and line feeds part the text. */
export function toLines({ text, glyphs }: ReadText): Line[] {
  const lines: Line[] = [];
  let index = 0;
  for (const words of text === "" ? [] : text.split("\n")) {
    const found: Glyph[] = [];
    for (let length = 0; length < words.length && index < glyphs.length; index++) {
      const glyph = glyphs[index] as ReadGlyph;
      found.push({ ...glyph, index, isDoubtful: isDoubtful(glyph) });
      length += glyph.text.length;
    }
    const middles = found.map(({ box: [, y, , height] }) => y + height / 2).sort((a, b) => a - b);
    lines.push({ number: lines.length + 1, glyphs: found, middle: middles[middles.length >> 1] ?? 0 });
  }
  return lines;
}

/** Return whether two lines are so near that their text, each at its height, would touch. */
export function isDense(lines: readonly Line[], height: number): boolean {
  return lines.some(
    (line, index) => index > 0 && line.middle - (lines[index - 1] as Line).middle < height / 22,
  );
}

export function doubtsOf(lines: readonly Line[]): { line: Line; glyph: Glyph }[] {
  return lines.flatMap((line) =>
    line.glyphs.filter((glyph) => glyph.isDoubtful).map((glyph) => ({ line, glyph })),
  );
}

const plural = (count: number, what: string) =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

export function countOf(lines: readonly Line[]): string {
  const n_glyphs = lines.reduce((sum, line) => sum + line.glyphs.length, 0);
  return `${plural(lines.length, "line")}, ${plural(n_glyphs, "character")}`;
}

/** Say what must be looked at, and how sure the whole is. */
export function summaryOf(reading: ReadText, lines: readonly Line[]): { title: string; detail: string } {
  if (lines.length === 0) {
    return {
      title: "No writing was found",
      detail: "The picture must show dark ink on bright paper, or the other way round, on a plain ground.",
    };
  }
  const n_doubts = doubtsOf(lines).length;
  const n_rejected = reading.glyphs.filter(({ text }) => text === REJECTED).length;
  const whole = `The whole text is ${percent(reading.confidence)} sure.`;
  if (n_doubts === 0)
    return { title: "Nothing is in doubt", detail: `Every character is at least 95 % sure. ${whole}` };
  const isNone = n_rejected === n_doubts; // of those in doubt is read
  const title = `${n_doubts === 1 ? "One character is" : `${n_doubts} characters are`} ${isNone ? "not read" : "in doubt"}`;
  const rejected = n_rejected === 1 ? "One of them is not read. " : `${n_rejected} of them are not read. `;
  return { title, detail: `${isNone || n_rejected === 0 ? "" : rejected}${whole}` };
}

/** Say what a character may be: "7 (55 %) or 2 (42 %)"; of what was read, "92 % sure; or 9 (7 %)". */
export function chancesOf(glyph: ReadGlyph): string {
  const chances = (from: number) =>
    glyph.alternatives
      .slice(from, from + 2)
      .map(([name, probability]) => `${name} (${percent(probability)})`)
      .join(" or ");
  if (glyph.text === REJECTED) return chances(0) || "no character at all";
  const others = chances(1);
  return `${percent(glyph.confidence)} sure${others ? `; or ${others}` : ""}`;
}
