import { describe, expect, test } from "vitest";
import type { LessonReading } from "../../src/draw/road";
import {
  areTheDigits,
  digitNamed,
  digitOf,
  howSure,
  isMarked,
  percent,
  type Reading,
  tellNamed,
  tellTurns,
  whyRejected,
} from "../../src/draw/words";

function reading(confidence: number, ...alternatives: [string, number][]): Reading {
  const text = alternatives[0]?.[0] ?? "?";
  return { glyph: "", text, confidence, rejected: false, alternatives, nearest: [] };
}

function drawing(verdict: LessonReading["verdict"]): LessonReading {
  return { verdict, inputs: [] };
}

test.each([
  [1, "100 %"],
  [0.9999, ">99 %"],
  [0.99, "99 %"],
  [0.826, "83 %"],
  [0.01, "1 %"],
  [0.004, "<1 %"],
  [0, "0 %"],
])("%d is told as %s", (probability, text) => {
  expect(percent(probability)).toBe(text.replace(" ", "\u202f"));
});

test("at the start of a sentence a percentage is told in words", () => {
  expect([0.999, 0.83, 0.002].map(howSure)).toEqual([
    "More than 99\u202f%",
    "83\u202f%",
    "Less than 1\u202f%",
  ]);
});

describe("a digit of the year", () => {
  test("of 95 % or more is not marked", () => {
    expect(digitOf(reading(0.95, ["4", 0.95], ["9", 0.05]))).toEqual({ text: "4", kind: "sure", second: "" });
  });

  test("below 95 % is marked and has its second name", () => {
    const digit = digitOf(reading(0.83, ["4", 0.83], ["9", 0.15], ["7", 0.02]));
    expect(digit).toEqual({ text: "4", kind: "doubtful", second: "9" });
    expect(isMarked(digit)).toBe(true);
  });

  test("has no second name that is as good as impossible", () => {
    expect(digitOf(reading(0.4, ["4", 0.4], ["9", 0.005])).second).toBe("");
  });

  test("that is rejected is a marked ? with the likeliest name", () => {
    const digit = digitOf({ ...reading(0.4, ["4", 0.4], ["9", 0.3]), text: "?", rejected: true });
    expect(digit).toEqual({ text: "?", kind: "rejected", second: "4" });
    expect(isMarked(digit)).toBe(true);
  });

  test("of a cluster is in no doubt, and without a name it is a dash", () => {
    expect(digitNamed("7")).toEqual({ text: "7", kind: "sure", second: "" });
    expect(digitNamed("")).toMatchObject({ text: "–", kind: "unnamed" });
    expect(isMarked(digitNamed(""))).toBe(false);
  });
});

describe("a rejected drawing", () => {
  const rejected = { ...reading(0.5, ["4", 0.5], ["9", 0.4], ["1", 0.1]), rejected: true };

  test("names the likeliest two", () => {
    expect(whyRejected(drawing("glyph"), rejected, false)).toBe(
      "too unsure; likeliest 4 (50\u202f%) or 9 (40\u202f%).",
    );
  });

  test("without any likeness names the nearest", () => {
    const unlike = { ...reading(0, ["4", 0]), rejected: true };
    expect(whyRejected(drawing("glyph"), unlike, false)).toBe(
      "unlike anything it learned; the nearest is 4.",
    );
    expect(whyRejected(drawing("glyph"), { ...reading(0), rejected: true }, false)).toBe(
      "unlike anything it learned.",
    );
  });

  test.each(["blank", "dot", "noise", "scribble"] as const)("that is a %s says so", (verdict) => {
    const words = whyRejected(drawing(verdict), { ...reading(0), rejected: true }, true);
    expect(words).toMatch(/^[a-z].+\.$/);
    expect(words).not.toMatch(/unlike/);
  });

  test("that is small, but no tap, is not called a dot", () => {
    expect(whyRejected(drawing("dot"), rejected, false)).toBe("too small to read; draw it larger.");
  });
});

test("a model gives the ten digits and nothing else, or other names too", () => {
  expect(areTheDigits([..."9876543210"])).toBe(true);
  expect(areTheDigits([..."012345678"])).toBe(false);
  expect(areTheDigits([..."0123456789x"])).toBe(false);
  expect(areTheDigits([..."೦೧೨೩೪೫೬೭೮೯"])).toBe(false);
});

describe("where the reading changed", () => {
  test("is the stage from which on it stays, and those before", () => {
    expect(tellTurns([{ stages: ["place"], from: "7", to: "2" }], "2")).toBe(
      "Settled by place and size: 7\u00a0→\u00a02.",
    );
    const two = [
      { stages: ["names" as const], from: "6", to: "4" },
      { stages: ["slant" as const], from: "4", to: "2" },
    ];
    expect(tellTurns(two, "2")).toBe(
      "Settled by slant: 4\u00a0→\u00a02. Changed before at names 6\u00a0→\u00a04.",
    );
  });

  test("may lie between stages that have no reading", () => {
    expect(tellTurns([{ stages: ["names", "ink", "place"], from: "7", to: "2" }], "2")).toBe(
      "Changed by “place and size” at the latest: 7\u00a0→\u00a02.",
    );
  });

  test("is nowhere where it never changed", () => {
    expect(tellTurns([], "1")).toBe("1 at every stage.");
    expect(tellTurns([], "")).toBe("");
  });
});

describe("what the clusters' names read", () => {
  test("is held against what the person told", () => {
    expect(tellNamed([..."1606"], [..."2074"], true, "digit")).toBe("Not one digit is the one you drew.");
    expect(tellNamed([..."1674"], [..."2074"], true, "digit")).toBe(
      "2 of 4 digits are not the one you drew.",
    );
    expect(tellNamed([..."2674"], [..."2074"], true, "digit")).toBe("1 of 4 digits is not the one you drew.");
    expect(tellNamed([..."2074"], [..."2074"], true, "digit")).toBe("Each is the digit you drew.");
  });

  test("or else against what the reader reads", () => {
    expect(tellNamed([..."1606"], [..."2074"], false, "digit")).toBe(
      "inkmeans reads 2074: all four digits differ.",
    );
    expect(tellNamed(["1", "6", "", ""], ["2", "6", "", ""], false, "digit")).toBe(
      "inkmeans reads 26··: 1 of 2 digits differs.",
    );
    expect(tellNamed(["1"], ["2"], false, "digit")).toBe("inkmeans reads 2: this digit differs.");
    expect(tellNamed([..."26"], [..."26"], false, "digit")).toBe("inkmeans reads the same: 26.");
    expect(tellNamed(["1"], [""], false, "digit")).toBe("");
  });
});
