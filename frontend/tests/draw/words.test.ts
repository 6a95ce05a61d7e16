import { describe, expect, test } from "vitest";
import { areTheDigits, eitherOf, missingDigits, percent, remark, tone } from "../../src/draw/words";
import type { DrawingReading, ModelReading } from "../../src/lib/api";

function reading(confidence: number, ...alternatives: [string, number][]): ModelReading {
  return { text: "4", confidence, rejected: false, alternatives, cluster: 0, nearest: [] };
}

function drawing(verdict: DrawingReading["verdict"]): DrawingReading {
  return { verdict, glyph: "", reading: reading(0) };
}

test.each([
  [1, "100%"],
  [0.9999, ">99%"],
  [0.991, ">99%"],
  [0.99, "99%"],
  [0.5, "50%"],
  [0.01, "1%"],
  [0.0099, "<1%"],
  [0, "0%"],
])("a probability of %d is %s", (probability, words) => {
  expect(percent(probability)).toBe(words);
});

describe("a reading", () => {
  test("is unsure below 80 %", () => {
    expect(tone(reading(0.8))).toBe("sure");
    expect(tone(reading(0.799))).toBe("unsure");
    expect(tone({ ...reading(0.9), rejected: true })).toBe("rejected");
  });

  test("that is sure needs no remark", () => {
    expect(remark(drawing("glyph"), reading(0.97, ["4", 0.97], ["9", 0.03]))).toBe("");
  });

  test("that is unsure names what else it could be, but nothing below 1 %", () => {
    const unsure = reading(0.7, ["4", 0.7], ["9", 0.295], ["1", 0.005]);
    expect(remark(drawing("glyph"), unsure)).toBe("Maybe 9 (30%).");
    expect(remark(drawing("glyph"), reading(0.7, ["4", 0.7], ["9", 0.2], ["1", 0.1]))).toBe(
      "Maybe 9 (20%) or 1 (10%).",
    );
  });

  test("that is rejected names the likeliest two", () => {
    const rejected = { ...reading(0.5, ["4", 0.5], ["9", 0.4], ["1", 0.1]), rejected: true };
    expect(remark(drawing("glyph"), rejected)).toBe("Too unsure to be read; likeliest 4 (50%) or 9 (40%).");
  });

  test("without any likeness names the nearest", () => {
    const unlike = { ...reading(0, ["4", 0]), rejected: true };
    expect(remark(drawing("glyph"), unlike)).toBe("Unlike anything it has learned; the nearest is 4.");
    expect(remark(drawing("glyph"), { ...reading(0), rejected: true })).toBe(
      "Unlike anything it has learned.",
    );
  });

  test.each(["blank", "dot", "noise", "scribble"] as const)("of a %s says why there is none", (verdict) => {
    const words = remark(drawing(verdict), { ...reading(0), rejected: true });
    expect(words).toMatch(/^[A-Z].+\.$/);
    expect(words).not.toMatch(/[Uu]nlike/);
  });
});

test("a model gives the ten digits and nothing else, or other names too", () => {
  expect(areTheDigits([..."9876543210"])).toBe(true);
  expect(areTheDigits([..."012345678"])).toBe(false);
  expect(areTheDigits([..."0123456789x"])).toBe(false);
  expect(areTheDigits([..."೦೧೨೩೪೫೬೭೮೯"])).toBe(false);
});

test("the digits without a center are found and told", () => {
  expect(missingDigits(["0", "2", "3", "3", "4", "6", "7", "nine", "8"])).toEqual(["1", "5", "9"]);
  expect(eitherOf(["1", "5", "9"])).toBe("1, 5 or 9");
  expect(eitherOf(["1", "5"])).toBe("1 or 5");
  expect(eitherOf(["1"])).toBe("1");
  expect(eitherOf([])).toBe("");
});
