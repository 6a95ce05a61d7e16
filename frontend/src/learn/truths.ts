/** Clusters beside the truths: what each holds, what it would take for what, and how many would be right. */

export interface Held {
  readonly truth: string;
  readonly count: number;
}

export interface ClusterTruths {
  /** The truths of the members, the commonest first; of some it may not be known. */
  readonly held: readonly Held[];
  readonly size: number;
  /** The name that the cluster would take; empty where it has no members. */
  readonly name: string;
}

export interface Verdict {
  readonly clusters: readonly ClusterTruths[];
  /** Members whose truth is known. */
  readonly total: number;
  readonly right: number;
  /** Truths that no cluster would take as its name, in order. */
  readonly missing: readonly string[];
  /** Names that several clusters would take, the commonest first. */
  readonly shared: readonly Held[];
}

const inOrder = new Intl.Collator("en", { numeric: true }).compare;

/** Give each cluster the name of its commonest truth, of equally common ones the first in order. A truth of "" is unknown. */
export function judge(labels: Uint8Array, truths: readonly string[], k: number): Verdict {
  const counts = Array.from({ length: k }, () => new Map<string, number>());
  labels.forEach((cluster, mark) => {
    const truth = truths[mark];
    if (truth) add(counts[cluster], truth);
  });
  const clusters = counts.map((held): ClusterTruths => {
    const sorted = commonestFirst(held);
    return { held: sorted, size: sum(sorted), name: sorted[0]?.truth ?? "" };
  });
  const names = new Map<string, number>();
  for (const { name } of clusters) if (name) add(names, name);
  return {
    clusters,
    total: sum(clusters.map(({ size }) => ({ count: size }))),
    right: clusters.reduce((right, { held }) => right + (held[0]?.count ?? 0), 0),
    missing: [...new Set(truths)].filter((truth) => truth && !names.has(truth)).sort(inOrder),
    shared: commonestFirst(names).filter(({ count }) => count > 1),
  };
}

function add(counts: Map<string, number> | undefined, truth: string): void {
  counts?.set(truth, (counts.get(truth) ?? 0) + 1);
}

function commonestFirst(counts: ReadonlyMap<string, number>): Held[] {
  return [...counts]
    .map(([truth, count]) => ({ truth, count }))
    .sort((a, b) => b.count - a.count || inOrder(a.truth, b.truth));
}

const sum = (held: readonly { readonly count: number }[]) =>
  held.reduce((total, { count }) => total + count, 0);
