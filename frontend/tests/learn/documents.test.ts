import { expect, test } from "vitest";
import { decodeBase64 } from "../../src/learn/documents";
import { glyphs, trace } from "./run";

test("base64 becomes the bytes it stands for, any of the 256", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(decodeBase64(btoa(String.fromCharCode(...bytes)))).toEqual(bytes);
});

test("a mark has its own pixels, and knows its row of the set", () => {
  expect([...glyphs().picture(2)]).toEqual([9, 10]);
  expect(glyphs().markOf(3)).toBe(2);
  expect(glyphs().markOf(2)).toBeNull();
});

test("labels, centers and places are those after each half-step", () => {
  const run = trace();
  expect(run.labels(0)).toBeNull();
  expect([...(run.labels(2) ?? [])]).toEqual([0, 1, 1, 1]);
  expect([...(run.labels(3) ?? [])]).toEqual([0, 0, 1, 1]);
  expect([...run.center(1, 1)]).toEqual([10, 0]);
  expect([...run.center(4, 1)]).toEqual([95, 100]);
  expect([...run.positions(5)]).toEqual([0.5, 0, 9.5, 10]);
});

test("a half-step beyond the end is the last one", () => {
  expect(trace().at(99)).toBe(trace().at(5));
  expect(trace().at(-1).half).toBe("start");
});
