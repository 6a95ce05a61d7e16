/** What a half-step did, in plain words with its numbers. */

import { countOf, figure } from "../lib/counting";
import type { HalfStep, Start, Trace } from "./documents";
import { writeDistance } from "./quantities";

export interface Sentence {
  readonly title: string;
  readonly text: string;
}

/** Return the words for a half-step; `unit` is what a distance of 1 is, `isWhole` whether all images are marks. */
export function sentenceOf(trace: Trace, step: number, unit: number, isWhole: boolean): Sentence {
  const half = trace.at(step);
  if (half.half === "start") return { title: "Start", text: startText(trace) };
  const isLast = step >= trace.steps.length - 1;
  if (half.half === "update") return { title: `Update ${half.n_iter}`, text: updateText(trace, step, unit) };
  if (isLast)
    return { title: trace.end === "max_iter" ? "Stopped" : "Converged", text: endText(trace, half) };
  return { title: `Assignment ${half.n_iter}`, text: assignmentText(trace, step, isWhole) };
}

/** Return the name of the half-step that would come next; empty at the end. */
export function nextHalf(trace: Trace, step: number): "Assign" | "Update" | "" {
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

function startText(trace: Trace): string {
  return `${STARTS[trace.setup.start](trace.k)} No image has a cluster yet.`;
}

function assignmentText(trace: Trace, step: number, isWhole: boolean): string {
  const half = trace.at(step);
  const isFirst = trace.at(step - 1).labeling === null;
  const empty = half.counts.flatMap((count, cluster) => (count === 0 ? [cluster] : []));
  const said = ["Each image joined its nearest center"];
  if (isFirst) {
    const largest = argmax(half.counts);
    said[0] += `: cluster ${largest} is the largest, with ${images(half.counts[largest] ?? 0)}.`;
  } else if (half.n_changed === 0) {
    said[0] += ", as before: none changed its cluster.";
  } else {
    said[0] += `: ${figure(half.n_changed)} changed cluster${flow(trace, step, isWhole)}.`;
  }
  if (empty.length > 0) said.push(`${clusters(empty)} no image.`);
  return said.join(" ");
}

/** Return where most changed to: from one cluster to another where all images are marks, else by their totals. */
function flow(trace: Trace, step: number, isWhole: boolean): string {
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

function largestFlow(trace: Trace, step: number): { from: number; to: number; count: number } | null {
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

function updateText(trace: Trace, step: number, unit: number): string {
  const half = trace.at(step);
  const relocated = half.relocated.map(({ cluster }) => cluster);
  const moved = half.moved.map((distance, cluster) => (relocated.includes(cluster) ? 0 : distance));
  const furthest = argmax(moved);
  const distance = writeDistance(moved[furthest] ?? 0, unit);
  const said = [`Each center moved to the mean of its images, center ${furthest} furthest (${distance}).`];
  if (relocated.length === 1) {
    said.push(
      `Cluster ${relocated[0]} held no image; its center is put on the image farthest from its own center.`,
    );
  } else if (relocated.length > 1) {
    said.push(
      `Clusters ${listed(relocated)} held no image; their centers are put on the images farthest from their own.`,
    );
  }
  const next = step + 1 < trace.steps.length ? trace.at(step + 1) : null;
  // An empty cluster is the news; both together would be more than fits beside the plane.
  if (next && next.n_changed > 0 && relocated.length === 0)
    said.push(`Next, ${images(next.n_changed)} ${verb(next.n_changed)} cluster.`);
  return said.join(" ");
}

function endText(trace: Trace, half: HalfStep): string {
  const after = `after ${trace.n_iter} iteration${trace.n_iter === 1 ? "" : "s"}`;
  const near = "Another start may end lower.";
  if (trace.end === "no_change") {
    return `No image changed its cluster, so the centers stay: converged ${after}. ${near}`;
  }
  if (trace.end === "settled") {
    const changed = half.n_changed > 0 ? `, though ${images(half.n_changed)} still changed cluster` : "";
    return `The centers hardly moved${changed}: converged ${after}. ${near}`;
  }
  return `Stopped ${after}, the most it was allowed: images still change their cluster.`;
}

const images = (count: number) => countOf(count, "image");

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
