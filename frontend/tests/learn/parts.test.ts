import { expect, test } from "vitest";
import { partOf, remember, stateOf } from "../../src/learn/parts";

test("an address without a part, or with one that is not offered, is Glyphs", () => {
  expect(partOf({}, ["glyphs", "dots"])).toBe("glyphs");
  expect(partOf({ part: "runs" }, ["glyphs", "dots"])).toBe("glyphs");
  expect(partOf({ part: "dots" }, ["glyphs", "dots"])).toBe("dots");
});

test("the set, the pixels and k go along to the parts that cluster images, Dots keeps its own k", () => {
  const glyphs = { set: "digits", pixels: "raw", k: "12", start: "random", step: "4" };
  remember("glyphs", glyphs);
  expect(stateOf("runs", glyphs)).toEqual({ set: "digits", pixels: "raw", k: "12", part: "runs" });
  expect(stateOf("dots", glyphs)).toEqual({ set: "digits", pixels: "raw", part: "dots" });
  const dots = { ...stateOf("dots", glyphs), dots: "moons", k: "2" };
  remember("dots", dots);
  expect(stateOf("k", dots)).toEqual({ set: "digits", pixels: "raw", k: "12", part: "k" });
  expect(stateOf("glyphs", dots)).toEqual(glyphs); // as it was left
  const k = { ...stateOf("k", dots), set: "drawings" };
  remember("k", k);
  expect(stateOf("dots", k)).toEqual({ ...dots, set: "drawings" });
});
