import { describe, expect, test } from "vitest";
import type { Setup, TraceDocument } from "../../src/learn/documents";
import { RecordedSource, type Recording, readRecording } from "../../src/learn/recorded";
import { closestSetup, nextK, nextStart } from "../../src/learn/starts";

const setup = (
  k: number,
  start: Setup["start"],
  seed: number,
  pixels: Setup["pixels"] = "normalized",
): Setup => ({
  set: "digits",
  pixels,
  k,
  start,
  seed,
  rows: [],
});

const recorded = [
  setup(10, "k-means++", 0),
  setup(10, "k-means++", 1),
  setup(10, "bad", 0),
  setup(20, "k-means++", 0),
  setup(10, "k-means++", 0, "raw"),
];

test.each([
  ["what was recorded", setup(10, "bad", 0), setup(10, "bad", 0)],
  ["another seed", setup(10, "k-means++", 7), setup(10, "k-means++", 0)],
  ["the nearest k", setup(100, "bad", 3), setup(20, "k-means++", 0)],
  ["the same pixels before the same k", setup(20, "k-means++", 0, "raw"), setup(10, "k-means++", 0, "raw")],
  ["another set", { ...setup(10, "bad", 0), set: "mnist" }, setup(10, "bad", 0)],
])("closest is %s", (_, wanted, found) => expect(closestSetup(recorded, wanted)).toEqual(found));

test("another start is the next of its kind, and after the last the first", () => {
  expect(nextStart(recorded, setup(10, "k-means++", 0))).toEqual(setup(10, "k-means++", 1));
  expect(nextStart(recorded, setup(10, "k-means++", 1))).toEqual(setup(10, "k-means++", 0));
  expect(nextStart(recorded, setup(10, "bad", 0))).toEqual(setup(10, "bad", 0));
});

test("a larger or smaller k is the next that was recorded for these pixels", () => {
  expect(nextK(recorded, setup(10, "bad", 0), 1)).toBe(20);
  expect(nextK(recorded, setup(5, "bad", 0), 1)).toBe(10);
  expect(nextK(recorded, setup(20, "k-means++", 0), -1)).toBe(10);
  expect(nextK(recorded, setup(20, "k-means++", 0), 1)).toBe(20);
  expect(nextK(recorded, setup(10, "k-means++", 0, "raw"), 1)).toBe(10);
});

test("nothing is closest where nothing was recorded", () => {
  expect(closestSetup([], setup(10, "bad", 0))).toBeUndefined();
});

describe("a recording", () => {
  const trace = (one: Setup, rows: number[]) => ({ ...one, initial_rows: rows }) as unknown as TraceDocument;
  const recording = {
    sets: [{ set: "digits", glyphs: [{ set: "digits", pixels: "raw" }] }],
    truths: [{ set: "digits", truths: ["4"] }],
    traces: [trace(setup(2, "random", 0), [5, 6]), trace(setup(2, "hand", 0), [1, 2])],
  } as unknown as Recording;
  const source = new RecordedSource(recording);

  test("is read from compressed base64", async () => {
    const packed = new Blob([JSON.stringify(recording)]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
    const text = btoa(String.fromCharCode(...bytes));
    expect(await readRecording(`\n${text}\n`)).toEqual(recording);
  });

  test("offers the set-ups of its runs", () => {
    expect(source.recorded).toEqual([setup(2, "random", 0), { ...setup(2, "hand", 0), rows: [1, 2] }]);
  });

  test("gives what was asked for, or says that it has not got it", async () => {
    expect(await source.loadGlyphs("digits", "raw")).toEqual({ set: "digits", pixels: "raw" });
    expect(await source.loadTruths("digits")).toEqual({ set: "digits", truths: ["4"] });
    expect((await source.trace({ ...setup(2, "hand", 0), rows: [1, 2] })).initial_rows).toEqual([1, 2]);
    await expect(source.trace({ ...setup(2, "hand", 0), rows: [3, 4] })).rejects.toThrow(
      "This was not recorded into the page; “inkmeans serve” runs it.",
    );
    await expect(source.loadGlyphs("digits", "normalized")).rejects.toThrow("not recorded");
  });
});
