/** The parts of Learn, and where each was when it was left. */

type Params = Readonly<Record<string, string>>;

/** The parts by their names in the address, with their titles. */
export const PARTS = { glyphs: "Glyphs", dots: "Dots", runs: "Runs", k: "Choose k" } as const;
export type Part = keyof typeof PARTS;

/** What is clustered, and for whom, is one for all parts that cluster images; Dots has its own dots and its own k. */
const SHARED = ["set", "pixels", "for"] as const;

/** Where one of these is another, the images are others, or the centers are. */
const OTHER_IMAGES = ["set", "pixels", "k"] as const;
/** What is right for the images of one set, its pixels and one k alone. */
const OF_ITS_IMAGES = ["rows", "step"] as const;

const left: Partial<Record<Part, Params>> = {};
let shared: Params = {};

/** Return the part that an address names: Glyphs where it names none that is offered. */
export function partOf(params: Params, offered: readonly Part[]): Part {
  return offered.find((part) => part === params.part) ?? "glyphs";
}

/** Keep the state of a part. */
export function remember(part: Part, params: Params): void {
  left[part] = params;
  shared = sharedOf(part, params);
}

/** Return the state in which another part opens: as it was left, and on the set that was last looked at. */
export function stateOf(part: Part, present: Params): Record<string, string> {
  const from = partOf(present, Object.keys(PARTS) as Part[]);
  const before = left[part] ?? {};
  const taken = part === "dots" ? setOf(present) : sharedOf(from, present);
  const state: Record<string, string> = { ...before, ...taken };
  delete state.part;
  if (part !== "dots" && OTHER_IMAGES.some((key) => key in taken && taken[key] !== before[key])) {
    for (const key of OF_ITS_IMAGES) delete state[key];
    if (state.start === "hand") delete state.start;
  }
  return part === "glyphs" ? state : { ...state, part };
}

function sharedOf(part: Part, params: Params): Params {
  const k = part === "dots" ? shared.k : params.k;
  return { ...setOf(params), ...(k !== undefined && { k }) };
}

function setOf(params: Params): Params {
  return Object.fromEntries(SHARED.flatMap((key) => (params[key] ? [[key, params[key]]] : [])));
}
