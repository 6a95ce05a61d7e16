import { beforeEach, expect, test, vi } from "vitest";
import { type Kept, keep, recall } from "../../src/draw/storage";
import type { Strokes } from "../../src/lib/strokes";

const NAMES = ["7", "", "", "", "4", "", "", "", "", ""];
const NOTHING: Kept = { boxes: [], pen: "normal", names: [], told: [] };
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
  keep(NOTHING);
  for (const key of stored.keys()) stored.set(key, text);
  return recall();
}

test("what was kept is recalled", () => {
  expect(recall()).toEqual(NOTHING);
  const told = [
    { truth: "7", kept: "12-34" },
    { truth: "", kept: "" },
  ];
  const kept: Kept = { boxes: [LINE, []], pen: "thick", names: NAMES, told };
  keep(kept);
  expect(recall()).toEqual(kept);
});

test.each(["{", "null", "7", '"digits"', "{}", '{"boxes": 7, "pen": "wide", "names": 3}'])(
  "%s counts as nothing kept",
  (text) => {
    expect(recallFrom(text)).toEqual(NOTHING);
  },
);

test.each(['"ink"', "[[]]", "[[[1]]]", '[[["1", 2]]]', "[[[1, null]]]", "[[[1, 2, 3]]]"])(
  "a box of %s counts as blank, and the others are kept",
  (box) => {
    const line = JSON.stringify(LINE);
    expect(recallFrom(`{"boxes": [${box}, ${line}]}`)).toEqual({ ...NOTHING, boxes: [[], LINE] });
  },
);

test("a storage that is full or forbidden is no failure", () => {
  const refuse = () => {
    throw new DOMException("no", "QuotaExceededError");
  };
  vi.stubGlobal("sessionStorage", { getItem: refuse, setItem: refuse });
  keep({ ...NOTHING, boxes: [LINE] });
  expect(recall()).toEqual(NOTHING);
});

test("what cannot be a name counts as none", () => {
  expect(recallFrom('{"names": ["3", "33", 3, null, "零", ""]}')).toEqual({
    ...NOTHING,
    names: ["3", "", "", "", "零", ""],
  });
});

test("what was not told counts as not told", () => {
  expect(recallFrom('{"told": [{"truth": 7}, null, 3, {"kept": "1-2"}]}')).toEqual({
    ...NOTHING,
    told: [
      { truth: "", kept: "" },
      { truth: "", kept: "" },
      { truth: "", kept: "" },
      { truth: "", kept: "1-2" },
    ],
  });
});
