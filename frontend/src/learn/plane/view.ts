/** How the plane of principal components lies on the screen: fitted to its box, then zoomed and moved. */

/** Screen place = place at fit * zoom + (x, y), in CSS pixels. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: View = { zoom: 1, x: 0, y: 0 };
export const LARGEST_ZOOM = 24;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Places of points on the plane, x and y by turns, as they lie in a box at fit. Both axes fill the box. */
export class Fit {
  readonly size: Size;
  private readonly scale: readonly [number, number];
  private readonly shift: readonly [number, number];

  /** `around` is what must be seen: the marks; `padding` is kept free on every side, and `foot` below besides. */
  constructor(around: Float32Array, size: Size, padding: number, foot: number) {
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < around.length; i += 2) {
      const [x, y] = [around[i] as number, around[i + 1] as number];
      left = Math.min(left, x);
      right = Math.max(right, x);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    const across = Math.max(size.width - 2 * padding, 1) / (right - left || 1);
    const up = Math.max(size.height - foot - 2 * padding, 1) / (high - low || 1);
    this.size = size;
    this.scale = [across, -up];
    this.shift = [
      size.width / 2 - (across * (left + right)) / 2,
      (size.height - foot) / 2 + (up * (low + high)) / 2,
    ];
  }

  place(points: Float32Array): Float32Array {
    return points.map((value, i) => value * (this.scale[i % 2] as number) + (this.shift[i % 2] as number));
  }
}

/** Return places at fit as they are seen in a view. */
export function seen(places: Float32Array, view: View): Float32Array {
  return places.map((value, i) => value * view.zoom + (i % 2 ? view.y : view.x));
}

/** Return a view zoomed by a factor with one point of the screen kept where it is. */
export function zoomAt(view: View, factor: number, x: number, y: number, size: Size): View {
  const zoom = Math.min(Math.max(view.zoom * factor, 1), LARGEST_ZOOM);
  const by = zoom / view.zoom;
  return held({ zoom, x: x - (x - view.x) * by, y: y - (y - view.y) * by }, size);
}

export function moveBy(view: View, x: number, y: number, size: Size): View {
  return held({ zoom: view.zoom, x: view.x + x, y: view.y + y }, size);
}

/** Return the view in which a point at fit is seen, moved no more than is needed. */
export function reveal(view: View, x: number, y: number, size: Size, margin: number): View {
  const [across, down] = [x * view.zoom + view.x, y * view.zoom + view.y];
  const into = (at: number, most: number) => Math.min(Math.max(at, margin), most - margin) - at;
  return moveBy(view, into(across, size.width), into(down, size.height), size);
}

/** Nothing is seen beyond the plane at fit. */
function held(view: View, { width, height }: Size): View {
  const within = (shift: number, side: number) => Math.min(Math.max(shift, side * (1 - view.zoom)), 0);
  return { zoom: view.zoom, x: within(view.x, width), y: within(view.y, height) };
}

/** Return the CSS transform that shows what was painted for one view as another sees it. */
export function carry(painted: View, view: View): string {
  const by = view.zoom / painted.zoom;
  const [x, y] = [view.x - painted.x * by, view.y - painted.y * by];
  return by === 1 && x === 0 && y === 0 ? "none" : `matrix(${by}, 0, 0, ${by}, ${x}, ${y})`;
}

/** So many marks and fewer are drawn larger, and the tiles of the centers stand beside them, not on them. */
export const FEW = 100;

/** Return the side of a mark in CSS pixels: all marks together would cover the box once; it grows slower than the zoom. */
export function markSide({ width, height }: Size, n: number, zoom: number): number {
  const side = Math.min(Math.max(1.05 * Math.sqrt((width * height) / n), 13), n > FEW ? 26 : 36);
  return Math.min(side * zoom ** 0.55, 72);
}

/** Return the side of a center's tile: smaller where there are many or the box is small. */
export function tileSide({ width }: Size, k: number): number {
  const sides = width < 480 ? [34, 28, 22, 18] : width < 1100 ? [46, 38, 32, 26] : [56, 46, 38, 32];
  return sides[k <= 12 ? 0 : k <= 30 ? 1 : k <= 60 ? 2 : 3] as number;
}
