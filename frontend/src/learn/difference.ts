/** Why an image is nearer to one center than to another, pixel by pixel. */

export interface Place {
  /** "at the top left", "in the middle" ... */
  readonly where: string;
  /** Ink that the favored center has there too, or a gap where the other center has ink. */
  readonly what: "ink" | "gap";
}

export interface Difference {
  /** For each pixel (x - a)² - (x - b)²: below 0 it speaks for a, above 0 for b. The sum is a's squared distance less b's. */
  readonly pixels: Float32Array;
  /** What speaks for a and for b, both positive: b's less a's is the sum of the pixels. */
  readonly forA: number;
  readonly forB: number;
  /** Where most speaks for a and where for b, told apart; null where nothing does. */
  readonly placeA: Place | null;
  readonly placeB: Place | null;
}

export function difference(
  image: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  height: number,
  width: number,
): Difference {
  const pixels = new Float32Array(height * width);
  const tallies = { a: new Tally(height, width), b: new Tally(height, width) };
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const [x, p, q] = [image[pixel] as number, a[pixel] as number, b[pixel] as number];
    const gain = (x - p) ** 2 - (x - q) ** 2;
    pixels[pixel] = gain;
    const what = x > (p + q) / 2 ? "ink" : "gap"; // whichever center is favored, it is on the image's side of the midpoint
    if (gain < 0) tallies.a.add(pixel, -gain, what);
    if (gain > 0) tallies.b.add(pixel, gain, what);
  }
  let [[bestA, nextA], [bestB, nextB]] = [tallies.a.ranked(), tallies.b.ranked()];
  if (bestA && bestB && bestA.key === bestB.key) {
    // "The ink at the top" for both would say nothing: the weaker takes its next best place.
    if (bestA.sum >= bestB.sum) bestB = nextB;
    else bestA = nextA;
  }
  return {
    pixels,
    forA: tallies.a.total,
    forB: tallies.b.total,
    placeA: bestA?.place ?? null,
    placeB: bestB?.place ?? null,
  };
}

const PLACES = [
  ["at the top left", "at the top", "at the top right"],
  ["on the left", "in the middle", "on the right"],
  ["at the bottom left", "at the bottom", "at the bottom right"],
];

interface Sum {
  readonly key: string;
  readonly sum: number;
  readonly place: Place;
}

/** Sums in the nine fields of a picture. */
class Tally {
  total = 0;
  readonly #sums = new Map<string, Sum>();
  readonly #height: number;
  readonly #width: number;

  constructor(height: number, width: number) {
    this.#height = height;
    this.#width = width;
  }

  add(pixel: number, gain: number, what: Place["what"]): void {
    const row = Math.floor((3 * Math.floor(pixel / this.#width)) / this.#height);
    const column = Math.floor((3 * (pixel % this.#width)) / this.#width);
    const where = PLACES[row]?.[column] ?? "";
    const key = `${where} ${what}`;
    const sum = (this.#sums.get(key)?.sum ?? 0) + gain;
    this.#sums.set(key, { key, sum, place: { where, what } });
    this.total += gain;
  }

  /** The places, the one that speaks most first. */
  ranked(): Sum[] {
    return [...this.#sums.values()].sort((a, b) => b.sum - a.sum);
  }
}
