/** The road from the lesson to the reader: what each stage does, and what is read with any of them taken. */

import type { Lesson, LessonReadings } from "../lib/api";

export type Stage = Lesson["stages"][number];
export type Taken = ReadonlySet<Stage>;
export type LessonReading = LessonReadings["drawings"][number];
export type Input = LessonReading["inputs"][number];
export type Model = Lesson["models"][number];
export type Near = { readonly cluster: number; readonly distance: number };

/** In the order of the road. */
export const STAGES: readonly Stage[] = ["names", "ink", "place", "slant", "clusters", "reader"];

export const WAYS = ["lesson", "looking", "inkmeans"] as const;
export type Way = (typeof WAYS)[number];

const OF_WAYS: Readonly<Record<Way, Taken>> = {
  lesson: new Set(),
  looking: new Set<Stage>(["names"]),
  inkmeans: new Set(STAGES),
};

export function stagesOf(way: Way): Taken {
  return OF_WAYS[way];
}

/** The way that has exactly these stages; null is a mix of one's own. */
export function wayOf(taken: Taken): Way | null {
  return WAYS.find((way) => OF_WAYS[way].size === taken.size && isWithin(taken, OF_WAYS[way])) ?? null;
}

function isWithin(some: Taken, all: Taken): boolean {
  return [...some].every((stage) => all.has(stage));
}

/** The stages as they stand in an address, and back; a way has its own word there. */
export function toText(taken: Taken): string {
  return STAGES.filter((stage) => taken.has(stage)).join(",");
}

export function fromText(text: string): Taken {
  const words = text.split(",");
  return new Set(STAGES.filter((stage) => words.includes(stage)));
}

/** The drawing as it is prepared. */
export function inputOf(drawing: LessonReading, taken: Taken): Input {
  const found = drawing.inputs.find(
    ({ ink, place, slant }) =>
      ink === taken.has("ink") && place === taken.has("place") && slant === taken.has("slant"),
  );
  if (!found) throw new Error("a drawing has an input for each preparation");
  return found;
}

/** The clusters of the digits, prepared in the same way. */
export function modelOf(lesson: Lesson, taken: Taken): Model {
  const ks = lesson.models.map(({ k }) => k);
  const k = taken.has("clusters") ? Math.max(...ks) : Math.min(...ks);
  const found = lesson.models.find(
    (model) => model.k === k && model.place === taken.has("place") && model.slant === taken.has("slant"),
  );
  if (!found) throw new Error("there are clusters for each preparation");
  return found;
}

/** The model whose ten centers the learner names. */
export function isNamedByLearner(model: Model): boolean {
  return !model.place && !model.slant && model.k === 10;
}

/** Who gave a name: the copied list, the learner, one look of the reader, or nobody. */
export type By = "list" | "learner" | "look" | "nobody";

export interface Named {
  readonly name: string;
  readonly by: By;
}

export function nameOf(
  lesson: Lesson,
  model: Model,
  cluster: number,
  taken: Taken,
  own: readonly string[],
): Named {
  if (!taken.has("names")) {
    const name = lesson.copied_names[cluster];
    return name === undefined ? { name: "", by: "nobody" } : { name, by: "list" };
  }
  if (isNamedByLearner(model)) {
    const name = own[cluster] ?? "";
    return { name, by: name ? "learner" : "nobody" };
  }
  return { name: model.clusters[cluster]?.look ?? "", by: "look" };
}

/** What is read: the name, or "" where the nearest center has none. */
export function textOf(lesson: Lesson, drawing: LessonReading, taken: Taken, own: readonly string[]): string {
  const input = inputOf(drawing, taken);
  if (taken.has("reader")) return input.reader.text;
  const model = modelOf(lesson, taken);
  const [nearest] = nearestOf(input, model);
  return nearest ? nameOf(lesson, model, nearest.cluster, taken, own).name : "";
}

export function nearestOf(input: Input, model: Model): readonly Near[] {
  return input.nearest[String(model.k)] ?? [];
}

export interface Stop {
  readonly taken: Taken;
  /** The stage that was taken last; null at the lesson. */
  readonly stage: Stage | null;
  readonly text: string;
}

/** What is read along the road, each stage taken after those before it. */
export function roadOf(lesson: Lesson, drawing: LessonReading, own: readonly string[]): Stop[] {
  return Array.from({ length: STAGES.length + 1 }, (_, n) => {
    const taken = new Set(STAGES.slice(0, n));
    return { taken, stage: STAGES[n - 1] ?? null, text: textOf(lesson, drawing, taken, own) };
  });
}

export interface Turn {
  /** The stage at which the reading changed; several where those between have no reading. */
  readonly stages: readonly Stage[];
  readonly from: string;
  readonly to: string;
}

/** Where the reading changes along the road. From the last turn on it stays. */
export function turnsOf(road: readonly Stop[]): Turn[] {
  const turns: Turn[] = [];
  let before: string | null = null;
  let since: Stage[] = [];
  for (const { stage, text } of road) {
    if (stage) since.push(stage);
    if (text === "") continue;
    if (before !== null && text !== before) turns.push({ stages: since, from: before, to: text });
    before = text;
    since = [];
  }
  return turns;
}
