import { expect, test } from "vitest";
import { Glyphs, type HalfStep, Trace, type TraceDocument } from "../../src/learn/documents";
import { base64, GLYPHS, TRACE } from "./run";

/** All four images are marks; centers 1 and 2 start as the same image, so that 2 is empty until it is relocated. */
const glyphs = new Glyphs({ ...GLYPHS, n_glyphs: 4, rows: base64(Int32Array.of(0, 1, 2, 3)) });
const step = (given: Partial<HalfStep>): HalfStep => ({ ...(TRACE.steps[0] as HalfStep), ...given });

function run(labels: number[], steps: HalfStep[]): Trace {
  const document: TraceDocument = {
    ...TRACE,
    k: 3,
    initial_rows: [0, 1, 1],
    steps: [step({ centering: 0 }), ...steps],
    labels: base64(Uint8Array.from(labels)),
    centers: "",
    positions: "",
  };
  return new Trace(document, glyphs);
}

test("the first centers of a recorded run are the images that it starts from", () => {
  const found = run([0, 1, 1, 1], [step({ half: "assignment", labeling: 0, centering: 0 })]);
  expect([0, 1, 2].map((cluster) => [...found.center(1, cluster)])).toEqual([
    [0, 0],
    [10, 0],
    [10, 0],
  ]);
  expect([...found.positions(1)]).toEqual([0, 0, 1, 0, 1, 0]);
});

test("after an update each center is the mean of the images that have its label, an empty one stays", () => {
  const found = run(
    [0, 1, 1, 1, 0, 0, 1, 1],
    [
      step({ half: "assignment", labeling: 0, centering: 0 }),
      step({ half: "update", labeling: 0, centering: 1 }),
      step({ half: "assignment", labeling: 1, centering: 1 }),
      step({ half: "update", labeling: 1, centering: 2 }),
    ],
  );
  expect([0, 1, 2].map((cluster) => [...found.center(2, cluster)])).toEqual([
    [0, 0],
    [67, 67],
    [10, 0],
  ]);
  expect([0, 1, 2].map((cluster) => [...found.center(4, cluster)])).toEqual([
    [5, 0],
    [95, 100],
    [10, 0],
  ]);
  expect([...found.positions(4)]).toEqual([0.5, 0, 9.5, 10, 1, 0]);
});

test("a relocated center is the image that it was relocated to", () => {
  const found = run(
    [0, 1, 1, 1, 0, 1, 1, 2],
    [
      step({ half: "assignment", labeling: 0, centering: 0 }),
      step({ half: "update", labeling: 1, centering: 1, relocated: [{ cluster: 2, row: 3 }] }),
    ],
  );
  expect([...found.center(2, 2)]).toEqual([100, 100]);
  expect([...found.center(2, 1)]).toEqual([50, 50]);
  expect([...found.positions(2)].slice(4)).toEqual([10, 10]);
});
