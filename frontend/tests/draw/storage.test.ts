import { beforeEach, expect, test, vi } from "vitest";
import { keep, recall } from "../../src/draw/storage";
import type { Strokes } from "../../src/lib/strokes";

const NOTHING = { boxes: [] };
const LINE: Strokes = [
  [
    [1, 2],
    [3.5, 4],
  ],
];

let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});

function recallFrom(text: string): unknown {
  keep({ boxes: [] });
  for (const key of stored.keys()) stored.set(key, text);
  return recall();
}

test("what was kept is recalled", () => {
  expect(recall()).toEqual(NOTHING);
  keep({ boxes: [LINE, []] });
  expect(recall()).toEqual({ boxes: [LINE, []] });
});

test.each(["{", "null", "7", '"digits"', "{}", '{"boxes": 7}'])("%s counts as nothing kept", (text) => {
  expect(recallFrom(text)).toEqual(NOTHING);
});

test.each(['"ink"', "[[]]", "[[[1]]]", '[[["1", 2]]]', "[[[1, null]]]", "[[[1, 2, 3]]]"])(
  "a box of %s counts as blank, and the others are kept",
  (box) => {
    const line = JSON.stringify(LINE);
    expect(recallFrom(`{"boxes": [${box}, ${line}]}`)).toEqual({ boxes: [[], LINE] });
  },
);

test("a storage that is full or forbidden is no failure", () => {
  const refuse = () => {
    throw new DOMException("no", "QuotaExceededError");
  };
  vi.stubGlobal("sessionStorage", { getItem: refuse, setItem: refuse });
  keep({ boxes: [LINE] });
  expect(recall()).toEqual(NOTHING);
});
