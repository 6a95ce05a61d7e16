/** Ten digits to pick by who cannot draw: pen paths through a few points, smoothed. */

import { type Point, round, type Stroke, type Strokes } from "../lib/strokes";

/** The points that the pen passes; one that stands twice is a corner, and "|" lifts the pen. */
const PATHS = [
  "158,48 112,62 84,110 80,168 104,222 146,232 186,204 202,146 192,88 158,48 146,46",
  "124,80 150,50 150,50 147,120 143,232",
  "88,94 104,60 146,46 184,68 182,112 146,162 86,226 86,226 140,224 202,222",
  "92,66 134,46 178,64 172,106 130,132 130,132 176,146 192,186 160,226 116,230 82,208",
  "124,48 104,102 78,158 78,158 138,158 208,154 | 172,104 166,168 158,236",
  "188,52 102,54 102,54 96,126 96,126 138,112 184,132 192,182 158,224 112,230 80,212",
  "172,46 124,86 92,146 90,196 118,230 162,228 190,196 178,158 140,146 104,168 92,196",
  "80,58 140,56 202,52 202,52 168,118 136,180 118,236",
  "180,74 146,46 104,64 106,104 146,136 184,172 184,212 146,234 104,214 104,176 142,138 178,106 180,74",
  "188,84 160,50 116,58 94,98 114,138 156,136 186,102 190,78 190,78 184,150 170,236",
];

const STEPS = 8;

function parse(path: string): Stroke {
  return path.split(" ").map((point) => point.split(",").map(Number) as unknown as Point);
}

/** Return the curve (Catmull-Rom) through the points of a path. */
function smooth(path: Stroke): Stroke {
  const curve: Point[] = [];
  for (let index = 0; index + 1 < path.length; index++) {
    const [a, b] = [path[index] as Point, path[index + 1] as Point];
    if (a[0] === b[0] && a[1] === b[1]) continue;
    const [before, after] = [path[index - 1] ?? a, path[index + 2] ?? b];
    for (let step = 0; step < STEPS; step++) {
      const t = step / STEPS;
      curve.push([mix(before[0], a[0], b[0], after[0], t), mix(before[1], a[1], b[1], after[1], t)]);
    }
  }
  return [...curve, path.at(-1) as Point];
}

function mix(p0: number, p1: number, p2: number, p3: number, t: number): number {
  const [c1, c2, c3] = [p2 - p0, 2 * p0 - 5 * p1 + 4 * p2 - p3, 3 * (p1 - p2) + p3 - p0];
  return round(p1 + (t * (c1 + t * (c2 + t * c3))) / 2);
}

/** A 4 that could be a 9: what doubt looks like. */
const CLOSED_FOUR =
  "151,66 127,81 112,96 103,122 96,165 96,165 121,174 140,177 166,169 186,159 | 178,60 175,96 172,131 168,170 164,207 160,236";

const drawn = (path: string): Strokes => path.split(" | ").map(parse).map(smooth);

/** The strokes of the digits 0 to 9. */
export const SAMPLES: readonly Strokes[] = PATHS.map(drawn);

/** The drawing that an empty page shows being read. */
export const EXAMPLE = drawn(CLOSED_FOUR);
