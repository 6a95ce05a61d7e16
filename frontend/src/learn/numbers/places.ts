/** Where the numbers of clusters lie along an axis of ratios, and what is written beside it. */

const ROUND = [2, 5, 10, 20, 50, 100];

/** Return what gives the place of a number: from 10 to 20 is as far as from 50 to 100. */
export function logarithmic(
  [low, high]: readonly [number, number],
  from: number,
  to: number,
): (value: number) => number {
  const span = Math.log(high / low) || 1;
  return (value) => from + (Math.log(value / low) / span) * (to - from);
}

/** Return the round numbers up to one. */
export function roundNumbers(most: number): number[] {
  return ROUND.filter((number) => number <= most);
}

/** Return the one of some numbers whose place is nearest to a place. */
export function numberAt(
  place: number,
  numbers: readonly number[],
  placeOf: (k: number) => number,
): number | null {
  const away = (k: number) => Math.abs(placeOf(k) - place);
  return numbers.reduce<number | null>(
    (best, k) => (best !== null && away(best) <= away(k) ? best : k),
    null,
  );
}
