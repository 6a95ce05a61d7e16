import { expect, test } from "vitest";
import type { ReadGlyph, ReadText } from "../../src/lib/api";
import { isDoubtful, percent, secondName } from "../../src/lib/doubt";
import { chancesOf, countOf, doubtsOf, isDense, summaryOf, toLines } from "../../src/read/lines";

function glyph(text: string, confidence: number, y = 0, others: [string, number][] = []): ReadGlyph {
  return {
    text,
    confidence,
    box: [0, y, 10, 20],
    alternatives: text === "?" ? others : [[text, confidence], ...others],
  };
}

function reading(text: string, glyphs: ReadGlyph[], confidence = 0.5): ReadText {
  return { text, confidence, rejected: text.includes("?"), box: [0, 0, 9, 9], glyphs, alternatives: [] };
}

const SEVEN = glyph("?", 0.55, 100, [
  ["7", 0.55],
  ["2", 0.42],
]);
const FOUR = glyph("4", 0.83, 100, [
  ["9", 0.15],
  ["7", 0.002],
]);

test("glyphs go to the lines of the text, also those whose names are words", () => {
  const lines = toLines(reading("ab1\n2", [glyph("ab", 1), glyph("1", 1, 4), glyph("2", 1, 200)]));
  expect(lines.map((line) => line.glyphs.map(({ text }) => text))).toEqual([["ab", "1"], ["2"]]);
  expect(lines.map(({ number, middle }) => [number, middle])).toEqual([
    [1, 14],
    [2, 210],
  ]);
  expect(lines[1]?.glyphs[0]?.index).toBe(2);
});

test("below 95 % is doubt, and so is what was rejected", () => {
  expect(isDoubtful(glyph("1", 0.95))).toBe(false);
  expect(isDoubtful(glyph("1", 0.949))).toBe(true);
  expect(isDoubtful(glyph("?", 0.99))).toBe(true);
});

test("the second name of a rejected glyph is its likeliest", () => {
  expect([secondName(SEVEN), secondName(FOUR), secondName(glyph("1", 1))]).toEqual(["7", "9", ""]);
});

test("the ends are never called certain", () => {
  expect([1, 0.995, 0.824, 0.004, 0].map(percent)).toEqual([">99 %", ">99 %", "82 %", "<1 %", "<1 %"]);
});

test("chances are said in words", () => {
  expect(chancesOf(SEVEN)).toBe("7 (55 %) or 2 (42 %)");
  expect(chancesOf(FOUR)).toBe("83 % sure; or 9 (15 %) or 7 (<1 %)");
  expect(chancesOf(glyph("?", 0, 0))).toBe("no character at all");
});

test("the summary says what is in doubt and how sure the whole is", () => {
  const say = (text: string, ...glyphs: ReadGlyph[]) => {
    const read = reading(text, glyphs);
    return Object.values(summaryOf(read, toLines(read)));
  };
  expect(say("")[0]).toBe("No writing was found");
  const whole = "The whole text is 50 % sure.";
  expect(say("1", glyph("1", 1))).toEqual([
    "Nothing is in doubt",
    `Every character is at least 95 % sure. ${whole}`,
  ]);
  expect(say("4", FOUR)).toEqual(["One character is in doubt", whole]);
  expect(say("?", SEVEN)).toEqual(["One character is not read", whole]);
  expect(say("?4", SEVEN, FOUR)).toEqual(["2 characters are in doubt", `One of them is not read. ${whole}`]);
});

test("lines and characters are counted, doubts are found in order", () => {
  const lines = toLines(reading("1?\n4", [glyph("1", 1), SEVEN, FOUR]));
  expect(countOf(lines)).toBe("2 lines, 3 characters");
  expect(doubtsOf(lines).map(({ line, glyph: { text } }) => [line.number, text])).toEqual([
    [1, "?"],
    [2, "4"],
  ]);
});

test("lines too near to each other are not placed at their height", () => {
  const at = (y: number) => toLines(reading("1\n2", [glyph("1", 1, 0), glyph("2", 1, y)]));
  expect([isDense(at(100), 440), isDense(at(10), 440)]).toEqual([false, true]);
});
