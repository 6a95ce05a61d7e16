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
  expect(session.player.step).toBe(3);
  expect(session.player.half?.inertia).toBe(60);
  expect(session.loading).toBe("");
  expect(link.replace).toHaveBeenLastCalledWith(expect.objectContaining({ seed: "7", step: "3" }));
});

test("it plays to the end, one half-step after another, and stays there", async () => {
  const { session } = opened();
  await session.open();
  session.player.play();
  expect(session.player.step).toBe(1);
  vi.advanceTimersByTime(DWELL.normal.assignment);
  expect(session.player.step).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(session.player.step).toBe(session.player.last);
  expect(session.player.playing).toBe(false);
});

test("play at the end begins again, and a step by hand pauses", async () => {
  const { session } = opened({ step: "5" });
  await session.open();
  session.player.play();
  expect([session.player.step, session.player.playing]).toEqual([1, true]);
  session.player.next();
  expect([session.player.step, session.player.playing]).toEqual([2, false]);
  vi.advanceTimersByTime(60_000);
  expect(session.player.step).toBe(2);
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
  expect([session.player.step, session.truths?.length]).toEqual([3, 4]);
  fails = false;
  await session.retry();
  expect([session.player.step, session.truths]).toEqual([0, null]);
  session.player.toStep(2);
  await session.retry();
  expect(session.player.step).toBe(2);
});

test("a start by hand takes k different images and is run with their rows", async () => {
  const { session, asked } = opened({ k: "2" });
  await session.open();
  session.pick(true);
  session.player.play();
  expect(session.player.playing).toBe(false); // nothing moves meanwhile
  session.player.next();
  expect(session.player.step).toBe(0);
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

/** Return something that waits until it is let go. */
function held() {
  let go = () => {};
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { wait, go };
}

test("the truths that are asked for while a run is on its way do not drop it", async () => {
  const { wait, go } = held();
  const trace = async (setup: Setup) => {
    if (setup.seed === 9) await wait;
    return { ...TRACE, ...setup };
  };
  const { session } = opened({}, { trace });
  await session.open();
  const chosen = session.choose({ seed: 9 });
  await session.reveal();
  expect([session.truths?.length, session.loading]).toEqual([4, "trace"]);
  go();
  await chosen;
  expect([session.trace?.setup.seed, session.truths?.length]).toEqual([9, 4]);
});

test("nothing that is pressed before the sets have come changes what the address asks for", async () => {
  const { wait, go } = held();
  const listSets = async () => {
    await wait;
    return SETS;
  };
  const { session, link, asked } = opened({ set: "mine", k: "3" }, { listSets });
  const opening = session.open();
  session.player.next();
  await session.addToK(1);
  await session.restart();
  vi.advanceTimersByTime(1000);
  expect(link.replace).not.toHaveBeenCalled();
  go();
  await opening;
  expect(asked).toEqual([expect.objectContaining({ set: "mine", k: 3 })]);
});

test("images picked while another set was on its way are not taken for images of that set", async () => {
  const { wait, go } = held();
  const loadGlyphs: LearnSource["loadGlyphs"] = async (set, pixels) => {
    if (set === "mine") await wait;
    return { ...GLYPHS, set, pixels };
  };
  const { session } = opened({}, { loadGlyphs });
  await session.open();
  const chosen = session.choose({ set: "mine" });
  session.pick(true);
  session.press(2);
  go();
  await chosen;
  expect([session.glyphs?.set, session.picked]).toEqual(["mine", null]);
});

test("the address follows while it plays fast", async () => {
  const { session, link } = opened();
  await session.open();
  link.replace.mockClear();
  session.player.speed = "fast";
  session.player.play();
  vi.advanceTimersByTime(500);
  expect(link.replace).toHaveBeenCalledOnce();
  expect(Number(link.replace.mock.lastCall?.[0].step)).toBeGreaterThan(1);
});

test("the address tells the run that is shown, not one that has not come", async () => {
  const { session, link } = opened(
    {},
    {
      trace: async (setup) => {
        if (setup.k === 3) throw new Error("Too many clusters.");
        return { ...TRACE, ...setup };
      },
    },
  );
  await session.open();
  const { k } = session.setup;
  await session.choose({ k: 3 });
  session.player.next();
  vi.advanceTimersByTime(1000);
  expect(link.replace).toHaveBeenLastCalledWith(expect.objectContaining({ k: String(k), step: "1" }));
});

test("when the server is there again, only what did not come is asked for", async () => {
  let isAway = true;
  const { session, asked } = opened(
    {},
    {
      listSets: async () => {
        if (isAway) throw new Error("The server does not answer.");
        return SETS;
      },
    },
  );
  await session.open();
  isAway = false;
  session.resume();
  session.resume(); // it is on its way
  await vi.runAllTimersAsync();
  expect([asked.length, session.problem]).toEqual([1, ""]);
  session.player.play();
  session.resume();
  await vi.advanceTimersByTimeAsync(1);
  expect([asked.length, session.player.playing]).toEqual([1, true]);
});

test("what is looked into holds still", async () => {
  const { session } = opened();
  await session.open();
  session.player.play();
  session.lookInto(1);
  vi.advanceTimersByTime(60_000);
  expect([session.selected, session.player.step, session.player.playing]).toEqual([1, 1, false]);
});
