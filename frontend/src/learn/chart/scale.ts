/** Scales of charts: from values to places, and the round values that are written beside an axis. */

/** Return the smallest of 1, 2, 5, 10, 20, ... and of 0.5, 0.2, 0.1, ... that goes into a span at most so often. */
export function roundStep(span: number, most: number): number {
  if (!(span > 0)) return 1;
  const least = span / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const times = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return times * power;
}

/** Return round values between two, at most so many. */
export function ticksBetween(low: number, high: number, most: number): number[] {
  for (let wanted = Math.max(Math.floor(most), 1); ; wanted--) {
    const step = roundStep(high - low, wanted);
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    // Whole multiples, so that 0.3 is not 0.30000000000000004.
    const ticks = Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
    if (ticks.length <= Math.max(most, 1) || wanted === 1) return ticks;
  }
}

/** Return round bounds round two values, so that both ends of an axis can be written. */
export function roundBounds(low: number, high: number, most: number): readonly [number, number] {
  const step = roundStep(high - low || Math.abs(high) || 1, most);
  return [tidy(Math.floor(low / step + 1e-9) * step), tidy(Math.ceil(high / step - 1e-9) * step)];
}

/** Return what gives the place of a value; `from` and `to` are the places of the two ends. */
export function linear(
  [low, high]: readonly [number, number],
  from: number,
  to: number,
): (value: number) => number {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
