/** Which picture of the marks belongs to a half-step. */

import type { Trace } from "../documents";
import type { Picture } from "./stage";

/** With more than this share of the marks, or this number where they are few, outlines would say nothing. */
const LARGEST_SHARE = 0.05;
const FEW = 8;

const numbers = new WeakMap<Trace, number>();
let count = 0;

export function pictureAt(trace: Trace, step: number, bright: number | null, isPicking: boolean): Picture {
  if (!numbers.has(trace)) numbers.set(trace, count++);
  const labels = isPicking ? null : trace.labels(step);
  const outlined = labels ? changedMarks(trace, step) : [];
  const half = trace.at(step);
  const of = labels
    ? `${numbers.get(trace)} ${half.labeling} ${outlined.length > 0 ? half.half : ""}`
    : "none";
  return { key: `${of} ${labels ? (bright ?? "") : ""}`, labels, outlined, bright: labels ? bright : null };
}

/** Return the marks that an assignment gave to another cluster; none where they are too many, or all. */
export function changedMarks(trace: Trace, step: number): number[] {
  if (trace.at(step).half !== "assignment") return [];
  const [before, after] = [trace.labels(step - 1), trace.labels(step)];
  if (!before || !after) return [];
  const changed: number[] = [];
  for (let mark = 0; mark < after.length; mark++) if (before[mark] !== after[mark]) changed.push(mark);
  return changed.length <= Math.max(FEW, LARGEST_SHARE * after.length) ? changed : [];
}
