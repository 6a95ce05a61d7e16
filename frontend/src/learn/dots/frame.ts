/** Where places lie in a box on the screen: x and y in one measure, y upward. */

import { HEIGHT, WIDTH } from "./presets";

/** Room around the dots, in places. */
const ROOM = 3;

export class Frame {
  readonly width: number;
  readonly height: number;
  /** Pixels a unit of the plane. */
  readonly scale: number;

  /** The middle of the plane stays in the middle, and all dots are in sight: adding one that is moves nothing. */
  constructor(width: number, height: number, places: readonly number[]) {
    this.width = width;
    this.height = height;
    const reach: [number, number] = [WIDTH / 2, HEIGHT / 2];
    places.forEach((place, i) => {
      const from = i % 2 ? HEIGHT / 2 : WIDTH / 2;
      reach[i % 2] = Math.max(reach[i % 2] as number, Math.abs(place - from) + ROOM);
    });
    this.scale = Math.min(width / 2 / reach[0], height / 2 / reach[1]);
  }

  x(place: number): number {
    return this.width / 2 + (place - WIDTH / 2) * this.scale;
  }

  y(place: number): number {
    return this.height / 2 - (place - HEIGHT / 2) * this.scale;
  }

  /** Return the place of a point on the screen. */
  placeAt(x: number, y: number): [number, number] {
    return [(x - this.width / 2) / this.scale + WIDTH / 2, (this.height / 2 - y) / this.scale + HEIGHT / 2];
  }

  /** Return left, low, right and high of what is in sight, as places, and of some pixels around it. */
  sight(beyond = 0): [number, number, number, number] {
    const [left, high] = this.placeAt(-beyond, -beyond);
    const [right, low] = this.placeAt(this.width + beyond, this.height + beyond);
    return [left, low, right, high];
  }
}
