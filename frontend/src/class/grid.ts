/** How the wall is divided into places: as large as they can be, and seldom divided anew while drawings come. */

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** The side of a place, in CSS pixels. */
  readonly side: number;
}

/** So many places there are for up to so many drawings: when one is full, all become smaller at once. */
const PLACES = [
  18, 24, 32, 40, 50, 64, 80, 100, 128, 160, 200, 250, 310, 390, 480, 600, 750, 940, 1200, 1500, 1900, 2400,
  3000, 3800, 5000,
];
const LARGEST = 220;

export function gridOf(count: number, width: number, height: number): Grid {
  const places = PLACES.find((most) => most >= count) ?? count;
  for (let least = LARGEST; least > 4; least--) {
    const columns = Math.floor(width / least);
    if (columns * Math.floor(height / least) < places) continue;
    const rows = Math.ceil(places / columns);
    return { columns, rows, side: Math.min(width / columns, height / rows) }; // as little margin as may be
  }
  return { columns: 1, rows: 1, side: 0 };
}
