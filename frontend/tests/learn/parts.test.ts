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

test("the images that a run started from stay with their set, pixels and k", () => {
  const byHand = { set: "digits", pixels: "raw", k: "3", start: "hand", rows: "1500,1600,1700", step: "4" };
  remember("glyphs", byHand);
  const runs = { part: "runs", set: "digits", pixels: "raw", k: "3" };
  expect(stateOf("glyphs", runs)).toEqual(byHand);
  for (const other of [{ set: "logs" }, { pixels: "normalized" }, { k: "4" }]) {
    const { part: _, ...shown } = { ...runs, ...other };
    expect(stateOf("glyphs", { ...runs, ...other })).toEqual(shown);
  }
  remember("glyphs", { ...byHand, start: "random", rows: "", seed: "7" });
  expect(stateOf("glyphs", { ...runs, set: "logs" })).toMatchObject({
    set: "logs",
    start: "random",
    seed: "7",
  });
});
