/** The one state of Choose k: what is clustered, the numbers tried so far, and the one that is looked at. */

import type { Clustering } from "../../lib/api";
import type { LearnSet } from "../documents";
import { FIRST_SETUP, type Link, readSetup } from "../link";
import type { LearnSource } from "../source";
import type { By, NumbersSource, TriedNumber } from "./source";

export interface NumbersSetup {
  readonly set: string;
  readonly by: By;
  /** As the address or the person has it; null where neither has one: then it is the suggested one. */
  readonly k: number | null;
}

interface Known {
  readonly tried: readonly TriedNumber[];
  readonly suggested: number | null;
}

const SETTLED = 150; // milliseconds that k must stay before its clusters are asked for
const EARLY = 0.04; // of the work: before, the time left is a guess

export class NumbersSession {
  sets = $state.raw<readonly LearnSet[]>([]);
  setup = $state.raw<NumbersSetup>({ set: FIRST_SETUP.set, by: "inkmeans", k: null });
  tried = $state.raw<readonly TriedNumber[]>([]);
  suggested = $state.raw<number | null>(null);
  progress = $state.raw<{
    readonly doing: string;
    readonly share: number;
    readonly left: number | null;
  } | null>(null);
  /** The clusters of the number that is looked at; those of the one before until they are there. */
  clustering = $state.raw<Clustering | null>(null);
  isRevealed = $state(false);
  state = $state<"sets" | "trying" | "done" | "failed">("sets");
  problem = $state("");
  notice = $state("");

  /** What was tried before in this view, by the set and what was clustered. */
  private known = $state.raw<Readonly<Record<string, Known>>>({});

  readonly set = $derived(this.sets.find(({ set }) => set === this.setup.set));
  readonly canReveal = $derived(this.set?.has_truths ?? false);
  /** What can be clustered of this set. */
  readonly offered = $derived<readonly By[]>(["inkmeans", ...(this.set?.pixels ?? [])]);
  /** What is expected of the same number of looks as inkmeans clusters, where pixels are clustered and that is known. */
  readonly compared = $derived(
    this.setup.by === "inkmeans"
      ? null
      : (this.known[`${this.setup.set} inkmeans`]?.tried.find(({ k }) => k === this.marked?.k)?.accuracy ??
          null),
  );
  /** Whether numbers are still to come. */
  readonly isLooking = $derived(this.state === "sets" || this.state === "trying");
  /** The tried number that is looked at: the nearest to the one that was asked for. */
  readonly marked = $derived(nearest(this.tried, this.setup.k ?? this.suggested));

  private readonly source: LearnSource;
  private readonly asked: NumbersSource;
  private readonly link: Link;
  private running = new AbortController();
  private clustered = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: LearnSource, asked: NumbersSource, link: Link) {
    this.source = source;
    this.asked = asked;
    this.link = link;
  }

  /** Load the sets, then try numbers on the one that the address names. */
  async open(): Promise<void> {
    this.state = "sets";
    this.problem = "";
    const { signal } = this.anew();
    try {
      const sets = await this.source.listSets();
      if (signal.aborted) return;
      this.sets = sets;
      const { params } = this.link;
      const { setup, notice } = readSetup(params, sets);
      this.notice = notice;
      this.setup = { set: setup.set, by: "inkmeans", k: params.k ? setup.k : null };
      const by = this.offered.find((one) => one === params.by);
      if (by) this.setup = { ...this.setup, by };
      await this.tryNumbers();
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** Load the sets again: there is one more. */
  async relist(): Promise<void> {
    this.sets = await this.source.listSets();
  }

  async choose(change: Partial<NumbersSetup>): Promise<void> {
    if (this.sets.length === 0) return;
    this.notice = "";
    const before = this.setup;
    this.setup = { ...before, ...change };
    if (!this.offered.includes(this.setup.by)) this.setup = { ...this.setup, by: "inkmeans" };
    if (this.setup.set !== before.set) this.isRevealed = false;
    this.write();
    if (this.setup.set !== before.set || this.setup.by !== before.by) await this.tryNumbers();
    else this.clusterSoon();
  }

  /** Look at another number that was tried. */
  look(k: number): void {
    if (k !== this.marked?.k || this.setup.k === null) void this.choose({ k });
  }

  step(by: 1 | -1): void {
    const next = this.marked && this.tried[this.tried.indexOf(this.marked) + by];
    if (next) this.look(next.k);
  }

  /** Tell the true accuracy too, or tell it no longer. The server still has the clusters. */
  async reveal(isWanted: boolean): Promise<void> {
    this.isRevealed = isWanted && this.canReveal;
    if (this.isRevealed) await this.tryNumbers(true);
  }

  retry(): Promise<void> {
    return this.sets.length === 0 ? this.open() : this.tryNumbers();
  }

  /** The server is there again: ask for what did not come. */
  resume(): void {
    if (this.state === "failed") void this.retry();
    else if (this.state === "done") this.clusterSoon();
  }

  close(): void {
    this.running.abort();
    this.clustered.abort();
    clearTimeout(this.timer);
  }

  private anew(): AbortController {
    this.running.abort();
    this.running = new AbortController();
    return this.running;
  }

  /** Try the numbers; `isSame`: those that are shown stay until all have come again, with more told of each. */
  private async tryNumbers(isSame = false): Promise<void> {
    const { signal } = this.anew();
    this.state = "trying";
    this.problem = "";
    if (!isSame) {
      this.tried = [];
      this.suggested = null;
      this.clustering = null;
      this.clustered.abort();
    }
    const { set, by } = this.setup;
    const key = `${set} ${by}`;
    const before = isSame ? undefined : this.known[key];
    if (before) {
      this.tried = before.tried;
      this.suggested = before.suggested;
      if (!this.isRevealed || before.tried.every(({ true_accuracy }) => true_accuracy !== null)) {
        this.state = "done";
        this.progress = null;
        this.clusterSoon(0);
        return;
      }
    }
    const began = performance.now();
    const tried: TriedNumber[] = [];
    try {
      for await (const line of this.asked.numbers({ set, by, truths: this.isRevealed }, signal)) {
        if (signal.aborted) return;
        if ("progress" in line) {
          const { doing, share } = line.progress;
          const seconds = (performance.now() - began) / 1000;
          const left = share > EARLY && seconds > 1 ? (seconds * (1 - share)) / share : null;
          this.progress = { doing, share, left };
        } else if ("number" in line) {
          tried.push(line.number);
          if (!isSame && !before) this.tried = [...tried];
        } else {
          this.suggested = line.suggested;
        }
      }
      this.tried = tried;
      this.known = { ...this.known, [key]: { tried, suggested: this.suggested } };
      this.state = "done";
      this.progress = null;
      this.clusterSoon(0);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** Ask for the clusters of the number that is looked at, once it stays. */
  private clusterSoon(after = SETTLED): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.cluster(), after);
  }

  private async cluster(): Promise<void> {
    const { set, by } = this.setup;
    const k = this.marked?.k;
    const { clustering } = this;
    this.clustered.abort(); // also where the wanted ones are shown: others may be on their way
    if (k === undefined || this.state !== "done") return;
    if (clustering && clustering.set === set && clustering.by === by && clustering.k === k) return;
    this.clustered = new AbortController();
    const { signal } = this.clustered;
    try {
      const made = await this.asked.makeClusters(set, by, k, signal);
      if (!signal.aborted) this.clustering = made;
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.state = "failed";
    this.progress = null;
    this.problem = error instanceof Error ? error.message : String(error);
  }

  private write(): void {
    const { set, by, k } = this.setup;
    this.link.replace({ set, by: by === "inkmeans" ? "" : by, k: k === null ? "" : String(k) });
  }
}

/** Return the number nearest to one, as ratios go; null where there is none yet. */
export function nearest(tried: readonly TriedNumber[], k: number | null): TriedNumber | null {
  if (k === null) return null;
  const away = (one: TriedNumber) => Math.abs(Math.log(one.k / k));
  return tried.reduce<TriedNumber | null>(
    (best, one) => (best && away(best) <= away(one) ? best : one),
    null,
  );
}
