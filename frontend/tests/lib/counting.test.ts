import { expect, test } from "vitest";
import { join, oneOf, percent } from "../../src/lib/counting";

test("several words are told as either of them", () => {
  expect(join(["1", "5", "9"], "or")).toBe("1, 5 or 9");
  expect(join(["1", "5"], "and")).toBe("1 and 5");
  expect(join(["1"], "or")).toBe("1");
  expect(join([], "or")).toBe("");
});

test("an article is as it is spoken", () => {
  expect(["4", "8", "11", "F", "u", "80"].map(oneOf)).toEqual([
    "a 4",
    "an 8",
    "an 11",
    "an F",
    "a u",
    "an 80",
  ]);
});

test("what is something is not called 0 %, nor 1 % where it is far less, and what is not all not 100 %", () => {
  expect([0, 1, 14, 900, 1796, 1797].map((part) => percent(part, 1797))).toEqual([
    "0 %",
    "<1 %",
    "1 %",
    "50 %",
    ">99 %",
    "100 %",
  ]);
  expect(percent(0, 0)).toBe("0 %");
});
