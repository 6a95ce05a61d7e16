/** The class as one phone sees it: what is asked, whether it is open, what this phone has sent and what waits. */

import type { Reading } from "../class/documents";
import { Box } from "../draw/box.svelte";
import { isTap, type Strokes, toStrokes } from "../lib/strokes";
import { Outbox, type Pause, restore, store } from "./outbox";
import { type Answer, type Asked, askClass, type Drawing, PEN, postDrawing } from "./post";

const ASKED_EVERY = 5000; // milliseconds between two questions whether the class is open, while the page is in sight

/** What became of the latest drawing. */
export interface Latest {
  readonly strokes: Strokes;
  readonly state: "sending" | "sent" | "kept" | "refused";
  readonly reading: Reading | null;
  /** Why it was refused. */
  readonly sentence: string;
}

export type Standing = "joining" | "open" | "closed" | "ended" | "gone";

export class Room {
  readonly box: Box;
  readonly #code: string;
  readonly #outbox: Outbox;
  readonly #padKey: string;
  /** What to draw; null is anything. It changes only while nothing is drawn, so that nobody draws for another. */
  ask = $state<string | null>(null);
  standing = $state<Standing>("joining");
  nSent = $state(0);
  nLeft = $state(Number.POSITIVE_INFINITY);
  showsAtOnce = $state(false);
  /** A sentence of the class for this phone. */
  says = $state<string | null>(null);
  nUnsent = $state(0);
  pause = $state<Pause>("");
  latest = $state.raw<Latest | null>(null);
  isAway = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The class that is drawn for; null until it was told. */
  #round: string | null = null;
  #isAsking = false;
  #isInSight = true;
  /** What the class has asked this phone for, the latest last. */
  #asked: readonly string[] = [];

  constructor(code: string) {
    this.#code = code;
    this.#padKey = `inkmeans.phone.${code}.pad`;
    this.box = new Box(1, (box) => this.#keepPad(box));
    this.#restorePad();
    this.#outbox = new Outbox(`inkmeans.phone.${code}`, {
      post: (drawing) => postDrawing(code, drawing),
      changed: () => this.#count(),
      retry: () => void this.#lookAgain(), // asked first: meanwhile it may be another class
      answered: (answer, drawing) => this.#answered(answer, drawing),
    });
    this.#count();
  }

  /** Whether the class takes drawings from this phone, now or once it is open again. */
  get isOn(): boolean {
    return this.standing !== "ended" && this.standing !== "gone" && this.nLeft > 0;
  }

  /** Whether the pad holds what can be sent. */
  get canSend(): boolean {
    return this.isOn && !this.box.isBlank && !isTap(this.box.strokes, PEN);
  }

  /** Ask the class from now on; returns what ends that. */
  open(): () => void {
    const look = () => {
      this.#isInSight = document.visibilityState === "visible";
      if (this.#isInSight) void this.#lookAgain();
    };
    const online = () => void this.#lookAgain();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", online);
    look();
    return () => {
      this.#isInSight = false;
      clearTimeout(this.#timer);
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("online", online);
    };
  }

  /** Send what is drawn; the pad is free for the next at once. */
  send(): void {
    if (!this.canSend) return;
    const { strokes } = this.box;
    const key = [Date.now(), ...crypto.getRandomValues(new Uint32Array(2))].join("-");
    this.latest = { strokes, state: "sending", reading: null, sentence: "" };
    this.#free();
    this.#outbox.add({ key, strokes, asked: this.ask, round: this.#round });
    if (this.pause !== "") this.#keptHere();
  }

  /** The latest waits here, and no answer will say what comes next. */
  #keptHere(): void {
    if (this.latest?.state !== "sending") return;
    this.latest = { ...this.latest, state: "kept" };
    this.#askNext(this.#another());
  }

  /** Of two tabs, each has its own pad. What was asked belongs to it, for the class may ask another now. */
  #keepPad({ isBlank, strokes }: Box): void {
    store(
      this.#padKey,
      isBlank ? null : { strokes, ask: this.ask, round: this.#round },
      () => sessionStorage,
    );
  }

  #restorePad(): void {
    const pad = restore(this.#padKey, () => sessionStorage) as { [name: string]: unknown } | null;
    const drawn = toStrokes(pad?.strokes);
    if (drawn.length === 0) return;
    if (typeof pad?.round === "string") this.#round = pad.round;
    if (typeof pad?.ask === "string") this.#askNext(pad.ask);
    this.box.replace(drawn);
  }

  #free(): void {
    this.box.clear();
    this.box.past = []; // undo would bring back what is sent, to be sent again
  }

  async #lookAgain(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isAsking) return;
    this.#isAsking = true;
    const said = await askClass(this.#code);
    this.#isAsking = false;
    if (said === "gone") this.standing = "gone";
    else if (said) this.#take(said);
    this.isAway = said === null;
    if (this.#isInSight) this.#timer = setTimeout(() => void this.#lookAgain(), ASKED_EVERY);
  }

  #take(said: Asked): void {
    // What was drawn for a class that has ended is deleted here too, whether this phone heard of its end or slept.
    if ((said.is_ended && this.standing !== "ended") || (this.#round ?? said.round) !== said.round)
      this.#end();
    this.#round = said.round;
    if (said.is_ended) this.#outbox.clear();
    else this.#outbox.clearOthers(said.round);
    this.standing = said.is_ended ? "ended" : said.is_open ? "open" : "closed";
    this.nSent = said.n_sent;
    this.nLeft = said.n_left;
    this.showsAtOnce = said.as_they_come;
    this.says = said.says;
    if (this.nUnsent === 0) this.#askNext(said.ask);
    if (this.nUnsent > 0 && said.is_open && this.#outbox.isDue) this.#outbox.tryNow();
  }

  #end(): void {
    this.latest = null;
    this.#free();
  }

  #answered(answer: Answer, drawing: Drawing): void {
    const { strokes } = drawing;
    this.isAway = answer.kind === "away";
    if (answer.kind === "refused") {
      this.latest = { strokes, state: "refused", reading: null, sentence: answer.sentence };
    } else if (answer.kind === "sent") {
      this.nSent = answer.nSent;
      if (this.nUnsent > 0) return;
      this.latest = { strokes, state: "sent", reading: answer.reading, sentence: "" };
      this.#askNext(answer.ask);
    } else if (answer.kind === "ended") {
      this.latest = null;
      void this.#lookAgain();
    } else {
      if (answer.kind !== "later" && answer.kind !== "away") this.standing = answer.kind;
      this.#keptHere();
    }
  }

  #askNext(ask: string | null): void {
    if (!this.box.isBlank) return;
    if (ask !== this.ask) this.box.past = []; // undo would bring back what was drawn for another question
    this.ask = ask;
    if (ask !== null) this.#asked = [...this.#asked.filter((one) => one !== ask), ask];
  }

  /** Return what was asked for the longest time ago: the class knows nothing of questions that were not its own. */
  #another(): string | null {
    return this.ask === null ? null : (this.#asked[0] ?? this.ask);
  }

  #count(): void {
    this.nUnsent = this.#outbox.unsent.length;
    this.pause = this.#outbox.pause;
  }
}
