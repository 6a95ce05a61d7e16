/** What the page says about clusters once the truths are revealed, and about why an image is in its cluster. */

import { capitalize, countWord, figure, join, manyOf, oneOf, percent } from "../lib/counting";
import type { Difference, Place } from "./difference";
import { allButEquallyFar } from "./distances";
import type { ClusterTruths, Verdict } from "./truths";

/** Return "digit" where all names are digits, else "name". */
export function nounOf(truths: Iterable<string>): "digit" | "name" {
  for (const truth of truths) if (truth && !/^[0-9]$/.test(truth)) return "name";
  return "digit";
}

/** Beyond so many names a sentence gives their number. */
const MANY = 5;

export interface VerdictWords {
  /** "62 %" */
  readonly share: string;
  /** "Two clusters are 0s and none is a 9, so every 9 is read wrong." */
  readonly names: string;
}

export function verdictWords(verdict: Verdict, noun: "digit" | "name"): VerdictWords {
  return { share: percent(verdict.right, verdict.total), names: `${capitalize(namesWords(verdict, noun))}.` };
}

function namesWords(verdict: Verdict, noun: string): string {
  const { missing, shared } = verdict;
  if (missing.length === 0) {
    if (shared.length === 0) return `every ${noun} has a cluster of its own`;
    if (shared.length > 2) return `every ${noun} has a cluster, ${countWord(shared.length)} have several`;
    return `${sharedWords(verdict, noun)} and every ${noun} has one`;
  }
  return [sharedWords(verdict, noun), missingWords(verdict, noun)].filter(Boolean).join(" and ");
}

function sharedWords({ shared }: Verdict, noun: string): string {
  if (shared.length === 0) return "";
  if (shared.length > 2) return `${countWord(shared.length)} ${noun}s have several clusters`;
  return shared
    .map(({ truth, count }, i) => `${countWord(count)} ${i ? "" : "clusters "}are ${manyOf(truth)}`)
    .join(", ");
}

function missingWords({ missing, shared }: Verdict, noun: string): string {
  if (missing.length > MANY)
    return `${countWord(missing.length)} ${noun}s have ${shared.length ? "none" : "no cluster"}, so they are always read wrong`;
  const subject = shared.length && shared.length <= 2 ? "none" : "no cluster";
  const wrong = missing.length === 1 ? `every ${missing[0]}` : "every one of those";
  return `${subject} is ${article(missing)}, so ${wrong} is read wrong`;
}

const article = (names: readonly string[]) => join([oneOf(names[0] as string), ...names.slice(1)], "or");

/** Return what a cluster takes for what: "It takes 8s (24) and 2s (10) for 1s." */
export function mistakenWords(cluster: ClusterTruths): string {
  const [own, ...others] = cluster.held;
  if (!own) return "It has no images.";
  if (others.length === 0) return `All of its images are ${manyOf(own.truth)}.`;
  const shown = others.slice(0, 3).map(({ truth, count }) => `${manyOf(truth)} (${figure(count)})`);
  const rest = others.slice(3).reduce((sum, { count }) => sum + count, 0);
  if (rest) shown.push(`${figure(rest)} ${rest === 1 ? "other" : "others"}`);
  return `It takes ${join(shown, "and")} for ${manyOf(own.truth)}.`;
}

/** How the page calls a cluster: by its name once truths are revealed, and by its number. */
export interface Called {
  readonly cluster: number;
  readonly name: string;
}

/** Return why an image is nearer to center a than to b, in one or two sentences. */
export function whyWords(
  found: Difference,
  a: Called & { distance: number },
  b: Called & { distance: number },
  writeDistance: (distance: number) => string,
): string {
  const nearer = a.distance <= b.distance ? a : b;
  const near = allButEquallyFar(Math.min(a.distance, b.distance), Math.max(a.distance, b.distance));
  const reasons = [placeWords(found.placeA, a), placeWords(found.placeB, b)].filter(Boolean);
  const distances = `${writeDistance(a.distance)} against ${writeDistance(b.distance)}`;
  const end = near
    ? `the two are all but equally far: ${distances}`
    : `on the whole center ${nearer.cluster} is nearer: ${distances}`;
  return `${[...reasons, end].map(capitalize).join(". ")}.`;
}

function placeWords(place: Place | null, called: Called): string {
  if (!place) return "";
  const thing = place.what === "ink" ? "the ink" : "the gap";
  return `${thing} ${place.where} speaks for ${called.name ? oneOf(called.name) : `center ${called.cluster}`}`;
}
