/** The starts that Learn offers, in words. */

import { countWord } from "../lib/counting";
import type { Setup, Start } from "./documents";

export const START_TITLES: Record<Start, string> = {
  "k-means++": "k-means++",
  random: "Random",
  hand: "By hand",
  bad: "Bad on purpose",
};

export function startDetail(start: Start, k: number): string {
  const count = countWord(k);
  const details: Record<Start, string> = {
    "k-means++": "images far from one another",
    random: `any ${count} images`,
    hand: `choose ${count} images yourself`,
    bad: `${count} nearly the same, one of them twice`,
  };
  return details[start];
}

/**
 * Return, of the set-ups that were recorded, the one that is most like a wanted one: what decides is the set, then the
 * pixels, then k, then the start, then the seed.
 */
export function closestSetup(recorded: readonly Setup[], wanted: Setup): Setup | undefined {
  let left = recorded;
  const keep = (isLike: (setup: Setup) => boolean) => {
    const alike = left.filter(isLike);
    if (alike.length) left = alike;
  };
  keep(({ set }) => set === wanted.set);
  keep(({ pixels }) => pixels === wanted.pixels);
  const nearest = Math.min(...left.map(({ k }) => Math.abs(k - wanted.k)));
  keep(({ k }) => Math.abs(k - wanted.k) === nearest);
  keep(({ start }) => start === wanted.start);
  keep(({ seed, rows }) => seed === wanted.seed && rows.join() === wanted.rows.join());
  return left[0];
}

/** Return, of the set-ups that were recorded, the next start of the same kind; after the last, the first. */
export function nextStart(recorded: readonly Setup[], setup: Setup): Setup {
  const same = recorded.filter(
    (one) => isAlike(one, setup) && one.k === setup.k && one.start === setup.start,
  );
  const at = same.findIndex(({ seed, rows }) => seed === setup.seed && rows.join() === setup.rows.join());
  return same[(at + 1) % same.length] ?? setup;
}

/** Return the next larger k, or smaller one, of the set-ups that were recorded. */
export function nextK(recorded: readonly Setup[], setup: Setup, by: 1 | -1): number {
  const beyond = recorded
    .filter((one) => isAlike(one, setup) && (one.k - setup.k) * by > 0)
    .map(({ k }) => k);
  if (beyond.length === 0) return setup.k;
  return by > 0 ? Math.min(...beyond) : Math.max(...beyond);
}

const isAlike = (one: Setup, other: Setup) => one.set === other.set && one.pixels === other.pixels;
