/** A run that is played half-step by half-step: where it stands, and whether it moves on by itself. */

import type { HalfStep, Run } from "./documents";
import { dwellOf, type Speed } from "./motion";

interface Played {
  /** The run that is played, if there is one yet. */
  run(): Run | null;
  /** Whether it stands still for now, whatever is pressed. */
  isHeld(): boolean;
  /** It stands at another half-step. */
  onstep(): void;
}

export class Player {
  /** An index of the run's half-steps. */
  step = $state(0);
  playing = $state(false);
  speed = $state<Speed>("normal");

  private readonly played: Played;
  private clock: ReturnType<typeof setTimeout> | undefined;

  constructor(played: Played) {
    this.played = played;
  }

  readonly half: HalfStep | null = $derived.by(() => this.played.run()?.at(this.step) ?? null);
  readonly last = $derived.by(() => {
    const run = this.played.run();
    return run ? run.steps.length - 1 : 0;
  });
  readonly ended = $derived.by(() => this.played.run() !== null && this.step >= this.last);

  play(): void {
    if (!this.played.run() || this.playing || this.played.isHeld()) return;
    if (this.ended) this.toStep(0);
    this.playing = true;
    this.advance();
  }

  pause(): void {
    clearTimeout(this.clock);
    this.playing = false;
  }

  toStep(step: number): void {
    if (!this.played.run() || this.played.isHeld()) return;
    this.step = Math.min(Math.max(Math.round(step), 0), this.last);
    this.played.onstep();
  }

  next(): void {
    this.pause();
    this.toStep(this.step + 1);
  }

  back(): void {
    this.pause();
    this.toStep(this.step - 1);
  }

  toStart(): void {
    this.pause();
    this.toStep(0);
  }

  private advance(): void {
    if (this.ended) {
      this.playing = false;
      return;
    }
    this.toStep(this.step + 1);
    const half = this.half?.half === "assignment" ? "assignment" : "update";
    this.clock = setTimeout(() => this.advance(), dwellOf(this.speed, half));
  }
}
