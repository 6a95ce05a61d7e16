import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Setup } from "../../src/learn/documents";
import { DWELL } from "../../src/learn/motion";
import { Session } from "../../src/learn/session.svelte";
import type { LearnSource } from "../../src/learn/source";
import { GLYPHS, SETS, TRACE } from "./run";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function opened(params: Record<string, string> = {}, source: Partial<LearnSource> = {}) {
  const asked: Setup[] = [];
  const link = { params, replace: vi.fn() };
  const session = new Session(
    {
      listSets: async () => SETS,
      loadGlyphs: async (set, pixels) => ({ ...GLYPHS, set, pixels }),
      loadTruths: async (set) => ({ set, truths: ["0", "0", "1", "1"] }),
      trace: async (setup) => {
        asked.push(setup);
        return { ...TRACE, ...setup };
      },
      ...source,
    },
    link,
  );
  return { session, link, asked };
}

test("it opens what the address says, and writes it there", async () => {
  const { session, link, asked } = opened({ k: "2", seed: "7", step: "3" });
  await session.open();
  expect(asked).toEqual([
    { set: "digits", pixels: "normalized", k: 2, start: "k-means++", seed: 7, rows: [] },
  ]);
  expect(session.step).toBe(3);
  expect(session.half?.inertia).toBe(60);
  expect(session.loading).toBe("");
  expect(link.replace).toHaveBeenLastCalledWith(expect.objectContaining({ seed: "7", step: "3" }));
});

test("it plays to the end, one half-step after another, and stays there", async () => {
  const { session } = opened();
  await session.open();
  session.play();
  expect(session.step).toBe(1);
  vi.advanceTimersByTime(DWELL.normal.assignment);
  expect(session.step).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(session.step).toBe(session.last);
  expect(session.playing).toBe(false);
});

test("play at the end begins again, and a step by hand pauses", async () => {
  const { session } = opened({ step: "5" });
  await session.open();
  session.play();
  expect([session.step, session.playing]).toEqual([1, true]);
  session.next();
  expect([session.step, session.playing]).toEqual([2, false]);
  vi.advanceTimersByTime(60_000);
  expect(session.step).toBe(2);
});

test("an answer that has been overtaken is dropped", async () => {
  let answer: (() => void) | undefined;
  const { session } = opened(
    {},
    {
      trace: (setup) =>
        new Promise((resolve) => {
          const send = () => resolve({ ...TRACE, ...setup });
          if (setup.k === 3) answer = send;
          else send();
        }),
    },
  );
  await session.open();
  const slow = session.choose({ k: 3 });
  await session.choose({ k: 2 });
  answer?.();
  await slow;
  expect(session.trace?.setup.k).toBe(2);
  expect(session.setup.k).toBe(2);
});

test("a failure is told, and what was shown stays", async () => {
  let fails = false;
  const { session } = opened(
    {},
    {
      trace: async (setup) => {
        if (fails) throw new Error("No such set.");
        return { ...TRACE, ...setup };
      },
    },
  );
  await session.open();
  const shown = session.trace;
  fails = true;
  await session.choose({ seed: 3 });
  expect([session.problem, session.loading]).toEqual(["No such set.", ""]);
  expect(session.trace).toBe(shown);
  fails = false;
  await session.retry();
  expect([session.problem, session.trace?.setup.seed]).toEqual(["", 3]);
});

test("a run that came late begins at its start, and another set's truths are not its own", async () => {
  let fails = false;
  const { session } = opened(
    { step: "3" },
    {
      trace: async (setup) => {
        if (fails) throw new Error("The server does not answer.");
        return { ...TRACE, ...setup };
      },
    },
  );
  await session.open();
  await session.reveal();
  fails = true;
  await session.choose({ set: "mine" });
  expect([session.step, session.truths?.length]).toEqual([3, 4]);
  fails = false;
  await session.retry();
  expect([session.step, session.truths]).toEqual([0, null]);
  session.toStep(2);
  await session.retry();
  expect(session.step).toBe(2);
});

test("a start by hand takes k different images and is run with their rows", async () => {
  const { session, asked } = opened({ k: "2" });
  await session.open();
  session.pick(true);
  session.play();
  expect(session.playing).toBe(false); // nothing moves meanwhile
  session.next();
  expect(session.step).toBe(0);
  for (const mark of [3, 1, 3, 2, 0]) session.press(mark);
  expect(session.picked).toEqual([1, 2]);
  await session.choose({ start: "hand", rows: [1, 3] });
  expect(asked.at(-1)).toMatchObject({ start: "hand", k: 2, rows: [1, 3] });
  expect(session.picked).toBeNull();
  await session.choose({ k: 3 });
  expect(asked.at(-1)).toMatchObject({ start: "k-means++", k: 3, rows: [] });
});

test("a set without raw pixels is shown with those it has", async () => {
  const { session, asked } = opened({ pixels: "raw" });
  await session.open();
  await session.choose({ set: "mine" });
  expect(asked.at(-1)).toMatchObject({ set: "mine", pixels: "normalized" });
});
