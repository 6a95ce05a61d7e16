import { describe, expect, test } from "vitest";
import type { TriedNumber } from "../../../src/learn/numbers/source";
import { gainWords, looksWords, share, silhouetteWords, timeLeft } from "../../../src/learn/numbers/words";

function tried(k: number, accuracy: number, silhouette: number | null = null): TriedNumber {
  return { k, accuracy, silhouette, inertia: 1 / k, low: 0, high: 1, true_accuracy: null };
}

describe("what a further look is worth", () => {
  const all = [tried(2, 0.2), tried(10, 0.8), tried(50, 0.9), tried(100, 0.9)];
  test("from ten to the number, and on to the next", () => {
    expect(gainWords(all, all[2] as TriedNumber, 1000)).toBe(
      "From 10 to 50 clusters each further look names 2.5 more images right; from 50 to 100 it names no more.",
    );
  });
  test("up to ten from the smallest", () => {
    expect(gainWords(all, all[1] as TriedNumber, 1000)).toBe(
      "From 2 to 10 clusters each further look names 75 more images right; from 10 to 50, 2.5 more.",
    );
  });
  test("the smallest has none before it, the largest none after it", () => {
    expect(gainWords(all, all[0] as TriedNumber, 1000)).toBe(
      "From 2 to 10 clusters each further look names 75 more images right.",
    );
    expect(gainWords(all, all[3] as TriedNumber, 900)).toBe(
      "From 10 to 100 clusters each further look names 1.0 more image right.",
    );
    const one = tried(2, 0.2);
    expect(gainWords([one], one, 1000)).toBe("");
  });
});

test("looks are told in order, each once", () => {
  const all = [tried(5, 0.5), tried(10, 0.857), tried(50, 0.99)];
  expect(looksWords(all, all[2] as TriedNumber)).toBe("10 looks: 86 %. 50 looks: 99.0 %.");
  expect(looksWords(all, all[0] as TriedNumber)).toBe("5 looks: 50 %. 10 looks: 86 %.");
  expect(looksWords(all, all[1] as TriedNumber)).toBe("10 looks: 86 %.");
  expect(looksWords([], null)).toBe("");
});

describe("what the silhouette says", () => {
  test("a peak is told with what it means", () => {
    const all = [tried(2, 0, 0.2), tried(10, 0, 0.8), tried(50, 0, 0.4), tried(100, 0, 0.3)];
    expect(silhouetteWords(all, 1797)).toMatch(/^Highest at k = 10: there the clusters lie apart best/);
  });
  test("what is about as high everywhere is no answer", () => {
    const all = [tried(2, 0, 0.18), tried(10, 0, 0.2), tried(50, 0, 0.19), tried(100, 0, 0.1)];
    expect(silhouetteWords(all, 1797)).toBe("Highest at k = 10, but flat: no clear answer.");
  });
  test("of few images that lie apart by themselves it says little", () => {
    const all = [tried(2, 0, 1), tried(3, 0, 0.6), tried(5, 0, 0.5), tried(10, 0, 0.4)];
    expect(silhouetteWords(all, 22)).toMatch(/^Highest at k = 2, but so few images/);
  });
  test("nothing is told of nothing", () => {
    expect(silhouetteWords([tried(2, 0), tried(3, 0, 0.5)], 1797)).toBe("");
  });
});

test("shares are never rounded to all", () => {
  expect([0.05, 0.5, 0.913, 0.99958, 1].map(share)).toEqual(["5.0 %", "50 %", "91.3 %", ">99.9 %", "100 %"]);
});

test("the time left is told as roughly as it is known", () => {
  expect([0.4, 7.6, 200].map(timeLeft)).toEqual([
    "about a second left",
    "about 8 seconds left",
    "about 3 minutes left",
  ]);
});
