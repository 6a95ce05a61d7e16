import { expect, test } from "vitest";
import { Trace, type TraceDocument } from "../../src/learn/documents";
import { unitOf, writeInertia } from "../../src/learn/quantities";
import { nextHalf, sentenceOf } from "../../src/learn/sentences";
import { glyphs, TRACE } from "./run";

const say = (step: number, change: Partial<TraceDocument> = {}, isWhole = true) =>
  sentenceOf(new Trace({ ...TRACE, ...change }, glyphs()), step, 10, isWhole);

const withStep = (at: number, change: Partial<TraceDocument["steps"][number]>): Partial<TraceDocument> => ({
  steps: TRACE.steps.map((half, i) => (i === at ? { ...half, ...change } : half)),
});

test("each half-step has its name and its words", () => {
  expect(say(0)).toEqual({
    title: "Start",
    text: "k-means++ took 2 images as the first centers, each likely far from those before it. No image has a cluster yet.",
  });
  expect(say(1)).toEqual({
    title: "Assignment 1",
    text: "Each image joined its nearest center: cluster 1 is the largest, with 4 images.",
  });
  expect(say(2)).toEqual({
    title: "Update 1",
    text: "Each center moved to the mean of its images, center 1 furthest (0.75). Next, 1 image changes cluster.",
  });
  expect(say(3)).toEqual({
    title: "Assignment 2",
    text: "Each image joined its nearest center: 1 changed cluster, from 1 to 0.",
  });
  expect(say(5).title).toBe("Converged");
});

test("many changes are summed up by where most of them went", () => {
  const changed = withStep(3, { n_changed: 30, came: [25, 5], went: [5, 25] });
  expect(say(3, changed, false).text).toBe(
    "Each image joined its nearest center: 30 changed cluster, the most out of 1 and the most into 0.",
  );
});

test("an empty cluster is told, and where its center is put", () => {
  expect(say(1, withStep(1, { counts: [0, 5] })).text).toContain("Cluster 0 holds no image.");
  const one = say(2, withStep(2, { relocated: [{ cluster: 0, row: 3 }] }));
  expect(one.text).toContain(
    "Cluster 0 held no image; its center is put on the image farthest from its own center.",
  );
  expect(one.text).not.toContain("Next"); // no more than three lines on a phone
  const two = withStep(2, {
    relocated: [
      { cluster: 0, row: 3 },
      { cluster: 1, row: 4 },
    ],
  });
  expect(say(2, two).text).toContain(
    "Clusters 0 and 1 held no image; their centers are put on the images farthest",
  );
});

test("the end says why it is one", () => {
  expect(say(5).text).toBe(
    "No image changed its cluster, so the centers stay: converged after 2 iterations. Another start may end lower.",
  );
  expect(say(5, { end: "settled" }).text).toMatch(/^The centers hardly moved: converged after 2/);
  expect(say(5, { end: "max_iter", n_iter: 300 })).toEqual({
    title: "Stopped",
    text: "Stopped after 300 iterations, the most it was allowed: images still change their cluster.",
  });
});

test.each([
  ["random", "2 images drawn at random are the first centers."],
  ["hand", "The 2 images you chose are the first centers."],
  ["bad", "Bad on purpose: the first centers are 2 images that are much alike."],
] as const)("a %s start is named", (start, text) => {
  expect(say(0, { start }).text).toContain(text);
});

test("the next half-step has a name until there is none", () => {
  const run = new Trace(TRACE, glyphs());
  expect([0, 1, 5].map((step) => nextHalf(run, step))).toEqual(["Assign", "Update", ""]);
});

test("full ink counts as 1 in normalized images; raw ones count as everyone else counts them", () => {
  expect(unitOf(glyphs())).toBe(10);
  expect(writeInertia(1_165_190, 1)).toBe("1,165,190");
  expect(writeInertia(1_234, 10)).toBe("12.3");
  expect(writeInertia(130, 10)).toBe("1.30");
});
