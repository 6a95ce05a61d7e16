import { describe, expect, test, vi } from "vitest";
import type { LearnSet } from "../../../src/learn/documents";
import type { Link } from "../../../src/learn/link";
import { NumbersSession, nearest } from "../../../src/learn/numbers/session.svelte";
import type { NumbersLine, NumbersSource, TriedNumber } from "../../../src/learn/numbers/source";
import type { LearnSource } from "../../../src/learn/source";
import type { Clustering } from "../../../src/lib/api";

const SETS: LearnSet[] = [
  {
    set: "digits",
    title: "digits",
    kind: "builtin",
    n_glyphs: 1797,
    pixels: ["raw", "normalized"],
    has_truths: true,
  },
  { set: "logs", title: "logs", kind: "project", n_glyphs: 40, pixels: ["normalized"], has_truths: false },
];

function number(k: number, true_accuracy: number | null = null): TriedNumber {
  return { k, inertia: 1 / k, silhouette: 0.5, accuracy: 0.9, low: 0.8, high: 1, true_accuracy };
}

function setUp(params: Record<string, string> = {}) {
  const wanted: { set: string; by: string; truths: boolean; signal: AbortSignal }[] = [];
  const made: number[] = [];
  const slow: Record<number, Promise<void>> = {};
  let hold: Promise<void> = Promise.resolve();
  const asked: NumbersSource = {
    async *numbers({ set, by, truths = false }, signal): AsyncGenerator<NumbersLine> {
      wanted.push({ set, by, truths, signal });
      yield { progress: { doing: "trying", share: 0.5 } };
      await hold;
      for (const k of [2, 5, 10, 20]) yield { number: number(k, truths ? 0.95 : null) };
      yield { suggested: 10 };
    },
    async makeClusters(set, by, k) {
      made.push(k);
      await slow[k];
      return {
        clustering: `${set}.${by}.${k}`,
        set,
        by,
        k,
        width: 1,
        height: 1,
        clusters: [],
      } satisfies Clustering;
    },
    count: vi.fn(),
    save: vi.fn(),
    read: vi.fn(),
  };
  const place = { ...params };
  const link: Link = {
    params: place,
    replace: (changes) => {
      Object.assign(place, changes);
    },
  };
  const source = { listSets: async () => SETS } as unknown as LearnSource;
  const session = new NumbersSession(source, asked, link);
  return {
    session,
    wanted,
    made,
    slow,
    place,
    holdUntil: (promise: Promise<void>) => {
      hold = promise;
    },
  };
}

describe("which number is looked at", () => {
  test("the suggested one where nobody asked for another", async () => {
    const { session, made } = setUp();
    await session.open();
    expect(session.marked?.k).toBe(10);
    await vi.waitFor(() => expect(session.clustering?.k).toBe(10));
    expect(made).toEqual([10]);
  });
  test("the one nearest to that of the address, which stays in the address", async () => {
    const { session, place } = setUp({ k: "13", by: "raw" });
    await session.open();
    expect(session.setup).toEqual({ set: "digits", by: "raw", k: 13 });
    expect(session.marked?.k).toBe(10);
    expect(place.k).toBe("13");
  });
  test("a step goes to the next that was tried, and into the address", async () => {
    const { session, place } = setUp({ k: "10" });
    await session.open();
    session.step(1);
    expect([session.marked?.k, place.k]).toEqual([20, "20"]);
    session.step(1);
    expect(session.marked?.k).toBe(20);
    session.look(2);
    session.step(-1);
    expect(session.marked?.k).toBe(2);
    await vi.waitFor(() => expect(session.clustering?.k).toBe(2));
  });
  test("nearest goes by ratios", () => {
    const all = [number(10), number(100)];
    expect(nearest(all, 30)?.k).toBe(10);
    expect(nearest(all, 33)?.k).toBe(100);
    expect(nearest([], 33)).toBeNull();
  });
});

test("another set begins anew, with pixels that it has and without the truth", async () => {
  const { session, wanted, place } = setUp({ by: "raw" });
  await session.open();
  await session.reveal(true);
  await session.choose({ set: "logs" });
  expect(wanted.map(({ set, by, truths }) => [set, by, truths])).toEqual([
    ["digits", "raw", false],
    ["digits", "raw", true],
    ["logs", "inkmeans", false],
  ]);
  expect([place.set, place.by]).toEqual(["logs", ""]);
  expect(session.canReveal).toBe(false);
});

test("the truth is asked for only when the person does, and what is shown stays meanwhile", async () => {
  const { session, wanted, holdUntil } = setUp();
  await session.open();
  expect(wanted[0]?.truths).toBe(false);
  let go = () => {};
  holdUntil(
    new Promise((resolve) => {
      go = resolve;
    }),
  );
  const revealing = session.reveal(true);
  await vi.waitFor(() => expect(session.progress).not.toBeNull());
  expect(session.tried.map(({ k }) => k)).toEqual([2, 5, 10, 20]);
  go();
  await revealing;
  expect(session.tried.map(({ true_accuracy }) => true_accuracy)).toEqual([0.95, 0.95, 0.95, 0.95]);
});

test("what is not wanted any more is taken back", async () => {
  const { session, wanted, holdUntil } = setUp();
  holdUntil(new Promise(() => {}));
  void session.open();
  await vi.waitFor(() => expect(wanted).toHaveLength(1));
  void session.choose({ by: "normalized" });
  expect(wanted[0]?.signal.aborted).toBe(true);
  session.close();
  expect(wanted[1]?.signal.aborted).toBe(true);
});

test("what was tried is there again, with what it is compared with", async () => {
  const { session, wanted } = setUp();
  await session.open();
  expect(session.compared).toBeNull();
  await session.choose({ by: "raw" });
  expect(session.compared).toBe(0.9);
  await session.choose({ by: "inkmeans" });
  expect(wanted).toHaveLength(2);
  expect([session.state, session.marked?.k, session.suggested]).toEqual(["done", 10, 10]);
  await session.reveal(true);
  await session.choose({ by: "raw" });
  expect(wanted.at(-1)).toMatchObject({ by: "raw", truths: true });
  expect(session.tried[0]?.true_accuracy).toBe(0.95);
});

test("the clusters of a number that was passed by do not take the place of those that are looked at", async () => {
  vi.useFakeTimers();
  const { session, made, slow } = setUp({ k: "10" });
  await session.open();
  await vi.runAllTimersAsync();
  expect(session.clustering?.k).toBe(10);
  let come = () => {};
  slow[20] = new Promise((resolve) => {
    come = resolve;
  });
  session.step(1);
  await vi.runAllTimersAsync();
  expect(made).toEqual([10, 20]);
  session.step(-1);
  await vi.runAllTimersAsync();
  come();
  await vi.runAllTimersAsync();
  expect(session.clustering?.k).toBe(10);
  vi.useRealTimers();
});
