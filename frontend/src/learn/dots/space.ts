/** The space that k-means works in: the values of the places, standardized or not. */

import { momentsOf } from "./kmeans";
import { type Axes, valuesOf } from "./presets";

export class Space {
  readonly isScaled: boolean;
  /** What k-means gets: x and y of each dot. */
  readonly points: Float64Array;
  private readonly axes: Axes;
  private readonly mean: readonly [number, number];
  private readonly deviation: readonly [number, number];

  constructor(places: readonly number[], axes: Axes, isScaled: boolean) {
    const values = valuesOf(places, axes);
    this.axes = axes;
    this.isScaled = isScaled && values.length > 0;
    const [x, y] = momentsOf(values);
    this.mean = this.isScaled ? [x.mean, y.mean] : [0, 0];
    this.deviation = this.isScaled ? [Math.sqrt(x.variance) || 1, Math.sqrt(y.variance) || 1] : [1, 1];
    this.points = this.scaled(values);
  }

  /** Return what k-means gets for values. */
  scaled(values: Float64Array): Float64Array {
    return values.map((value, i) => (value - this.of(this.mean, i)) / this.of(this.deviation, i));
  }

  /** Return where in the plane something of this space lies. */
  toPlaces(points: ArrayLike<number>): Float64Array {
    return Float64Array.from(
      points,
      (point, i) => (point * this.of(this.deviation, i) + this.of(this.mean, i)) / this.of(this.axes.unit, i),
    );
  }

  /** Return what lies at places, with all decimals: centers may lie between dots. */
  fromPlaces(places: ArrayLike<number>): Float64Array {
    return this.scaled(centerValues(places, this.axes));
  }

  private of(pair: readonly [number, number], i: number): number {
    return pair[i % 2] as number;
  }
}

/** Return the values of the places of centers, without the last digits that a product may add. */
export function centerValues(places: ArrayLike<number>, { unit }: Axes): Float64Array {
  return Float64Array.from(places, (place, i) => Number((place * (unit[i % 2] as number)).toPrecision(12)));
}
