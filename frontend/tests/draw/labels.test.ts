import { expect, test } from "vitest";
import { labelsOf } from "../../src/draw/labels";
import type { Model, Stage } from "../../src/draw/road";

const model: Model = {
  model: "raw-10",
  place: false,
  slant: false,
  k: 10,
  side: 8,
  typical_distance: 24.96,
  clusters: [],
};

function nearest(...stages: Stage[]): string {
  return labelsOf(new Set(stages), model, 4000)[1].text;
}

test("the nearest of ten centers is told with what adds distance, and a yardstick", () => {
  expect(nearest()).toBe(
    "Place, size, pen and ink add distance to all ten; a digit of the data is about 25 from its own.",
  );
  expect(nearest("names", "ink")).toBe(
    "Place, size and pen add distance to all ten; a digit of the data is about 25 from its own.",
  );
  expect(nearest("place")).toBe(
    "Found in the digits, prepared in the same way; a digit of the data is about 25 from its own.",
  );
});
