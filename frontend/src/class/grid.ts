/** How the wall is divided into places: as large as they can be, and seldom divided anew while drawings come. */

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** The side of a place, and its height where a reading stands below the picture, in CSS pixels. */
  readonly side: number;
  readonly height: number;
}

/** So many places there are for up to so many drawings: when one is full, all become smaller at once. */
const PLACES = [
  18, 24, 32, 40, 50, 64, 80, 100, 128, 160, 200, 250, 310, 390, 480, 600, 750, 940, 1200, 1500, 1900, 2400,
  3000, 3800, 5000,
];
const LARGEST = 220;
const READING = 1.34; // the height of a place with a reading, in sides

export function gridOf(count: number, width: number, height: number, hasReadings: boolean): Grid {
  const places = PLACES.find((most) => most >= count) ?? count;
  const ratio = hasReadings ? READING : 1;
  for (let side = LARGEST; side > 4; side--) {
    const columns = Math.floor(width / side);
    const rows = Math.floor(height / (side * ratio));
    if (columns * rows >= places) {
      const full = width / columns; // no margin is left at the right
      const taken = Math.min(full, height / (rows * ratio));
      return { columns, rows, side: taken, height: taken * ratio };
    }
  }
  return { columns: 1, rows: 1, side: 0, height: 0 };
}
