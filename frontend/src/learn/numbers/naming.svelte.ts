/** Clusters that are named: their tiles, the names given so far, and what these amount to. */

import type { Clustering } from "../../lib/api";
import { keep, recall } from "../../shell/stored";
import type { Tile } from "../../ui/NameTiles.svelte";
import type { Names } from "../../ui/naming";
import { decodeBase64 } from "../documents";

const KEY = "inkmeans.names";

export class Naming {
  readonly clustering: Clustering;
  /** The clusters that are not empty, the largest first. */
  readonly tiles: readonly Tile[];
  /** The name of each tile. */
  names = $state.raw<Names>([]);

  readonly n_named = $derived(this.names.filter((name) => name !== null).length);
  readonly n_images = $derived.by(() =>
    this.tiles.reduce((sum, { count }, i) => (this.names[i] === null ? sum : sum + count), 0),
  );
  /** The names in the order of the clusters' numbers, as the server takes them. */
  readonly byCluster = $derived.by(() => {
    const names: (string | null)[] = this.clustering.clusters.map(() => null);
    this.order.forEach((cluster, i) => {
      names[cluster] = this.names[i] ?? null;
    });
    return names;
  });
  /** What the reader sees in the middle images: names to press. */
  readonly choices: readonly string[];

  private readonly order: readonly number[];

  constructor(clustering: Clustering) {
    const { clusters, width, height } = clustering;
    const filled = clusters
      .filter(({ count }) => count > 0)
      .map(({ count, cluster }) => ({ count, cluster }));
    filled.sort((a, b) => b.count - a.count || a.cluster - b.cluster);
    this.clustering = clustering;
    this.order = filled.map(({ cluster }) => cluster);
    this.tiles = this.order.map((cluster, i) => ({
      picture: decodeBase64(clusters[cluster]?.picture ?? ""),
      example: decodeBase64(clusters[cluster]?.middle ?? ""),
      width,
      height,
      count: clusters[cluster]?.count ?? 0,
      label: `Cluster ${i + 1}`,
    }));
    this.choices = [...new Set(clusters.flatMap(({ likely }) => likely ?? []))];
    this.names = recalled(clustering, this.tiles.length) ?? this.tiles.map(() => null);
  }

  name(index: number, name: string | null): void {
    this.names = this.names.map((before, i) => (i === index ? name : before));
    keep(KEY, JSON.stringify({ clustering: this.clustering.clustering, names: this.names }));
  }
}

/** Return the names that this browser kept of these clusters; it keeps those of one clustering, the last one. */
function recalled({ clustering }: Clustering, k: number): Names | null {
  try {
    const kept: unknown = JSON.parse(recall(KEY) ?? "null");
    const { clustering: of, names } = (kept ?? {}) as { clustering?: unknown; names?: unknown };
    const isSame = of === clustering && Array.isArray(names) && names.length === k;
    return isSame && names.every((name) => name === null || typeof name === "string") ? names : null;
  } catch {
    return null;
  }
}
