import { describe, expect, test } from "vitest";
import {
  fromText,
  type Input,
  inputOf,
  type LessonReading,
  modelOf,
  nameOf,
  roadOf,
  STAGES,
  type Stage,
  type Stop,
  stagesOf,
  textOf,
  toText,
  turnsOf,
  WAYS,
  wayOf,
} from "../../src/draw/road";
import type { Lesson } from "../../src/lib/api";

const BOTH = [false, true];

/** Clusters that are named, by a look, after their model: "p" placed, "s" slant, "m" many. */
const models = BOTH.flatMap((place) =>
  BOTH.flatMap((slant) =>
    [10, 64].map((k) => ({
      model: `${place}-${slant}-${k}`,
      place,
      slant,
      k,
      side: 8,
      typical_distance: 25,
      clusters: Array.from({ length: k }, (_, cluster) => ({
        cluster,
        count: 1,
        picture: "",
        look: `${place ? "p" : ""}${slant ? "s" : ""}${k > 10 ? "m" : ""}${cluster}`,
      })),
    })),
  ),
);
const lesson: Lesson = {
  stages: [...STAGES],
  copied_names: [..."0921684573"],
  full_ink: 7.63,
  seed: 42,
  n_digits: 1797,
  models,
};
const OWN = [..."abcdefghij"];

/** A drawing whose nearest cluster is 3 without ink and 5 with it, and 40 of many. */
const inputs: Input[] = BOTH.flatMap((ink) =>
  BOTH.flatMap((place) =>
    BOTH.map((slant) => ({
      ink,
      place,
      slant,
      numbers: null,
      glyph: null,
      nearest: { "10": [{ cluster: ink ? 5 : 3, distance: 1 }], "64": [{ cluster: 40, distance: 1 }] },
      reader: { glyph: "", text: "R", confidence: 1, rejected: false, alternatives: [], nearest: [] },
    })),
  ),
);
const drawing: LessonReading = { verdict: "glyph", inputs };

function read(...stages: Stage[]): string {
  return textOf(lesson, drawing, new Set(stages), OWN);
}

test("a way is its stages, and other stages are a mix", () => {
  for (const way of WAYS) expect(wayOf(stagesOf(way))).toBe(way);
  expect(wayOf(new Set(["names", "slant"]))).toBeNull();
  expect(wayOf(new Set(["reader"]))).toBeNull();
});

test("stages stand in an address and come back, whatever else stands there", () => {
  const taken = new Set<Stage>(["slant", "names"]);
  expect(toText(taken)).toBe("names,slant");
  expect(fromText("names,slant")).toEqual(taken);
  expect(fromText("slant,nothing,,names")).toEqual(taken);
  expect(fromText("")).toEqual(new Set());
});

test("the lesson reads the copied name of the nearest of ten raw centers", () => {
  expect(read()).toBe("1");
  expect(read("ink")).toBe("8");
});

test("the raw centers have the learner's names, those of other models a look's", () => {
  expect(read("names")).toBe("d");
  expect(read("names", "ink")).toBe("f");
  expect(read("names", "place")).toBe("p3");
  expect(read("names", "ink", "place", "slant", "clusters")).toBe("psm40");
  expect(textOf(lesson, drawing, stagesOf("looking"), [])).toBe("");
});

test("the copied list ends at cluster 9", () => {
  expect(read("clusters")).toBe("");
  const model = modelOf(lesson, new Set(["clusters"]));
  expect(nameOf(lesson, model, 40, new Set(["clusters"]), OWN)).toEqual({ name: "", by: "nobody" });
  expect(nameOf(lesson, model, 9, new Set(["clusters"]), OWN)).toEqual({ name: "3", by: "list" });
});

test("the reader reads by itself, whatever else is taken", () => {
  expect(read("reader")).toBe("R");
  expect(read(...STAGES)).toBe("R");
});

test("every combination of stages gives an input, a model and a reading", () => {
  for (let bits = 0; bits < 2 ** STAGES.length; bits++) {
    const taken = new Set(STAGES.filter((_, index) => (bits >> index) & 1));
    const input = inputOf(drawing, taken);
    expect([input.ink, input.place, input.slant]).toEqual([
      taken.has("ink"),
      taken.has("place"),
      taken.has("slant"),
    ]);
    expect(modelOf(lesson, taken).k).toBe(taken.has("clusters") ? 64 : 10);
    if (taken.has("names") || taken.has("reader") || !taken.has("clusters"))
      expect(textOf(lesson, drawing, taken, OWN)).not.toBe("");
  }
});

test("the road takes one stage after the other", () => {
  const road = roadOf(lesson, drawing, OWN);
  expect(road.map(({ stage }) => stage)).toEqual([null, ...STAGES]);
  expect(road.map(({ text }) => text)).toEqual(["1", "d", "f", "p5", "ps5", "psm40", "R"]);
  expect(road.map(({ taken }) => taken.size)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

describe("the turns of a road", () => {
  const road = (texts: string[]): Stop[] =>
    texts.map((text, n) => ({ text, stage: STAGES[n - 1] ?? null, taken: new Set(STAGES.slice(0, n)) }));

  test("are the stages at which the reading changes", () => {
    expect(turnsOf(road([..."7742222"]))).toEqual([
      { stages: ["ink"], from: "7", to: "4" },
      { stages: ["place"], from: "4", to: "2" },
    ]);
    expect(turnsOf(road([..."1111111"]))).toEqual([]);
  });

  test("lie somewhere among the stages that have no reading", () => {
    expect(turnsOf(road(["7", "", "", "2", "2", "2", "2"]))).toEqual([
      { stages: ["names", "ink", "place"], from: "7", to: "2" },
    ]);
    expect(turnsOf(road(["7", "", "", "7", "2", "2", "2"]))).toEqual([
      { stages: ["slant"], from: "7", to: "2" },
    ]);
  });
});
