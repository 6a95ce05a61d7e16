/** Why k-means does well or fails on a set of dots, and what helps. */

import { type Preset, presetDots } from "./presets";
import type { Setup } from "./setup";
import { NO_GROUP } from "./shares";

export interface Remedy {
  readonly label: string;
  readonly change: Partial<Setup>;
}

export interface Words {
  readonly title: string;
  /** What k-means makes of it, before the share of the dots that it is right for. */
  readonly verdict: string;
  /** What the dots were drawn from. */
  readonly groups: string;
  readonly why: string;
  readonly helps: string;
  /** What of it can be tried here. */
  readonly remedies: readonly Remedy[];
}

const withK = (k: number): Remedy => ({
  label: `k = ${k}`,
  change: { k, start: "k-means++", seed: 0, centers: [] },
});

const outliers = presetDots("outliers").groups.flatMap((group, row) => (group === NO_GROUP ? [row] : []));

export const WORDS: Readonly<Record<Preset, Words>> = {
  blobs: {
    title: "Three blobs",
    verdict: "works",
    groups: "blob",
    why: "Round groups of like size, far apart: what k-means expects. A dot joins its nearest center, so borders are straight and lie half-way between two centers.",
    helps: "Nothing is needed, not even a good start: here it recovers from a bad one.",
    remedies: [{ label: "A bad start", change: { start: "bad", seed: 0, centers: [] } }, withK(2)],
  },
  spread: {
    title: "Unequal spread",
    verdict: "edge cut off",
    groups: "group",
    why: "A border lies half-way between two centers, however wide the groups are: the wide one loses its edge to the narrow ones.",
    helps:
      "A Gaussian mixture, which gives each group a width of its own. Or more clusters, named afterwards.",
    remedies: [withK(8)],
  },
  long: {
    title: "Long and thin",
    verdict: "cut across",
    groups: "stripe",
    why: "Distance counts alike in all directions. Along a stripe it is far, across to the next one it is near: so it cuts across.",
    helps:
      "A Gaussian mixture with full covariances, which can be long and thin too. Or many clusters, named afterwards.",
    remedies: [withK(12)],
  },
  moons: {
    title: "Two moons",
    verdict: "cut straight",
    groups: "moon",
    why: "The moons reach into one another: no straight border parts them, and a mean need not lie in its moon.",
    helps:
      "Spectral clustering or DBSCAN, which follow what is connected. Or many clusters, named afterwards.",
    remedies: [withK(12)],
  },
  rings: {
    title: "Ring in ring",
    verdict: "halved",
    groups: "ring",
    why: "Both rings have their mean in the middle. Two centers cannot both lie there, so they halve the rings instead.",
    helps:
      "Another feature, the distance from the middle. Spectral clustering or DBSCAN. Or many clusters, named afterwards.",
    remedies: [withK(12)],
  },
  scale: {
    title: "Unequal scale",
    verdict: "cut by weight",
    groups: "group",
    why: "A distance adds grams and centimeters as if they were one unit. Weights differ by hundreds, lengths by a few: weight decides alone.",
    helps:
      "Standardization: each axis less its mean, divided by its standard deviation. Then both count alike.",
    remedies: [
      { label: "Standardize x and y", change: { isScaled: true, start: "k-means++", seed: 0, centers: [] } },
    ],
  },
  many: {
    title: "Too many k",
    verdict: "split",
    groups: "blob",
    why: "k-means makes as many clusters as it is told. With six for three blobs, it splits what belongs together.",
    helps:
      "Another k: where inertia stops falling fast, or silhouettes are best. Pieces do no harm once they are named alike.",
    remedies: [withK(3), withK(4)],
  },
  outliers: {
    title: "Outliers",
    verdict: "two made one",
    groups: "blob",
    why: "Squares make far dots heavy. It pays to give the few outliers a center, and the two blobs share the other.",
    helps: "Taking outliers out first, one cluster more, or DBSCAN, which leaves them without a cluster.",
    remedies: [
      { label: "Without outliers", change: { removed: outliers, start: "k-means++", seed: 1, centers: [] } },
      withK(3),
    ],
  },
  none: {
    title: "No groups",
    verdict: "cuts all the same",
    groups: "group",
    why: "There is nothing to find, and k-means finds four clusters all the same. Having clusters is no proof of groups.",
    helps:
      "Other starts: where each cuts elsewhere, distrust the clusters. Compare silhouettes with those of groups.",
    remedies: [
      { label: "Another start", change: { start: "random", seed: 1, centers: [] } },
      { label: "And another", change: { start: "random", seed: 4, centers: [] } },
    ],
  },
};

export const OWN: Omit<Words, "verdict" | "groups"> = {
  title: "Your own dots",
  why: "An empty plane: click or tap to put dots on it. k-means begins when there are as many as clusters.",
  helps: "a far dot, two groups that touch, one group around another.",
  remedies: [],
};
