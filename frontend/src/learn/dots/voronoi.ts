/** Voronoi cells: the part of a rectangle that is nearer to a center than to any other. */

export type Polygon = readonly (readonly [number, number])[];

/** Return the cell of each center (x and y of each) within a rectangle; that of a center equal to an earlier one is empty. */
export function cellsOf(
  centers: Float64Array,
  [left, top, right, bottom]: readonly [number, number, number, number],
): Polygon[] {
  const k = centers.length / 2;
  return Array.from({ length: k }, (_, cluster) => {
    let cell: Polygon = [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ];
    const [x, y] = [centers[2 * cluster] as number, centers[2 * cluster + 1] as number];
    for (let other = 0; other < k && cell.length > 0; other++) {
      if (other === cluster) continue;
      const [ox, oy] = [centers[2 * other] as number, centers[2 * other + 1] as number];
      if (ox === x && oy === y) {
        if (other < cluster) cell = [];
        continue;
      }
      // Points p with (p - middle) · (other - own) <= 0 are nearer to the own center.
      cell = clip(cell, [ox - x, oy - y], ((ox - x) * (ox + x) + (oy - y) * (oy + y)) / 2);
    }
    return cell;
  });
}

/** Return the part of a convex polygon where p · normal <= limit. */
function clip(polygon: Polygon, [nx, ny]: readonly [number, number], limit: number): Polygon {
  const kept: [number, number][] = [];
  polygon.forEach(([x, y], i) => {
    const [px, py] = polygon.at(i - 1) as readonly [number, number];
    const [now, before] = [x * nx + y * ny - limit, px * nx + py * ny - limit];
    if (now <= 0 !== before <= 0) {
      const share = before / (before - now);
      kept.push([px + (x - px) * share, py + (y - py) * share]);
    }
    if (now <= 0) kept.push([x, y]);
  });
  return kept;
}
