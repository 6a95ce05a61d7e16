/** The members of a cluster among the marks: the middle first, and the odd ones. */

import { centerOf, distance, type Images, imageOf } from "./distances";

export interface Member {
  readonly mark: number;
  /** To the center of its own cluster. */
  readonly distance: number;
  /** The nearest other center; -1 where there is only one. */
  readonly rival: number;
  readonly rivalDistance: number;
  /** distance / rivalDistance: near 1, and the image lies between two clusters; above 1, it goes over next. */
  readonly ratio: number;
}

/** Return the members of a cluster, ordered from the middle to the edge. */
export function membersOf(
  cluster: number,
  labels: Uint8Array,
  images: Images,
  centers: Float32Array,
): Member[] {
  const size = images.height * images.width;
  const k = centers.length / size;
  const members: Member[] = [];
  for (let mark = 0; mark < labels.length; mark++) {
    if (labels[mark] !== cluster) continue;
    const image = imageOf(images, mark);
    const own = distance(image, centerOf(centers, cluster, size));
    let rival = -1;
    let rivalDistance = Number.POSITIVE_INFINITY;
    for (let other = 0; other < k; other++) {
      if (other === cluster) continue;
      const far = distance(image, centerOf(centers, other, size));
      if (far < rivalDistance) [rival, rivalDistance] = [other, far];
    }
    const ratio = own === 0 ? 0 : own / rivalDistance; // two equal centers: 0 / 0
    members.push({ mark, distance: own, rival, rivalDistance, ratio });
  }
  return members.sort((a, b) => a.distance - b.distance || a.mark - b.mark);
}

/** From this ratio on a member is odd: another center is at most a twentieth farther. */
const ODD = 0.95;

/** Return the members that lie nearly as close to another center, the oddest first. */
export function oddOnes(members: readonly Member[], most: number): Member[] {
  return members
    .filter((member) => member.ratio >= ODD)
    .sort((a, b) => b.ratio - a.ratio || a.mark - b.mark)
    .slice(0, most);
}
