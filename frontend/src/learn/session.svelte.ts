/** The one state of the Learn view: the set-up, its run, and what of it is looked at. */

import { Glyphs, type LearnSet, type Setup, Trace } from "./documents";
import {
  AddressWriter,
  FIRST_SETUP,
  fitted,
  LARGEST_K,
  type Link,
  readSetup,
  SMALLEST_K,
  writeSetup,
} from "./link";
import { Player } from "./player.svelte";
import type { LearnSource } from "./source";
import { closestSetup, nextK, nextStart } from "./starts";

export class Session {
  sets = $state.raw<readonly LearnSet[]>([]);
  setup = $state.raw<Setup>(FIRST_SETUP);
  glyphs = $state.raw<Glyphs | null>(null);
  /** The run of the set-up; the one before stays until the next has come. */
  trace = $state.raw<Trace | null>(null);
  /** What of the address could not be followed; "" after the first change of the set-up. */
  notice = $state("");
  /** The truth of each mark, once they are revealed. */
  truths = $state.raw<readonly string[] | null>(null);

  readonly player = new Player({
    run: () => this.trace,
    isHeld: () => this.picked !== null,
    onstep: () => this.address.writeLater(),
  });

  /** The mark under the pointer, and the mark last clicked, which stays shown. */
  hovered = $state<number | null>(null);
  pinned = $state<number | null>(null);
  /** The cluster that is looked into. */
  selected = $state<number | null>(null);
  /** The cluster beside which the others are dimmed. */
  highlighted = $state<number | null>(null);
  /** The marks chosen so far for a start by hand, while one is being put together. */
  picked = $state.raw<readonly number[] | null>(null);

  loading = $state<"" | "sets" | "glyphs" | "trace">("sets");
  problem = $state("");

  readonly shown = $derived(this.hovered ?? this.pinned);

  /** The only set-ups that can be run, in a page without a server; undefined where any can. */
  readonly recorded: readonly Setup[] | undefined;

  private readonly source: LearnSource;
  private readonly link: Link;
  private readonly address: AddressWriter;
  /** The half-step at which the run that is asked for is to be shown; null once it is. */
  private due: number | null = null;
  /** Counts requests, so that an answer that has been overtaken is dropped. */
  private asked = 0;

  constructor(source: LearnSource, link: Link) {
    this.source = source;
    this.recorded = source.recorded;
    this.link = link;
    // What is shown, not what is asked for.
    this.address = new AddressWriter(() => {
      if (this.trace) link.replace(writeSetup(this.trace.setup, this.player.step));
    });
  }

  /** Load the sets, then what the address asks for. */
  async open(): Promise<void> {
    await this.guarded(async (current) => {
      this.loading = "sets";
      const sets = await this.source.listSets();
      if (!current()) return;
      this.sets = sets;
      const { setup, step, notice } = readSetup(this.link.params, sets);
      this.notice = notice;
      await this.load(setup, step, current);
    });
  }

  /** Change the set-up and run it from its start. */
  async choose(change: Partial<Setup>): Promise<void> {
    if (this.sets.length === 0) return; // the address says what comes first
    const next = fitted({ ...this.setup, ...change }, this.sets);
    const { k } = next;
    const byHand = next.start === "hand" && change.rows !== undefined;
    const kept = next.start === "hand" && !byHand && next.set === this.setup.set && k === next.rows.length;
    const start = next.start === "hand" && !byHand && !kept ? "k-means++" : next.start;
    const rows = start === "hand" ? next.rows : [];
    this.player.pause();
    this.picked = null;
    this.notice = "";
    await this.guarded((current) => this.load({ ...next, start, rows }, 0, current));
  }

  /** Run the same start with another seed. */
  restart(): Promise<void> {
    if (this.recorded) return this.choose(nextStart(this.recorded, this.setup));
    return this.choose({
      seed: this.setup.seed + 1,
      ...(this.setup.start === "hand" && { start: "random" }),
    });
  }

  /** Run the same with one cluster more or less. */
  async addToK(by: 1 | -1): Promise<void> {
    const k = this.recorded ? nextK(this.recorded, this.setup, by) : this.setup.k + by;
    if (k !== this.setup.k && k >= SMALLEST_K && k <= LARGEST_K) await this.choose({ k });
  }

  /** Ask again for what did not come. */
  retry(): Promise<void> {
    if (this.sets.length === 0) return this.open();
    return this.guarded((current) => this.load(this.setup, this.due ?? this.player.step, current));
  }

  /** The server is there again: ask for what did not come, if it is not on its way. */
  resume(): void {
    if (this.loading !== "") return;
    if (this.sets.length === 0 || this.due !== null) void this.retry();
    else this.problem = "";
  }

  /** Ask for the truths of what is shown; a run that is on its way meanwhile goes on. */
  async reveal(): Promise<void> {
    const set = this.glyphs?.set;
    if (set === undefined) return;
    this.problem = "";
    try {
      const { truths } = await this.source.loadTruths(set);
      if (this.glyphs?.set === set) this.truths = truths;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }

  /** Look into a cluster; what is looked at holds still. */
  lookInto(cluster: number): void {
    this.player.pause();
    this.selected = cluster;
  }

  /** Begin a start by hand, or give it up. */
  pick(begin: boolean): void {
    this.player.pause();
    this.picked = begin ? [] : null;
  }

  /** What a click on a mark does: choose it for a start by hand, or keep it shown. */
  press(mark: number | null): void {
    if (this.picked === null) {
      this.pinned = mark;
    } else if (mark !== null) {
      const without = this.picked.filter((other) => other !== mark);
      const isNew = without.length === this.picked.length;
      this.picked = isNew && without.length < this.setup.k ? [...without, mark] : without;
    }
  }

  /** Stop all clocks; the view is left. */
  close(): void {
    this.player.pause();
    this.address.stop();
    this.asked += 1;
  }

  private async load(wanted: Setup, step: number, current: () => boolean): Promise<void> {
    const setup = (this.recorded && closestSetup(this.recorded, wanted)) ?? wanted;
    const other = this.glyphs?.set !== setup.set || this.glyphs.pixels !== setup.pixels;
    const otherSet = this.trace?.setup.set !== setup.set;
    this.setup = setup;
    this.due = step;
    let glyphs = this.glyphs;
    if (!glyphs || other) {
      this.loading = "glyphs";
      glyphs = new Glyphs(await this.source.loadGlyphs(setup.set, setup.pixels));
      if (!current()) return;
    }
    this.loading = "trace";
    const trace = new Trace(await this.source.trace(setup), glyphs);
    if (!current()) return;
    if (other) {
      this.hovered = null;
      this.pinned = null;
      this.picked = null;
    }
    if (otherSet) this.truths = null;
    this.selected = null;
    this.highlighted = null;
    this.glyphs = glyphs;
    this.trace = trace;
    this.player.step = Math.min(Math.max(step, 0), trace.steps.length - 1);
    this.due = null;
    this.address.write();
  }

  private async guarded(work: (current: () => boolean) => Promise<void>): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const current = () => mine === this.asked;
    this.problem = "";
    try {
      await work(current);
    } catch (error) {
      if (current()) this.problem = sentenceOf(error);
    } finally {
      if (current()) this.loading = "";
    }
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
