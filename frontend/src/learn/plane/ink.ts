/** The theme's colors for canvases, and a center's picture in ink. */

import { type Colors, TINTS } from "./stage";

export interface Palette extends Colors {
  readonly ink: readonly [number, number, number];
  readonly edge: string;
}

/** Return the colors that the tokens have on an element now. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const tints = Array.from({ length: TINTS }, (_, i) => token(`--c${i}`));
  return {
    tints: [...tints, token("--muted")],
    ground: token("--surface"),
    ink: toRgb(token("--ink")),
    edge: token("--edge"),
  };
}

function toRgb(hex: string): [number, number, number] {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) || 0;
  return [part(1), part(3), part(5)];
}

/**
 * Paint a center between two of its means, 0 the first and 1 the second, as ink on a clear ground.
 *
 * The darkest pixel is full ink: a mean of many images is pale, and its form is what counts.
 */
export function paintCenter(
  context: CanvasRenderingContext2D,
  first: Uint16Array,
  second: Uint16Array,
  between: number,
  ink: readonly [number, number, number],
): void {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const values = new Float32Array(first.length);
  let most = 1;
  for (let i = 0; i < values.length; i++) {
    const value = (first[i] as number) * (1 - between) + (second[i] as number) * between;
    values[i] = value;
    if (value > most) most = value;
  }
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    image.data[at] = ink[0];
    image.data[at + 1] = ink[1];
    image.data[at + 2] = ink[2];
    image.data[at + 3] = (255 * (values[i] as number)) / most;
  }
  context.putImageData(image, 0, 0);
}
