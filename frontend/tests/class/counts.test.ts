import { expect, test } from "vitest";
import { countsOf, phonesHere, scoreOf, waits, wallLabel } from "../../src/class/counts";
import type { ClassDrawing } from "../../src/class/documents";

const drawing = (id: number, asked: string | null): ClassDrawing => ({
  id,
  asked,
  state: "shown",
  phone: 1,
  pixels: new Uint8Array(784),
  reading: null,
  came: 0,
});

test("all ten digits are counted, and what nobody asked for stands last", () => {
  const counts = countsOf([drawing(1, "7"), drawing(2, null), drawing(3, "7"), drawing(4, "0")]);
  expect(counts.map(({ asked, count }) => `${asked}:${count}`)).toEqual(
    "0:1 1:0 2:0 3:0 4:0 5:0 6:0 7:2 8:0 9:0 :1".split(" "),
  );
  expect(countsOf([]).length).toBe(10);
});

test("the wall says how many it shows and what came last", () => {
  expect(wallLabel([])).toBe("The wall: no drawings yet");
  expect(wallLabel([drawing(1, "7")])).toBe("The wall: 1 drawing. For the newest, a 7 was asked.");
  expect(wallLabel([drawing(1, "7"), drawing(2, null)])).toBe("The wall: 2 drawings.");
});

test("the score counts what was read and asked for; a reject is not right", () => {
  const read = (id: number, asked: string | null, text: string): ClassDrawing => ({
    ...drawing(id, asked),
    reading: { text, confidence: 0.9, rejected: text === "?" },
  });
  expect(scoreOf([drawing(1, "7")])).toBe(null);
  expect(
    scoreOf([drawing(1, "7"), read(2, "8", "5"), read(3, "8", "8"), read(4, null, "1"), read(5, "2", "?")]),
  ).toEqual({ right: 1, read: 3 });
});

test("what waits is counted", () => {
  expect([waits(1), waits(12)]).toEqual(["1 waits", "12 wait"]);
});

test("phones are counted in words that a class reads", () => {
  expect([0, 1, 28].map(phonesHere)).toEqual([
    "No phone is here yet",
    "One phone is here",
    "28 phones are here",
  ]);
});
