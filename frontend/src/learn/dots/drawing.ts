/** The parts of the picture of dots as paths. */

import type { Frame } from "./frame";
import type { Space } from "./space";
import { cellsOf, type Polygon } from "./voronoi";

/** Their outer borders are out of sight, in pixels. */
const EDGE = 2;

/** Return the cells of centers, given as places, on the screen: what is nearest in the space of k-means. */
export function cellPaths(centers: Float64Array, space: Space, frame: Frame): string[] {
  if (centers.length === 0) return [];
  const [left, low, right, high] = frame.sight(EDGE);
  const corners = space.fromPlaces([left, low, right, high]) as ArrayLike<number> as [
    number,
    number,
    number,
    number,
  ];
  return cellsOf(space.fromPlaces(centers), corners).map((cell) =>
    pathOf(space.toPlaces(cell.flat()), frame),
  );
}

function pathOf(places: Float64Array, frame: Frame): string {
  const points: Polygon = Array.from({ length: places.length / 2 }, (_, i) => [
    frame.x(places[2 * i] as number),
    frame.y(places[2 * i + 1] as number),
  ]);
  return points.length > 0 ? `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z` : "";
}

/** Return for each cluster the lines from its dots to its center. */
export function linePaths(
  places: readonly number[],
  labels: Uint8Array,
  centers: Float64Array,
  frame: Frame,
): string[] {
  const paths = new Array<string>(centers.length / 2).fill("");
  labels.forEach((label, i) => {
    const from = `${frame.x(places[2 * i] as number).toFixed(1)} ${frame.y(places[2 * i + 1] as number).toFixed(1)}`;
    const to = `${frame.x(centers[2 * label] as number).toFixed(1)} ${frame.y(centers[2 * label + 1] as number).toFixed(1)}`;
    paths[label] += `M${from}L${to}`;
  });
  return paths;
}

/** Return for each cluster its dots: lines of no length, which round caps make dots. */
export function dotPaths(places: readonly number[], labels: Uint8Array, k: number, frame: Frame): string[] {
  const paths = new Array<string>(k).fill("");
  labels.forEach((label, i) => {
    paths[label] +=
      `M${frame.x(places[2 * i] as number).toFixed(1)} ${frame.y(places[2 * i + 1] as number).toFixed(1)}h0`;
  });
  return paths;
}
