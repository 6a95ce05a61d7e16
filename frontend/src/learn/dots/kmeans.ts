/**
 * k-means in the plane: Lloyd's algorithm from given centers, with the rules of `inkmeans.KMeans`.
 *
 * A point goes to its nearest center, the lowest index on a tie. An empty cluster is relocated to the point farthest
 * from its own center, but never to the last point of a cluster. A run ends when an assignment changes no label, when
 * the sum of squares by which the centers moved is at most `tol` times the mean variance of x and y, or after
 * `max_iter` iterations; unless nothing had changed, the points are assigned once more, so that labels and inertia
 * belong to the last centers.
 */

import type { HalfStep, Run } from "../documents";

const MAX_ITER = 300;
const TOL = 1e-4;

/** The mean of equal points may differ from them by rounding: that is no distance. */
const ROUNDING = 1e-28;

/** A run in the plane. */
export class PlaneRun implements Run {
  readonly k: number;
  readonly n_iter: number;
  readonly end: Run["end"];
  readonly steps: readonly HalfStep[];
  private readonly everyLabel: readonly Uint8Array[];
  private readonly everyCenter: readonly Float64Array[];

  constructor(
    end: Run["end"],
    steps: readonly HalfStep[],
    labels: readonly Uint8Array[],
    centers: readonly Float64Array[],
  ) {
    this.k = (centers[0] as Float64Array).length / 2;
    this.n_iter = (steps.at(-1) as HalfStep).n_iter;
    this.end = end;
    this.steps = steps;
    this.everyLabel = labels;
    this.everyCenter = centers;
  }

  at(step: number): HalfStep {
    return this.steps[Math.min(Math.max(step, 0), this.steps.length - 1)] as HalfStep;
  }

  labels(step: number): Uint8Array | null {
    const { labeling } = this.at(step);
    return labeling === null ? null : (this.everyLabel[labeling] as Uint8Array);
  }

  /** Return x and y of each center after a half-step. */
  centers(step: number): Float64Array {
    return this.everyCenter[this.at(step).centering] as Float64Array;
  }
}

/** Return the run on points (x and y of each) from initial centers (the same). At least one point is needed. */
export function runKMeans(
  points: Float64Array,
  initial: Float64Array,
  { max_iter = MAX_ITER, tol = TOL } = {},
): PlaneRun {
  const k = initial.length / 2;
  const recorder = new Recorder(points, initial);
  const labels = new Uint8Array(points.length / 2).fill(NONE);
  const enough = tol * meanVariance(points);
  let centers = initial;
  let converged = false;
  let settled = false;
  let n_iter = 0;
  while (n_iter < max_iter && !converged && !settled) {
    const n_changed = assign(points, centers, labels);
    n_iter += 1;
    recorder.record("assignment", n_iter, centers, labels, []);
    const { sums, counts } = sumsOf(points, labels, k);
    const hasEmpty = counts.includes(0);
    const relocated = hasEmpty ? relocateEmpty(points, centers, labels, sums, counts) : [];
    const before = centers;
    centers = before.map((value, i) => {
      const count = counts[i >> 1] as number;
      return count > 0 ? (sums[i] as number) / count : value;
    });
    const updated = labels.slice();
    for (const { cluster, row } of relocated) updated[row] = cluster;
    recorder.record("update", n_iter, centers, updated, relocated);
    settled = !hasEmpty && n_changed === 0;
    const moved = before.reduce((sum, value, i) => sum + (value - (centers[i] as number)) ** 2, 0);
    converged = settled || moved <= enough;
  }
  if (!settled) {
    assign(points, centers, labels);
    recorder.record("assignment", n_iter, centers, labels, []);
  }
  return recorder.run(converged);
}

/** No cluster yet. */
const NONE = 255;

/** Write the nearest center of each point into `labels`; return how many changed. */
export function assign(points: Float64Array, centers: Float64Array, labels: Uint8Array): number {
  let n_changed = 0;
  for (let row = 0; row < labels.length; row++) {
    let nearest = 0;
    let least = Infinity;
    for (let cluster = 0; cluster < centers.length / 2; cluster++) {
      const distance = squared(points, row, centers, cluster);
      if (distance < least) [least, nearest] = [distance, cluster];
    }
    if (labels[row] !== nearest) n_changed += 1;
    labels[row] = nearest;
  }
  return n_changed;
}

/** Return the sum of squared distances of the points to the centers of their labels. */
export function inertiaOf(points: Float64Array, centers: Float64Array, labels: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += squared(points, row, centers, labels[row] as number);
  return sum;
}

export function squared(points: Float64Array, row: number, centers: Float64Array, cluster: number): number {
  const x = (points[2 * row] as number) - (centers[2 * cluster] as number);
  const y = (points[2 * row + 1] as number) - (centers[2 * cluster + 1] as number);
  return x * x + y * y;
}

function sumsOf(points: Float64Array, labels: Uint8Array, k: number) {
  const sums = new Float64Array(2 * k);
  const counts = new Array<number>(k).fill(0);
  for (let row = 0; row < labels.length; row++) {
    const cluster = labels[row] as number;
    sums[2 * cluster] = (sums[2 * cluster] as number) + (points[2 * row] as number);
    sums[2 * cluster + 1] = (sums[2 * cluster + 1] as number) + (points[2 * row + 1] as number);
    counts[cluster] = (counts[cluster] as number) + 1;
  }
  return { sums, counts };
}

/** Relocate each empty cluster in `sums` and `counts`; one stays empty where all distances are 0. */
function relocateEmpty(
  points: Float64Array,
  centers: Float64Array,
  labels: Uint8Array,
  sums: Float64Array,
  counts: number[],
): HalfStep["relocated"][number][] {
  const far = Array.from(labels, (label, row) => squared(points, row, centers, label));
  const order = far.map((_, row) => row).sort((a, b) => (far[b] as number) - (far[a] as number)); // stable
  const empty = counts.flatMap((count, cluster) => (count === 0 ? [cluster] : []));
  const relocated: HalfStep["relocated"][number][] = [];
  let next = 0;
  for (const cluster of empty) {
    while (next < order.length && (counts[labels[order[next] as number] as number] as number) <= 1) next += 1;
    const row = order[next];
    if (row === undefined) break;
    const [x, y] = [points[2 * row] as number, points[2 * row + 1] as number];
    if ((far[row] as number) <= ROUNDING * (x * x + y * y)) break;
    next += 1;
    const from = labels[row] as number;
    counts[from] = (counts[from] as number) - 1;
    sums[2 * from] = (sums[2 * from] as number) - x;
    sums[2 * from + 1] = (sums[2 * from + 1] as number) - y;
    counts[cluster] = 1;
    sums.set([x, y], 2 * cluster);
    relocated.push({ cluster, row });
  }
  return relocated;
}

/** Return the mean of the variances of x and of y. */
function meanVariance(points: Float64Array): number {
  const [x, y] = momentsOf(points);
  return (x.variance + y.variance) / 2;
}

/** Return mean and variance of x and of y. */
export function momentsOf(points: Float64Array): [Moments, Moments] {
  return [moments(points, 0), moments(points, 1)];
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

function moments(points: Float64Array, axis: 0 | 1): Moments {
  const n = points.length / 2;
  let sum = 0;
  for (let i = axis; i < points.length; i += 2) sum += points[i] as number;
  const mean = sum / n;
  let squares = 0;
  for (let i = axis; i < points.length; i += 2) squares += ((points[i] as number) - mean) ** 2;
  return { mean, variance: squares / n };
}

/** Keeps each half-step, as the server's traces do. */
class Recorder {
  private readonly points: Float64Array;
  private readonly k: number;
  private readonly steps: HalfStep[];
  private readonly labels: Uint8Array[] = [];
  private readonly centers: Float64Array[];
  private before: Uint8Array;

  constructor(points: Float64Array, initial: Float64Array) {
    this.points = points;
    this.k = initial.length / 2;
    this.centers = [initial];
    this.before = new Uint8Array(points.length / 2).fill(NONE);
    const none = new Array<number>(this.k).fill(0);
    this.steps = [
      {
        half: "start",
        n_iter: 0,
        inertia: null,
        n_changed: 0,
        counts: none,
        came: none,
        went: none,
        moved: none,
        relocated: [],
        labeling: null,
        centering: 0,
      },
    ];
  }

  record(
    half: "assignment" | "update",
    n_iter: number,
    centers: Float64Array,
    labels: Uint8Array,
    relocated: HalfStep["relocated"],
  ): void {
    const [counts, came, went] = [0, 0, 0].map(() => new Array<number>(this.k).fill(0)) as [
      number[],
      number[],
      number[],
    ];
    const add = (to: number[], cluster: number) => {
      if (cluster !== NONE) to[cluster] = (to[cluster] as number) + 1;
    };
    let n_changed = 0;
    for (let row = 0; row < labels.length; row++) {
      const [now, then] = [labels[row] as number, this.before[row] as number];
      add(counts, now);
      if (now === then) continue;
      n_changed += 1;
      add(came, now);
      add(went, then);
    }
    const last = this.centers.at(-1) as Float64Array;
    const moved = counts.map((_, cluster) => Math.sqrt(squared(centers, cluster, last, cluster)));
    if (n_changed > 0) this.labels.push(labels.slice());
    if (moved.some((distance) => distance > 0)) this.centers.push(centers);
    this.before = labels.slice();
    this.steps.push({
      half,
      n_iter,
      inertia: inertiaOf(this.points, centers, labels),
      n_changed,
      counts,
      came,
      went,
      moved,
      relocated,
      labeling: this.labels.length - 1,
      centering: this.centers.length - 1,
    });
  }

  run(converged: boolean): PlaneRun {
    const last = this.steps.at(-1) as HalfStep;
    const hasNoChange = last.half === "update"; // otherwise the points are assigned once more
    if (hasNoChange && !last.moved.some((distance) => distance > 0)) this.steps.pop(); // nothing moved
    const end = hasNoChange ? "no_change" : converged ? "settled" : "max_iter";
    return new PlaneRun(end, this.steps, this.labels, this.centers);
  }
}
