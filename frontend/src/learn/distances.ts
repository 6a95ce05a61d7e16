/** Euclidean distances of images to centers, in the units in which k-means ran. */

export interface Images {
  readonly pictures: Uint8Array;
  readonly height: number;
  readonly width: number;
}

export interface Neighbor {
  readonly cluster: number;
  readonly distance: number;
}

export function imageOf(images: Images, mark: number): Uint8Array {
  const size = images.height * images.width;
  return images.pictures.subarray(mark * size, (mark + 1) * size);
}

export function centerOf(centers: Float32Array, cluster: number, size: number): Float32Array {
  return centers.subarray(cluster * size, (cluster + 1) * size);
}

export function distance(image: ArrayLike<number>, center: ArrayLike<number>): number {
  let sum = 0;
  for (let pixel = 0; pixel < center.length; pixel++) {
    const off = (image[pixel] as number) - (center[pixel] as number);
    sum += off * off;
  }
  return Math.sqrt(sum);
}

/** Return all centers, nearest first; of equally near ones the lower number first, as k-means decides ties. */
export function rankCenters(image: ArrayLike<number>, centers: Float32Array): Neighbor[] {
  const size = image.length;
  const found: Neighbor[] = [];
  for (let cluster = 0; cluster < centers.length / size; cluster++)
    found.push({ cluster, distance: distance(image, centerOf(centers, cluster, size)) });
  return found.sort((a, b) => a.distance - b.distance || a.cluster - b.cluster);
}

/** Up to this difference, relative to the nearer one, two distances count as all but equal. */
const ALL_BUT_EQUAL = 0.02;

export function allButEquallyFar(nearer: number, farther: number): boolean {
  return farther - nearer <= ALL_BUT_EQUAL * nearer;
}
