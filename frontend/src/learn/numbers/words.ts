/** What Choose k says of the numbers that were tried. */

import { figure } from "../../lib/counting";
import type { TriedNumber } from "./source";

/** With fewer images the expected accuracy is a guess. */
export const FEW = 400;
const APART = 0.8;
const FLAT = 0.85; // of the highest silhouette: numbers above it are about as good

/** Return a share in percent, with one decimal where it matters; what is not all is never called 100 %. */
export function share(value: number): string {
  const percent = 100 * value;
  if (percent === 100) return "100 %";
  if (percent > 99.95 && percent < 100) return ">99.9 %";
  return `${percent.toFixed(percent < 10 || percent >= 90 ? 1 : 0)} %`;
}

/** Return what the silhouette says, and whether that is an answer. */
export function silhouetteWords(tried: readonly TriedNumber[], n_glyphs: number): string {
  const known = tried.filter((one): one is TriedNumber & { silhouette: number } => one.silhouette !== null);
  if (known.length < 2) return "";
  const best = known.reduce((one, other) => (other.silhouette > one.silhouette ? other : one));
  const near = known.filter(({ silhouette }) => best.silhouette > 0 && silhouette >= FLAT * best.silhouette);
  const place = `Highest at k = ${best.k}`;
  if (n_glyphs < FEW && best.silhouette > APART)
    return `${place}, but so few images lie apart by themselves: it says little.`;
  if (2 * near.length >= known.length) return `${place}, but flat: no clear answer.`;
  return `${place}: there the clusters lie apart best, whatever they are worth to you.`;
}

/** Return what ten looks and more bring. */
export function looksWords(tried: readonly TriedNumber[], marked: TriedNumber | null): string {
  const ten = tried.find(({ k }) => k === 10);
  const shown = [ten, marked].filter((one, i, all): one is TriedNumber => !!one && all.indexOf(one) === i);
  return shown
    .sort((a, b) => a.k - b.k)
    .map(({ k, accuracy }) => `${k} looks: ${share(accuracy)}.`)
    .join(" ");
}

/** Return how many images more each further look names right between two numbers. */
export function gainOf(from: TriedNumber, to: TriedNumber, n_glyphs: number): number {
  return ((to.accuracy - from.accuracy) * n_glyphs) / (to.k - from.k);
}

/** Return what each further look brought up to a number, and what it would bring from there on. */
export function gainWords(tried: readonly TriedNumber[], marked: TriedNumber, n_glyphs: number): string {
  const at = tried.indexOf(marked);
  const ten = tried.find(({ k }) => k === 10);
  const from = ten && ten.k < marked.k ? ten : at > 0 ? tried[0] : undefined;
  const next = tried[at + 1];
  const parts: string[] = [];
  if (from)
    parts.push(
      `From ${from.k} to ${marked.k} clusters each further look names ${moreOf(gainOf(from, marked, n_glyphs))} right`,
    );
  if (next) {
    const after = gainOf(marked, next, n_glyphs);
    parts.push(
      from
        ? `from ${marked.k} to ${next.k}${after < 0.05 ? " it names no more" : `, ${amount(after)} more`}`
        : `From ${marked.k} to ${next.k} clusters each further look names ${moreOf(after)} right`,
    );
  }
  return parts.length > 0 ? `${parts.join("; ")}.` : "";
}

function moreOf(gain: number): string {
  return `${amount(gain)} more ${gain >= 0.95 && gain < 1.05 ? "image" : "images"}`;
}

function amount(gain: number): string {
  if (gain < 0.05) return "no";
  return gain >= 10 ? figure(Math.round(gain)) : gain.toFixed(1);
}

/** Return how long something still takes. */
export function timeLeft(seconds: number): string {
  if (seconds < 1.5) return "about a second left";
  if (seconds < 90) return `about ${Math.round(seconds)} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}
