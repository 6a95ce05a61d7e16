/** What outlives a reload of the page: drawings, pen and names of the ten centers, in the tab's session storage. */

import { type Strokes, toStrokes } from "../lib/strokes";
import { PENS, type PenName } from "./pens";

const KEY = "inkmeans.page";

export interface Kept {
  boxes: readonly Strokes[];
  pen: PenName;
  /** What the learner named each of the ten centers; "" for those without a name. */
  names: readonly string[];
  /** What is known of each box, as `Box` has it; a drawing that is kept already is not kept again. */
  told: readonly Told[];
}

interface Told {
  readonly truth: string;
  readonly kept: string;
}

export function keep(state: Kept): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Storage can be full or forbidden; then a reload starts blank, and nothing else is lost.
  }
}

/** Return what was kept; what another version or a hand wrote there counts as nothing drawn. */
export function recall(): Kept {
  const state = parse();
  const boxes = Array.isArray(state?.boxes) ? state.boxes.map(toStrokes) : [];
  const names = Array.isArray(state?.names) ? state.names.map(toName) : [];
  const pen = Object.keys(PENS).includes(String(state?.pen)) ? (state?.pen as PenName) : "normal";
  const told = Array.isArray(state?.told) ? state.told.map(toTold) : [];
  return { boxes, pen, names, told };
}

function parse(): { pen?: unknown; names?: unknown; boxes?: unknown; told?: unknown } | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

function toName(data: unknown): string {
  return typeof data === "string" && [...data].length === 1 ? data : "";
}

function toTold(data: unknown): Told {
  const { truth, kept } = (data ?? {}) as Partial<Told>;
  return { truth: typeof truth === "string" ? truth : "", kept: typeof kept === "string" ? kept : "" };
}
