/** What a half-step did, in plain words with its numbers. */

import { countOf, figure } from "../lib/counting";
import type { HalfStep, Run, Start, Trace } from "./documents";
import { writeDistance } from "./quantities";

export interface Sentence {
  readonly title: string;
  readonly text: string;
}

/** What a run is on. */
export interface Subject {
  /** What is clustered: "image". */
  readonly noun: string;
  /** What a distance of 1 is. */
  readonly unit: number;
  /** Whether all that is clustered is shown. */
  readonly isWhole: boolean;
  /** What the first centers are, as a sentence. */
  readonly start: string;
}

/** Return the words for a half-step of a run on images; `unit` is a distance of 1, `isWhole` whether all are marks. */
export function sentenceOf(trace: Trace, step: number, unit: number, isWhole: boolean): Sentence {
  return tell(trace, step, { noun: "image", unit, isWhole, start: STARTS[trace.setup.start](trace.k) });
}

/** Return the words for a half-step. */
export function tell(run: Run, step: number, subject: Subject): Sentence {
  const half = run.at(step);
  if (half.half === "start")
    return { title: "Start", text: `${subject.start} No ${subject.noun} has a cluster yet.` };
  const isLast = step >= run.steps.length - 1;
  if (half.half === "update") return { title: `Update ${half.n_iter}`, text: updateText(run, step, subject) };
  if (isLast)
    return {
      title: run.end === "max_iter" ? "Stopped" : "Converged",
      text: endText(run, half, subject.noun),
    };
  return { title: `Assignment ${half.n_iter}`, text: assignmentText(run, step, subject) };
}

/** Return the name of the half-step that would come next; empty at the end. */
export function nextHalf(trace: Run, step: number): "Assign" | "Update" | "" {
  if (step >= trace.steps.length - 1) return "";
  return trace.at(step + 1).half === "update" ? "Update" : "Assign";
}

/** The least share of all changes that is told of one pair of clusters. */
const WORTH_SAYING = 0.1;

const STARTS: Record<Start, (k: number) => string> = {
  "k-means++": (k) =>
    `k-means++ took ${k} images as the first centers, each likely far from those before it.`,
  random: (k) => `${k} images drawn at random are the first centers.`,
  hand: (k) => `The ${k} images you chose are the first centers.`,
  bad: (k) => `Bad on purpose: the first centers are ${k} images that are much alike.`,
};

function assignmentText(trace: Run, step: number, { noun, isWhole }: Subject): string {
  const half = trace.at(step);
  const isFirst = trace.at(step - 1).labeling === null;
  const empty = half.counts.flatMap((count, cluster) => (count === 0 ? [cluster] : []));
  const said = [`Each ${noun} joined its nearest center`];
  if (isFirst) {
    const largest = argmax(half.counts);
    said[0] += `: cluster ${largest} is the largest, with ${countOf(half.counts[largest] ?? 0, noun)}.`;
  } else if (half.n_changed === 0) {
    said[0] += ", as before: none changed its cluster.";
  } else {
    said[0] += `: ${figure(half.n_changed)} changed cluster${flow(trace, step, isWhole)}.`;
  }
  if (empty.length > 0) said.push(`${clusters(empty)} no ${noun}.`);
  return said.join(" ");
}

/** Return where most changed to: from one cluster to another where all images are marks, else by their totals. */
function flow(trace: Run, step: number, isWhole: boolean): string {
  const half = trace.at(step);
  if (half.n_changed < 3) {
    const pair = isWhole && half.n_changed === 1 ? largestFlow(trace, step) : null;
    return pair ? `, from ${pair.from} to ${pair.to}` : "";
  }
  if (!isWhole) return `, the most out of ${argmax(half.went)} and the most into ${argmax(half.came)}`;
  const pair = largestFlow(trace, step);
  if (!pair || pair.count < Math.max(2, WORTH_SAYING * half.n_changed)) return "";
  const share = pair.count * 2 > half.n_changed ? "most of them" : "the most";
  return `, ${share} from ${pair.from} to ${pair.to} (${figure(pair.count)})`;
}

function largestFlow(trace: Run, step: number): { from: number; to: number; count: number } | null {
  const [before, after] = [trace.labels(step - 1), trace.labels(step)];
  if (!before || !after) return null;
  const flows = new Array<number>(trace.k ** 2).fill(0);
  for (let mark = 0; mark < after.length; mark++) {
    const [from, to] = [before[mark] as number, after[mark] as number];
    if (from !== to) flows[from * trace.k + to] = (flows[from * trace.k + to] as number) + 1;
  }
  const best = argmax(flows);
  return { from: Math.floor(best / trace.k), to: best % trace.k, count: flows[best] as number };
}

function updateText(trace: Run, step: number, { noun, unit }: Subject): string {
  const half = trace.at(step);
  const relocated = half.relocated.map(({ cluster }) => cluster);
  const moved = half.moved.map((distance, cluster) => (relocated.includes(cluster) ? 0 : distance));
  const furthest = argmax(moved);
  const distance = writeDistance(moved[furthest] ?? 0, unit);
  const said = [`Each center moved to the mean of its ${noun}s, center ${furthest} furthest (${distance}).`];
  if (relocated.length === 1) {
    said.push(
      `Cluster ${relocated[0]} held no ${noun}; its center is put on the ${noun} farthest from its own center.`,
    );
  } else if (relocated.length > 1) {
    said.push(
      `Clusters ${listed(relocated)} held no ${noun}; their centers are put on the ${noun}s farthest from their own.`,
    );
  }
  const next = step + 1 < trace.steps.length ? trace.at(step + 1) : null;
  // An empty cluster is the news; both together would be more than fits beside the plane.
  if (next && next.n_changed > 0 && relocated.length === 0)
    said.push(`Next, ${countOf(next.n_changed, noun)} ${verb(next.n_changed)} cluster.`);
  return said.join(" ");
}

function endText(trace: Run, half: HalfStep, noun: string): string {
  const after = `after ${trace.n_iter} iteration${trace.n_iter === 1 ? "" : "s"}`;
  const near = "Another start may end lower.";
  if (trace.end === "no_change") {
    return `No ${noun} changed its cluster, so the centers stay: converged ${after}. ${near}`;
  }
  if (trace.end === "settled") {
    const changed =
      half.n_changed > 0 ? `, though ${countOf(half.n_changed, noun)} still changed cluster` : "";
    return `The centers hardly moved${changed}: converged ${after}. ${near}`;
  }
  return `Stopped ${after}, the most it was allowed: ${noun}s still change their cluster.`;
}

function verb(count: number): string {
  return count === 1 ? "changes" : "change";
}

function clusters(which: readonly number[]): string {
  return which.length === 1 ? `Cluster ${which[0]} holds` : `Clusters ${listed(which)} hold`;
}

/** Return "1 and 5"; of more than six the first five and how many others. */
function listed(numbers: readonly number[]): string {
  if (numbers.length > 6) return `${numbers.slice(0, 5).join(", ")} and ${numbers.length - 5} others`;
  return `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}

function argmax(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
