import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Run, RunsSession } from "../../../src/learn/runs/session.svelte";
import type { LearnSource, RunsLine, RunsRequest } from "../../../src/learn/source";
import { base64, GLYPHS, SETS, TRACE } from "../run";
import { runOf } from "./made";

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (show: () => void) => Number(setTimeout(show, 16)));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const inertiaOf = (start: string, seed: number) => 100 + ((7 * seed + (start === "random" ? 3 : 0)) % 11);

function* linesOf({ n_runs, seed, truths, k }: RunsRequest): Generator<RunsLine> {
  const runs: Run[] = [];
  for (let each = seed; each < seed + (n_runs ?? 20); each++)
    for (const start of ["k-means++", "random"] as const) {
      const run = runOf(start, each, inertiaOf(start, each), truths ? 0.5 : null);
      runs.push(run);
      yield { run };
    }
  runs.sort((a, b) => a.inertia - b.inertia);
  const [best, worst] = [runs[0], runs.at(-1)].map((run) => ({
    ...(run as Run),
    height: 1,
    width: 2,
    counts: Array(k).fill(1),
    names: truths ? Array(k).fill("0") : null,
    centers: base64(new Uint8Array([0, 255, 255, 0])),
  }));
  yield { best, worst } as RunsLine;
}

/** Let the lines of a stream be waited for, one by one, by who calls `step`. */
function gate() {
  let open: (() => void) | undefined;
  let n_open = 0;
  return {
    step(n: number) {
      n_open += n;
      open?.();
    },
    async pass(signal: AbortSignal) {
      while (n_open === 0) {
        await new Promise<void>((resolve) => {
          open = resolve;
          signal.addEventListener("abort", () => resolve());
        });
        signal.throwIfAborted();
      }
      n_open -= 1;
    },
  };
}

function opened(params: Record<string, string> = {}, runs?: LearnSource["runs"]) {
  const asked: RunsRequest[] = [];
  const link = { params, replace: vi.fn() };
  const session = new RunsSession(
    {
      listSets: async () => SETS.map((set) => ({ ...set, n_glyphs: 200 })),
      loadGlyphs: async (set, pixels) => ({ ...GLYPHS, set, pixels }),
      loadTruths: async (set) => ({ set, truths: [] }),
      trace: async (setup) => ({ ...TRACE, ...setup }),
      runs:
        runs ??
        async function* (wanted) {
          asked.push(wanted);
          yield* linesOf(wanted);
        },
    },
    link,
  );
  return { session, link, asked };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 40));

test("it runs what the address asks for, and writes it there", async () => {
  const { session, link, asked } = opened({ set: "digits", pixels: "raw", k: "7", first: "20" });
  await session.open();
  expect(asked).toEqual([{ set: "digits", pixels: "raw", k: 7, n_runs: 20, seed: 20, truths: false }]);
  expect(session.runs).toHaveLength(40);
  expect(session.state).toBe("done");
  expect(session.ends?.best.inertia).toBe(100);
  expect(session.ends?.worst.inertia).toBe(110);
  expect([...(session.ends?.best.pixels ?? [])]).toEqual([0, 255, 255, 0]);
  expect(link.replace).toHaveBeenLastCalledWith({ set: "digits", pixels: "raw", k: "7", first: "20" });
});

test("runs are shown as they end, and what was shown before stays until the first has", async () => {
  const { step, pass } = gate();
  const { session } = opened({}, async function* (wanted, signal) {
    for (const line of linesOf(wanted)) {
      await pass(signal);
      yield line;
    }
  });
  const opening = session.open();
  step(3);
  await soon();
  expect([session.runs.length, session.state, session.ends]).toEqual([3, "running", null]);
  step(38);
  await opening;
  expect([session.runs.length, session.state]).toEqual([40, "done"]);

  const choosing = session.choose({ k: 5 });
  await soon();
  expect([session.runs.length, session.shown?.k, session.setup.k]).toEqual([40, 10, 5]);
  expect(session.ends).not.toBeNull();
  step(1);
  await soon();
  expect([session.runs.length, session.shown?.k, session.ends?.of.k]).toEqual([1, 5, 10]);
  step(40);
  await choosing;
  expect(session.ends?.of).toBe(session.shown);
});

test("how right they are is asked for on a press only, and no longer told for another set", async () => {
  const { session, asked } = opened();
  await session.open();
  expect(asked[0]?.truths).toBe(false);
  await session.reveal(true);
  expect(asked[1]).toEqual({ ...asked[0], truths: true });
  expect(session.runs.every(({ accuracy }) => accuracy === 0.5)).toBe(true);
  await session.reveal(false);
  await session.reveal(true);
  expect(asked).toHaveLength(2); // it is known
  await session.another();
  expect(asked[2]).toMatchObject({ truths: true, seed: 20 });
  await session.choose({ set: "mine" });
  expect(asked[3]).toMatchObject({ set: "mine", truths: false });
  expect(session.canReveal).toBe(false);
  await session.reveal(true);
  expect(session.isRevealed).toBe(false);
});

test("another twenty have the seeds that follow, and a change of what is run begins at the first", async () => {
  const { session, asked, link } = opened();
  await session.open();
  await session.another();
  await session.another();
  expect(asked.map(({ seed }) => seed)).toEqual([0, 20, 40]);
  expect(link.replace).toHaveBeenLastCalledWith(expect.objectContaining({ first: "40" }));
  session.addToK(1);
  await soon();
  expect(asked[3]).toMatchObject({ k: 11, seed: 0 });
});

test("stop ends what is on its way; of the runs that have ended the best and the worst are told", async () => {
  const { step, pass } = gate();
  const signals: AbortSignal[] = [];
  const asked: RunsRequest[] = [];
  const { session } = opened({}, async function* (wanted, signal) {
    asked.push(wanted);
    signals.push(signal);
    for (const line of linesOf(wanted)) {
      if (wanted.n_runs === 20) await pass(signal);
      yield line;
    }
  });
  const opening = session.open();
  step(7);
  await soon();
  await session.stop();
  await opening;
  expect(signals[0]?.aborted).toBe(true);
  expect(asked[1]).toEqual({ ...asked[0], n_runs: 3 });
  expect([session.runs.length, session.state]).toEqual([6, "stopped"]);
  expect(session.ends).not.toBeNull();
  step(41);
  await session.retry();
  expect([session.runs.length, session.state]).toEqual([40, "done"]);
});

test("stop before the first run leaves what was shown", async () => {
  const { session } = opened({}, async function* (_, signal) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    signal.throwIfAborted();
  });
  const opening = session.open();
  await soon();
  await session.stop();
  await opening;
  expect([session.runs.length, session.state, session.problem]).toEqual([0, "stopped", ""]);
});

test("an answer that has been overtaken is dropped, also where it goes on", async () => {
  const { step, pass } = gate();
  const { session } = opened({}, async function* (wanted) {
    for (const line of linesOf(wanted)) {
      if (wanted.k === 10) await pass(new AbortController().signal);
      yield line;
    }
  });
  const opening = session.open();
  await soon();
  step(1);
  await Promise.resolve();
  await Promise.resolve(); // one run has come, and waits for its frame
  await session.choose({ k: 3 });
  step(50);
  await opening;
  await soon();
  expect([session.shown?.k, session.runs.length, session.state]).toEqual([3, 40, "done"]);
});

test("while the same runs come again, named, those that are shown stay", async () => {
  const { step, pass } = gate();
  const { session } = opened({}, async function* (wanted, signal) {
    for (const line of linesOf(wanted)) {
      if (wanted.truths) await pass(signal);
      yield line;
    }
  });
  await session.open();
  const revealing = session.reveal(true);
  step(30);
  await soon();
  expect([session.runs.length, session.runs[0]?.accuracy]).toEqual([40, null]);
  step(11);
  await revealing;
  expect([session.runs.length, session.runs[0]?.accuracy]).toEqual([40, 0.5]);
});

test("a failure is told, what had ended stays, and it can be tried again", async () => {
  let fails = true;
  const { session } = opened({}, async function* (wanted) {
    for (const line of linesOf(wanted)) {
      if (fails && "best" in line) throw new Error("The server’s answer broke off.");
      yield line;
    }
  });
  await session.open();
  expect([session.state, session.problem]).toEqual(["failed", "The server’s answer broke off."]);
  fails = false;
  session.resume();
  await soon();
  expect([session.state, session.problem, session.runs.length]).toEqual(["done", "", 40]);
});

test("an answer that ends without its last line broke off", async () => {
  const { session } = opened({}, async function* (wanted) {
    for (const line of linesOf(wanted)) if (!("best" in line)) yield line;
  });
  await session.open();
  expect([session.state, session.problem, session.ends]).toEqual([
    "failed",
    "The server’s answer broke off.",
    null,
  ]);
});
