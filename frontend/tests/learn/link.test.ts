import { expect, test } from "vitest";
import type { LearnSet } from "../../src/learn/documents";
import { readSetup, writeSetup } from "../../src/learn/link";
import { SETS } from "./run";

test("an address without a query is the first set-up", () => {
  const { setup, step } = readSetup({}, SETS);
  expect(setup).toEqual({ set: "digits", pixels: "normalized", k: 4, start: "k-means++", seed: 0, rows: [] });
  expect(step).toBe(0);
});

test("what is written is read again", () => {
  const setup = { set: "mine", pixels: "normalized", k: 3, start: "hand", seed: 0, rows: [4, 0, 7] } as const;
  expect(readSetup(writeSetup(setup, 5), SETS)).toEqual({ setup, step: 5, notice: "" });
  const other = { set: "digits", pixels: "raw", k: 2, start: "bad", seed: 7, rows: [] } as const;
  expect(readSetup(writeSetup(other, 0), SETS)).toEqual({ setup: other, step: 0, notice: "" });
});

test.each(["drawings", "drawings-before"])("%s are one's own drawings as they are now", (set) => {
  const others = SETS.filter(({ kind }) => kind !== "drawings");
  const own = { set: "drawings-now", kind: "drawings", n_glyphs: 9, pixels: ["raw"] } as unknown as LearnSet;
  expect(readSetup({ set }, [...others, own]).setup.set).toBe("drawings-now");
  expect(readSetup({ set }, others).setup.set).toBe("digits");
});

test.each([
  [{ k: "1" }, "k", 2],
  [{ k: "many" }, "k", 4],
  [{ k: "1000", set: "mine" }, "k", 100],
  [{ set: "gone" }, "set", "digits"],
  [{ set: "mine", pixels: "raw" }, "pixels", "normalized"],
  [{ start: "hand", k: "3", rows: "1,2" }, "start", "k-means++"],
  [{ start: "hand", k: "2", rows: "1,x" }, "start", "k-means++"],
  [{ seed: "-3" }, "seed", 0],
])("%o makes %s %s", (params, name, value) => {
  expect(readSetup(params, SETS).setup).toHaveProperty(name, value);
});

test.each([
  [{ set: "gone" }, "The link's set is not here. This is "],
  [{ set: "project-1234" }, "The link's project is not open in this server. This is "],
  [{ set: "drawings-1234" }, "The link's drawings are in another browser. This is "],
  [{ k: "1000" }, "The link asks for k = 1000; this is k = 4."],
  [
    { start: "hand", k: "3", rows: "1,2" },
    "The link's images to start from are not 3 of this set; this is k-means++.",
  ],
])("%o says what could not be followed", (params, words) => {
  const others = SETS.filter(({ kind }) => kind !== "drawings");
  expect(readSetup(params, others).notice).toContain(words);
});
