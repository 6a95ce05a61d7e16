import { describe, expect, test } from "vitest";
import { distinct, nextAfter, pressOf, toName } from "../../src/ui/naming";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "AltGraph" | "isComposing", true>> = {},
) =>
  pressOf({
    key,
    ctrlKey: held.ctrlKey ?? false,
    metaKey: held.metaKey ?? false,
    altKey: held.altKey ?? false,
    isComposing: held.isComposing ?? false,
    getModifierState: (name) => name === "AltGraph" && held.AltGraph === true,
  });

describe("which comes next", () => {
  test("the next without a name, from the beginning again", () => {
    expect(nextAfter([null, "1", null, "2"], 0)).toBe(2);
    expect(nextAfter([null, "1", null, "2"], 2)).toBe(0);
    expect(nextAfter(["7", "1", null], 2)).toBe(2);
  });
  test("where all have one, the next, and the last stays", () => {
    expect(nextAfter(["7", "1", "2"], 0)).toBe(1);
    expect(nextAfter(["7", "1", "2"], 2)).toBe(2);
  });
});

describe("what a name is", () => {
  test("text without spaces at its ends, in one form", () => {
    expect(toName(" 7 ")).toEqual({ name: "7" });
    expect(toName("e\u0301")).toEqual({ name: "\u00e9" });
    expect(toName("𝔸".repeat(64))).toEqual({ name: "𝔸".repeat(64) });
  });
  test("nothing, a question mark and too much are none", () => {
    for (const text of ["", " ", "?", "x".repeat(65)]) expect(toName(text)).toHaveProperty("problem");
  });
});

describe("what a key means", () => {
  test("a character is the name, whatever script it is of", () => {
    for (const key of ["7", "A", "+", "/", "ß", "字", "𝔸"])
      expect(press(key)).toEqual({ does: "name", text: key });
  });
  test("the others skip, take back, clear, begin a longer one, move", () => {
    expect(press(" ")).toEqual({ does: "longer" });
    expect(press("Enter")).toEqual({ does: "skip" });
    expect(press("Backspace")).toEqual({ does: "back" });
    expect(press("Delete")).toEqual({ does: "clear" });
    expect(press("ArrowUp")).toEqual({ does: "move", by: -1, isRow: true });
    expect(press("ArrowRight")).toEqual({ does: "move", by: 1, isRow: false });
  });
  test("commands, dead keys and what is being composed are left alone", () => {
    for (const key of ["Tab", "Escape", "Shift", "Dead", "F5"]) expect(press(key)).toBeNull();
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("r", { metaKey: true })).toBeNull();
    expect(press("r", { altKey: true })).toBeNull();
    expect(press("あ", { isComposing: true })).toBeNull();
  });
  test("what AltGr writes is a name", () => {
    expect(press("@", { ctrlKey: true, altKey: true, AltGraph: true })).toEqual({ does: "name", text: "@" });
  });
});

test("names to press are sorted as numbers and letters are, each once", () => {
  expect(distinct(["10", null, "2", "b", "2"], ["1", "a"])).toEqual(["1", "2", "10", "a", "b"]);
});
