/** A set-up and a half-step in the query of an address, so that a link opens what was shown. */

import type { LearnSet, Pixels, Setup, Start } from "./documents";

/** The part of the shell's address that is used; a page without a server has its own. */
export interface Link {
  readonly params: Readonly<Record<string, string>>;
  replace(params: Record<string, string>): void;
}

/** The same for a view that links to other states of itself. */
export interface ViewLink extends Link {
  hrefWith(params: Readonly<Record<string, string>>): string;
}

/** What is clustered. */
export type Choice = Pick<Setup, "set" | "pixels" | "k">;

/** Of what may be any whole number from `SMALLEST_K` on, no more than there are images. */
export const SMALLEST_K = 2;
export const LARGEST_K = 100;

/** Return a choice that its set can have: its pixels if it has them, and no more clusters than images. */
export function fitted<Wanted extends Choice>(wanted: Wanted, sets: readonly LearnSet[]): Wanted {
  const set = sets.find(({ set }) => set === wanted.set);
  const pixels =
    set && !set.pixels.includes(wanted.pixels) ? (set.pixels[0] ?? wanted.pixels) : wanted.pixels;
  const k = Math.min(Math.max(wanted.k, SMALLEST_K), LARGEST_K, set?.n_glyphs ?? LARGEST_K);
  return { ...wanted, pixels, k };
}

/** Writing each half-step of a playing run into the address would be more than browsers allow. */
const ADDRESS_WAIT = 400;

/** Writes a state into the address, at once or soon, but not too often. */
export class AddressWriter {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -ADDRESS_WAIT;
  private readonly put: () => void;

  constructor(put: () => void) {
    this.put = put;
  }

  write(): void {
    this.stop();
    this.last = performance.now();
    this.put();
  }

  /** Write at once, and what follows quickly after a wait. */
  writeSoon(): void {
    if (performance.now() - this.last >= ADDRESS_WAIT) this.write();
    else this.writeLater();
  }

  writeLater(): void {
    this.timer ??= setTimeout(() => this.write(), ADDRESS_WAIT);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

export const FIRST_SETUP: Setup = {
  set: "digits",
  pixels: "normalized",
  k: 10,
  start: "k-means++",
  seed: 0,
  rows: [],
};

const STARTS: readonly Start[] = ["k-means++", "random", "hand", "bad"];

/** Return the set-up of an address; what it leaves out or what makes no sense is as at first, and `notice` tells it. */
export function readSetup(
  params: Readonly<Record<string, string>>,
  sets: readonly LearnSet[],
): { setup: Setup; step: number; notice: string } {
  const find = (named: string | undefined) => sets.find(({ set }) => set === named);
  // One's own drawings have another name whenever one is added.
  const own = params.set?.startsWith("drawings") ? sets.find(({ kind }) => kind === "drawings") : undefined;
  const set = find(params.set) ?? own ?? find(FIRST_SETUP.set) ?? sets[0];
  const offered: readonly Pixels[] = set?.pixels ?? [];
  const pixels = offered.find((one) => one === params.pixels) ?? offered.at(-1) ?? FIRST_SETUP.pixels;
  const k = whole(params.k, FIRST_SETUP.k, SMALLEST_K, Math.min(LARGEST_K, set?.n_glyphs ?? LARGEST_K));
  const rows = (params.rows ?? "").split(",").filter(Boolean).map(Number);
  const canStart = rows.length === k && rows.every((row) => Number.isInteger(row) && row >= 0);
  const asked = STARTS.find((one) => one === params.start) ?? FIRST_SETUP.start;
  const start = asked === "hand" && !canStart ? FIRST_SETUP.start : asked;
  const setup = {
    set: set?.set ?? FIRST_SETUP.set,
    pixels,
    k,
    start,
    seed: whole(params.seed, 0, 0, 2 ** 31 - 1),
    rows: start === "hand" ? rows : [],
  };
  const notices = [
    params.set &&
      !find(params.set) &&
      !own &&
      `${nameOfMissing(params.set)} This is ${set?.title ?? "another"}.`,
    params.k && params.k !== String(k) && `The link asks for k = ${params.k.slice(0, 12)}; this is k = ${k}.`,
    asked !== start && `The link's images to start from are not ${k} of this set; this is ${start}.`,
  ];
  return {
    setup,
    step: whole(params.step, 0, 0, Number.MAX_SAFE_INTEGER),
    notice: notices.filter(Boolean).join(" "),
  };
}

function nameOfMissing(set: string): string {
  if (set.startsWith("drawings")) return "The link's drawings are in another browser.";
  if (set.startsWith("project")) return "The link's project is not open in this server.";
  if (set.startsWith("class"))
    return "The link's drawings of the class were deleted, or are in another server.";
  return "The link's set is not here.";
}

/** Return the query of a set-up; an empty text removes what does not matter. */
export function writeSetup(setup: Setup, step: number): Record<string, string> {
  return {
    set: setup.set,
    pixels: setup.pixels,
    k: String(setup.k),
    start: setup.start,
    seed: setup.start === "hand" ? "" : String(setup.seed),
    rows: setup.rows.join(","),
    step: step === 0 ? "" : String(step),
  };
}

/** Return the whole number of a text, within bounds; of what is none, another one. */
export function whole(text: string | undefined, otherwise: number, least: number, most: number): number {
  const asked = Number(text);
  const value = text && Number.isInteger(asked) ? asked : otherwise;
  return Math.min(Math.max(value, least), most);
}
