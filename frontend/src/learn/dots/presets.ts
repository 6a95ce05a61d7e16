/** The sets of dots that Dots offers, drawn from groups by a rule of their own each. */

import { Draws } from "./draws";
import { NO_GROUP } from "./shares";

/** The part of the plane that is always in sight, in places. A dot has a place with one decimal. */
export const WIDTH = 150;
export const HEIGHT = 100;

export const PRESETS = [
  "blobs",
  "spread",
  "long",
  "moons",
  "rings",
  "scale",
  "many",
  "outliers",
  "none",
] as const;
export type Preset = (typeof PRESETS)[number];

/** What a value along x and along y is: k-means gets places times `unit`. */
export interface Axes {
  readonly unit: readonly [number, number];
  /** Decimals of a dot's values. */
  readonly decimals: readonly [number, number];
  /** What x and y are, and from where to where the plane goes. */
  readonly titles?: readonly [string, string];
}

const PLAIN: Axes = { unit: [1, 1], decimals: [1, 1] };
const MEASURED: Axes = {
  unit: [0.1, 10],
  decimals: [2, 0],
  titles: ["length, 0 to 15 cm", "weight, 0 to 1,000 g"],
};

export interface PresetDots {
  readonly axes: Axes;
  readonly k: number;
  /** The seed of its k-means++ start: of the first ten the one that ends with the lowest inertia. */
  readonly seed: number;
  /** x and y of each place. */
  readonly places: readonly number[];
  /** The group of each dot. */
  readonly groups: readonly number[];
}

interface Rule {
  readonly axes?: Axes;
  readonly k: number;
  readonly seed: number;
  draw(draws: Draws, add: Add): void;
}

type Add = (group: number, n: number, draw: () => readonly [number, number]) => void;

const round = (draws: Draws, x: number, y: number, sd: number) => (): [number, number] => [
  x + sd * draws.normal(),
  y + sd * draws.normal(),
];

/** Dots on an arc, from an angle to another in turns, with some deviation. */
const arc =
  (
    draws: Draws,
    [x, y, radius]: readonly [number, number, number],
    [from, to]: readonly [number, number],
    sd: number,
  ) =>
  (): [number, number] => {
    const angle = 2 * Math.PI * (from + (to - from) * draws.uniform());
    const at = radius + sd * draws.normal();
    return [x + at * Math.cos(angle), y + at * Math.sin(angle)];
  };

const RULES: Record<Preset, Rule> = {
  blobs: {
    k: 3,
    seed: 0,
    draw: (draws, add) => {
      add(0, 80, round(draws, 37, 31, 7.5));
      add(1, 80, round(draws, 112, 33, 7.5));
      add(2, 80, round(draws, 74, 75, 7.5));
    },
  },
  spread: {
    k: 3,
    seed: 0,
    draw: (draws, add) => {
      add(0, 150, round(draws, 51, 50, 18.5));
      add(1, 45, round(draws, 112, 71, 4));
      add(2, 45, round(draws, 108, 30, 4));
    },
  },
  long: {
    k: 3,
    seed: 1,
    draw: (draws, add) => {
      for (const group of [0, 1, 2])
        add(group, 80, () => {
          const [along, across] = [46 * (2 * draws.uniform() - 1), 2.2 * draws.normal()];
          return [75 + 26 * (group - 1) + 0.8 * along + 0.6 * across, 50 + 0.75 * along - 0.6 * across];
        });
    },
  },
  moons: {
    k: 2,
    seed: 5,
    draw: (draws, add) => {
      add(0, 120, arc(draws, [59, 42, 34], [0, 0.5], 2));
      add(1, 120, arc(draws, [91, 58, 34], [0.5, 1], 2));
    },
  },
  rings: {
    k: 2,
    seed: 0,
    draw: (draws, add) => {
      add(0, 90, arc(draws, [75, 50, 15], [0, 1], 1.6));
      add(1, 150, arc(draws, [75, 50, 40], [0, 1], 1.6));
    },
  },
  scale: {
    axes: MEASURED,
    k: 2,
    seed: 7,
    draw: (draws, add) => {
      for (const group of [0, 1])
        add(group, 120, () => [43 + 64 * group + 7 * draws.normal(), 50 + 17 * draws.normal()]);
    },
  },
  many: {
    k: 6,
    seed: 2,
    draw: (draws, add) => {
      add(0, 80, round(draws, 34, 63, 8));
      add(1, 80, round(draws, 78, 27, 8));
      add(2, 80, round(draws, 116, 68, 8));
    },
  },
  outliers: {
    k: 2,
    seed: 0,
    draw: (draws, add) => {
      add(0, 115, round(draws, 29, 28, 4.5));
      add(1, 115, round(draws, 50, 45, 4.5));
      add(NO_GROUP, 10, () => [118 + 26 * draws.uniform(), 70 + 25 * draws.uniform()]);
    },
  },
  none: {
    k: 4,
    seed: 0,
    draw: (draws, add) => {
      add(NO_GROUP, 240, () => [6 + 138 * draws.uniform(), 6 + 88 * draws.uniform()]);
    },
  },
};

const drawn = new Map<Preset, PresetDots>();

/** Return the dots of a preset; what falls beside the plane is drawn again. */
export function presetDots(preset: Preset): PresetDots {
  const known = drawn.get(preset);
  if (known) return known;
  const { axes = PLAIN, k, seed, draw } = RULES[preset];
  const places: number[] = [];
  const groups: number[] = [];
  draw(new Draws(PRESETS.indexOf(preset) + 1), (group, n, next) => {
    for (let i = 0; i < n; i++) {
      let [x, y] = next();
      while (x < 1 || x > WIDTH - 1 || y < 1 || y > HEIGHT - 1) [x, y] = next();
      places.push(Math.round(10 * x) / 10, Math.round(10 * y) / 10);
      groups.push(group);
    }
  });
  const dots = { axes, k, seed, places, groups };
  drawn.set(preset, dots);
  return dots;
}

/** The axes of dots of one's own. */
export const OWN_AXES = PLAIN;

/** Return the values of places: what k-means gets. */
export function valuesOf(places: ArrayLike<number>, { unit, decimals }: Axes): Float64Array {
  return Float64Array.from(places, (place, i) =>
    Number((place * (unit[i % 2] as number)).toFixed(decimals[i % 2])),
  );
}
