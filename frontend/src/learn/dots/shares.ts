/** How a clustering agrees with the groups that dots were drawn from. */

/** A dot that was drawn from no group. */
export const NO_GROUP = -1;

/** Return counts[cluster][group] of the dots that have a group. */
function countsOf(labels: Uint8Array, groups: readonly number[], k: number): number[][] {
  const n_groups = Math.max(...groups, 0) + 1;
  const counts = Array.from({ length: k }, () => new Array<number>(n_groups).fill(0));
  groups.forEach((group, row) => {
    const of = counts[labels[row] as number];
    if (group !== NO_GROUP && of) of[group] = (of[group] as number) + 1;
  });
  return counts;
}

/**
 * Return how many dots are with their own group, each group being matched with one cluster of its own and so that
 * the most dots are, and how many dots have a group.
 */
export function matched(labels: Uint8Array, groups: readonly number[], k: number): { n: number; of: number } {
  const counts = countsOf(labels, groups, k);
  const n_groups = counts[0]?.length ?? 0;
  // best[set] is the most dots with these groups matched, so far; groups are few.
  let best = new Array<number>(2 ** n_groups).fill(-Infinity);
  best[0] = 0;
  for (const row of counts) {
    const next = [...best];
    best.forEach((sum, set) => {
      row.forEach((count, group) => {
        const bit = 1 << group;
        if (!(set & bit)) next[set | bit] = Math.max(next[set | bit] as number, sum + count);
      });
    });
    best = next;
  }
  return { n: Math.max(...best), of: groups.filter((group) => group !== NO_GROUP).length };
}

/** Return how many dots are with their own group once each cluster takes the name of the group it has most dots of. */
export function named(labels: Uint8Array, groups: readonly number[], k: number): { n: number; of: number } {
  const counts = countsOf(labels, groups, k);
  const n = counts.reduce((sum, row) => sum + Math.max(...row), 0);
  return { n, of: groups.filter((group) => group !== NO_GROUP).length };
}
