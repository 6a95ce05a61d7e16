/** Tiles that make room for each other. */

import type { Size } from "./view";

const ROUNDS = 80;
/** How far a tile's number stands out. */
const CORNER = 6;

/**
 * Return places where square tiles do not cover each other, near those given.
 *
 * Two that overlap move apart along the axis where less is needed, each by half of it; of two at one place the
 * first goes left. The result depends on the places alone, so the same half-step always looks the same. Where
 * there is no room for all, some still overlap.
 */
export function makeRoom(places: Float32Array, side: number, { width, height }: Size): Float32Array {
  const free = Float32Array.from(places);
  const n = free.length / 2;
  const edge = side / 2 + CORNER;
  const hold = (i: number) => {
    free[2 * i] = within(free[2 * i] as number, edge, width - edge);
    free[2 * i + 1] = within(free[2 * i + 1] as number, edge, height - edge);
  };
  const isSeen = (i: number) => {
    const [x, y] = [places[2 * i] as number, places[2 * i + 1] as number];
    return x > -side && x < width + side && y > -side && y < height + side;
  };
  const those = Array.from({ length: n }, (_, i) => i).filter(isSeen);
  for (const i of those) hold(i);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (let a = 0; a < those.length; a++) {
      for (let b = a + 1; b < those.length; b++) {
        const [i, j] = [those[a] as number, those[b] as number];
        const dx = (free[2 * j] as number) - (free[2 * i] as number);
        const dy = (free[2 * j + 1] as number) - (free[2 * i + 1] as number);
        const [across, down] = [side - Math.abs(dx), side - Math.abs(dy)];
        if (across <= 0.5 || down <= 0.5) continue;
        moved = true;
        const axis = across <= down ? 0 : 1;
        const push = (axis === 0 ? across : down) / 2;
        const sign = (axis === 0 ? dx : dy) < 0 ? -1 : 1;
        free[2 * i + axis] = (free[2 * i + axis] as number) - sign * push;
        free[2 * j + axis] = (free[2 * j + axis] as number) + sign * push;
        hold(i);
        hold(j);
      }
    }
    if (!moved) break;
  }
  return free;
}

function within(value: number, least: number, most: number): number {
  return most < least ? (least + most) / 2 : Math.min(Math.max(value, least), most);
}
