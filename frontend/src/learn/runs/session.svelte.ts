/** The one state of Runs: what is run, the runs that have ended so far, and what is told of them. */

import { BROKEN_OFF } from "../../lib/api";
import { decodeBase64, type LearnSet } from "../documents";
import { type Choice, FIRST_SETUP, fitted, type Link, readSetup, whole } from "../link";
import type { LearnSource, RunsLine } from "../source";

export type Run = Extract<RunsLine, { run: unknown }>["run"];
export type RunStart = Run["start"];
type RunsEnd = Extract<RunsLine, { best: unknown }>;
type EndOfRun = RunsEnd["best"];

/** The centers that a run ended with. */
export interface RunCenters
  extends Pick<EndOfRun, "start" | "seed" | "inertia" | "height" | "width" | "counts" | "names"> {
  /** The pixels of each center, one after another; full ink is 255. */
  readonly pixels: Uint8Array;
}

/** What decides the runs. */
export interface RunsSetup extends Choice {
  /** The first seed; the others follow it. */
  readonly first: number;
}

/** So many of each kind of start. */
export const N_RUNS = 20;
const LAST_SEED = 2 ** 31 - 1; // of Glyphs, which plays them

export class RunsSession {
  sets = $state.raw<readonly LearnSet[]>([]);
  setup = $state.raw<RunsSetup>({ ...FIRST_SETUP, first: 0 });
  /** The set-up of the runs that are shown: those of the one before stay until the first of the next has ended. */
  shown = $state.raw<RunsSetup | null>(null);
  runs = $state.raw<readonly Run[]>([]);
  /** The runs of the lowest and the highest inertia, and of which set-up: of the one before, until all have ended. */
  ends = $state.raw<{ readonly best: RunCenters; readonly worst: RunCenters; readonly of: RunsSetup } | null>(
    null,
  );
  /** Whether it is asked how right they are. */
  isRevealed = $state(false);
  state = $state<"sets" | "running" | "done" | "stopped" | "failed">("sets");
  problem = $state("");
  /** What of the address could not be followed. */
  notice = $state("");

  readonly set = $derived(this.sets.find(({ set }) => set === this.setup.set));
  readonly canReveal = $derived(this.set?.has_truths ?? false);

  private readonly source: LearnSource;
  private readonly link: Link;
  private running = new AbortController();
  private frame = 0;

  constructor(source: LearnSource, link: Link) {
    this.source = source;
    this.link = link;
  }

  /** Load the sets, then make the runs that the address asks for. */
  async open(): Promise<void> {
    this.state = "sets";
    this.problem = "";
    const { signal } = this.anew();
    try {
      const sets = await this.source.listSets();
      if (signal.aborted) return;
      this.sets = sets;
      const { setup, notice } = readSetup(this.link.params, sets);
      this.notice = notice;
      const { set, pixels, k } = setup;
      const first = whole(this.link.params.first, 0, 0, LAST_SEED - N_RUNS);
      await this.make({ set, pixels, k, first });
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** Change what is run, from the first seed on. */
  async choose(change: Partial<Choice>): Promise<void> {
    if (this.sets.length === 0) return; // the address says what comes first
    this.notice = "";
    const next = fitted({ ...this.setup, ...change, first: 0 }, this.sets);
    if (next.set !== this.setup.set) this.isRevealed = false;
    await this.make(next);
  }

  /** Run the same with the seeds that come next. */
  async another(): Promise<void> {
    if (this.sets.length === 0) return;
    const next = this.setup.first + N_RUNS;
    await this.make({ ...this.setup, first: next + N_RUNS > LAST_SEED ? 0 : next });
  }

  addToK(by: 1 | -1): void {
    if (fitted({ ...this.setup, k: this.setup.k + by }, this.sets).k !== this.setup.k)
      void this.choose({ k: this.setup.k + by });
  }

  /** Tell how right each run is, or tell it no longer. The server still has the runs. */
  async reveal(isWanted: boolean): Promise<void> {
    this.isRevealed = isWanted && this.canReveal;
    const isKnown = this.state !== "running" && this.runs.every(({ accuracy }) => accuracy !== null);
    if (this.isRevealed && !isKnown)
      await this.make(this.setup, this.state === "stopped" ? this.runs.length >> 1 : N_RUNS);
  }

  /** End the runs that are on their way; what of them has ended stays. */
  async stop(): Promise<void> {
    if (this.state !== "running") return;
    this.running.abort();
    const n_each = this.shown === this.setup ? this.runs.length >> 1 : 0;
    this.state = "stopped";
    // Of those that have ended the server knows the best and the worst at once.
    if (n_each > 0) await this.make(this.setup, n_each);
  }

  /** Ask again for what did not come. */
  retry(): Promise<void> {
    return this.sets.length === 0 ? this.open() : this.make(this.setup);
  }

  /** The server is there again: ask for what did not come, if it is not on its way. */
  resume(): void {
    if (this.state === "failed") void this.retry();
  }

  /** The view is left. */
  close(): void {
    this.running.abort();
    cancelAnimationFrame(this.frame);
  }

  private anew(): AbortController {
    this.running.abort();
    this.running = new AbortController();
    return this.running;
  }

  private async make(setup: RunsSetup, n_runs = N_RUNS): Promise<void> {
    const { signal } = this.anew();
    const isSame = this.shown === setup;
    this.setup = setup;
    this.state = "running";
    this.problem = "";
    this.write();
    const runs: Run[] = [];
    let isWhole = false;
    let isDue = false;
    const show = () => {
      isDue = false;
      // The same once more, with more told of each, take the place of those that are shown all at once.
      if (signal.aborted || runs.length === 0 || (isSame && runs.length < this.runs.length)) return;
      this.shown = setup;
      this.runs = [...runs];
    };
    try {
      const { set, pixels, k, first } = setup;
      const wanted = { set, pixels, k, n_runs, seed: first, truths: this.isRevealed };
      for await (const line of this.source.runs?.(wanted, signal) ?? []) {
        if (signal.aborted) return;
        if ("best" in line) {
          isWhole = true;
          this.ends = { best: decoded(line.best), worst: decoded(line.worst), of: setup };
          continue;
        }
        runs.push(line.run);
        if (isDue) continue; // once a frame, however quickly they end
        isDue = true;
        this.frame = requestAnimationFrame(show);
      }
      cancelAnimationFrame(this.frame);
      if (runs.length) {
        this.shown = setup;
        this.runs = runs;
      }
      if (!isWhole) throw new Error(BROKEN_OFF);
      this.state = n_runs < N_RUNS ? "stopped" : "done";
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.state = "failed";
    this.problem = error instanceof Error ? error.message : String(error);
  }

  private write(): void {
    const { set, pixels, k, first } = this.setup;
    this.link.replace({ set, pixels, k: String(k), first: first === 0 ? "" : String(first) });
  }
}

function decoded({ centers, ...rest }: EndOfRun): RunCenters {
  return { ...rest, pixels: decodeBase64(centers) };
}
