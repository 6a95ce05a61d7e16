/** Which mark lies under a point, and which lies beside another. */

/** Return the mark nearest to a point, or null where none is within reach. Of two as near, the later lies on top. */
export function nearestMark(places: Float32Array, x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let least = reach * reach;
  for (let i = 0; i < places.length; i += 2) {
    const distance = ((places[i] as number) - x) ** 2 + ((places[i + 1] as number) - y) ** 2;
    if (distance <= least) {
      least = distance;
      best = i / 2;
    }
  }
  return best;
}

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
const AHEAD: Record<Direction, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Return the next mark in a direction: near, and more ahead than aside; the mark itself where none is. */
export function markBeside(places: Float32Array, mark: number, direction: Direction): number {
  const [across, down] = AHEAD[direction];
  const [x, y] = [places[2 * mark] as number, places[2 * mark + 1] as number];
  let [best, least] = [mark, Infinity];
  for (let i = 0; i < places.length; i += 2) {
    const [dx, dy] = [(places[i] as number) - x, (places[i + 1] as number) - y];
    const ahead = dx * across + dy * down;
    const aside = Math.abs(dx * down - dy * across);
    if (ahead <= 0 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [i / 2, cost];
  }
  return best;
}
