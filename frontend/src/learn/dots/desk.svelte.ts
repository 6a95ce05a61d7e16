/** The one state of Dots: its set-up, the run on it, and what is done with the pointer. */

import type { Start } from "../documents";
import { AddressWriter, type Link } from "../link";
import { Player } from "../player.svelte";
import { readDots, writeDots } from "./address";
import { assign, inertiaOf, type PlaneRun, runKMeans } from "./kmeans";
import { type Preset, valuesOf } from "./presets";
import { inPython } from "./python";
import { centerAt, type Dots, dotAt, dotsOf, LARGEST_K, MOST_ADDED, type Setup, setupOf } from "./setup";
import { centerValues, Space } from "./space";
import { initialRows } from "./starts";

/** As many changes can be undone. */
const MOST_UNDONE = 100;

/** A center on its way in the hand, to a place. */
interface Held {
  readonly cluster: number;
  readonly x: number;
  readonly y: number;
}

/** A held key or a drag of the eraser: all that it changes is undone at once. */
export type Gesture = object;

export class Desk {
  setup = $state.raw<Setup>(setupOf("blobs"));
  /** What of the address could not be followed, or of what was just tried. */
  notice = $state("");
  hasLines = $state(false);
  isErasing = $state(false);
  held = $state.raw<Held | null>(null);

  readonly dots: Dots = $derived(dotsOf(this.setup));
  readonly n_dots = $derived(this.dots.places.length / 2);
  readonly space: Space = $derived(new Space(this.dots.places, this.dots.axes, this.setup.isScaled));
  /** The values of the first centers; null while there are too few dots. */
  private readonly initial: Float64Array | null = $derived.by(() => {
    const { k, start, seed, centers } = this.setup;
    if (this.n_dots < k) return null;
    if (start === "hand") return centerValues(centers, this.dots.axes);
    const values = valuesOf(this.dots.places, this.dots.axes);
    const rows = initialRows(this.space.points, k, start, seed);
    return Float64Array.from(
      rows.flatMap((row) => [values[2 * row] as number, values[2 * row + 1] as number]),
    );
  });
  readonly run: PlaneRun | null = $derived(
    this.initial && runKMeans(this.space.points, this.space.scaled(this.initial)),
  );

  readonly player = new Player({
    run: () => this.run,
    isHeld: () => this.held !== null,
    onstep: () => this.writer.writeLater(),
  });

  /** Where the centers lie; the one in the hand goes along. */
  readonly centers: Float64Array = $derived.by(() => {
    if (!this.run) return new Float64Array();
    const places = this.space.toPlaces(this.run.centers(this.player.step));
    if (this.held) places.set([this.held.x, this.held.y], 2 * this.held.cluster);
    return places;
  });
  /** The clusters of the dots; while a center is in the hand, those of where it is now. */
  readonly labels: Uint8Array | null = $derived.by(() => {
    const labels = this.run?.labels(this.player.step) ?? null;
    if (!labels || !this.held) return labels;
    const live = new Uint8Array(labels.length);
    assign(this.space.points, this.space.fromPlaces(this.centers), live);
    return live;
  });
  readonly inertia: number | null = $derived.by(() => {
    if (!this.held || !this.labels) return this.player.half?.inertia ?? null;
    return inertiaOf(this.space.points, this.space.fromPlaces(this.centers), this.labels);
  });

  canUndo = $state(false);
  private gesture: Gesture | undefined;
  private readonly before: { setup: Setup; step: number }[] = [];
  private readonly writer: AddressWriter;

  constructor(link: Link) {
    this.writer = new AddressWriter(() => link.replace(writeDots(this.setup, this.player.step)));
    const { setup, step, notice } = readDots(link.params);
    this.setup = setup;
    this.notice = notice;
    this.player.step = Math.min(step, this.player.last);
  }

  /** Write the state into the address, and stop all clocks: the part is left. */
  close(): void {
    this.player.pause();
    this.writer.stop();
  }

  /** Write what is shown into the address, once the part is there. */
  open(): void {
    this.writer.write();
  }

  /** Show a set of dots from its start, and play. */
  choose(dots: Preset | "own"): void {
    this.player.pause();
    this.change(setupOf(dots), 0);
    this.player.play();
  }

  /** Change what helps, and show where it leads. */
  remedy(change: Partial<Setup>): void {
    this.player.pause();
    this.change(change, Number.MAX_SAFE_INTEGER);
  }

  setK(k: number): void {
    if (k < 1 || k > LARGEST_K || k === this.setup.k) return;
    this.begin({ k, ...(this.setup.start === "hand" && { start: "k-means++", centers: [] }) });
  }

  setStart(start: Start): void {
    const centers = start === "hand" && this.run ? this.keptCenters(0) : [];
    this.begin({ start, centers });
  }

  setScaled(isScaled: boolean): void {
    this.begin({ isScaled });
  }

  /** The same kind of start once more, with other draws. */
  restart(): void {
    const isByHand = this.setup.start === "hand";
    this.begin({ seed: this.setup.seed + 1, ...(isByHand && { start: "random", centers: [] }) });
  }

  add(x: number, y: number, gesture?: Gesture): void {
    if (this.setup.added.length >= 2 * MOST_ADDED) {
      this.notice = `${MOST_ADDED} dots of your own are as many as an address holds.`;
      return;
    }
    this.goOn({ added: [...this.setup.added, ...dotAt(x, y)] }, gesture);
  }

  /** Remove a dot, by its place among those that are there. */
  remove(dot: number, gesture?: Gesture): void {
    const { rows } = this.dots;
    const row = rows[dot];
    const own = dot - rows.length;
    if (row !== undefined) this.goOn({ removed: [...this.setup.removed, row] }, gesture);
    else this.goOn({ added: this.setup.added.filter((_, i) => i >> 1 !== own) }, gesture);
  }

  /** Begin with an empty plane. */
  clear(): void {
    this.player.pause();
    this.change({ ...setupOf("own"), k: this.setup.k }, 0);
  }

  /** Take a center into the hand, or carry it on. */
  hold(cluster: number, x: number, y: number): void {
    if (cluster >= (this.run?.k ?? 0)) return; // it went while it was in the hand
    const [cx, cy] = centerAt(x, y);
    this.held = { cluster, x: cx, y: cy };
  }

  /** Let a center go: k-means goes on from there. */
  drop(gesture?: Gesture): void {
    const { held } = this;
    if (!held || !this.run) return;
    const { step } = this.player;
    const centers = this.keptCenters(step);
    centers.splice(2 * held.cluster, 2, held.x, held.y);
    this.held = null;
    this.change({ start: "hand", centers }, Math.min(step, 1), gesture);
  }

  /** Move a center by keys. */
  moveBy(cluster: number, x: number, y: number, gesture?: Gesture): void {
    this.hold(
      cluster,
      (this.centers[2 * cluster] as number) + x,
      (this.centers[2 * cluster + 1] as number) + y,
    );
    this.drop(gesture);
  }

  undo(): void {
    const last = this.before.pop();
    if (!last) return;
    this.player.pause();
    this.gesture = undefined;
    this.held = null; // there may be no such center before
    this.setup = last.setup;
    this.player.step = Math.min(last.step, this.player.last);
    this.canUndo = this.before.length > 0;
    this.notice = "";
    this.writer.writeSoon();
  }

  /** The program that makes the same clusters; "" while there are none. */
  get program(): string {
    if (!this.initial) return "";
    const values = valuesOf(this.dots.places, this.dots.axes);
    return inPython({ values, centers: this.initial, isScaled: this.setup.isScaled });
  }

  /** Run a changed set-up from its start. */
  private begin(change: Partial<Setup>): void {
    this.player.pause();
    this.change(change, 0);
  }

  /** Change the dots under a run: it goes on from where its centers are. */
  private goOn(change: Partial<Setup>, gesture?: Gesture): void {
    const { step } = this.player;
    const goesOn = this.run !== null && step > 0;
    this.change(
      { ...change, ...(goesOn && { start: "hand", centers: this.keptCenters(step) }) },
      goesOn ? 1 : 0,
      gesture,
    );
  }

  private change(change: Partial<Setup>, step: number, gesture?: Gesture): void {
    if (!gesture || gesture !== this.gesture) this.before.push({ setup: this.setup, step: this.player.step });
    this.gesture = gesture;
    if (this.before.length > MOST_UNDONE) this.before.shift();
    this.canUndo = true;
    this.notice = "";
    this.held = null;
    this.setup = { ...this.setup, ...change };
    if (!this.run) this.player.pause();
    this.player.step = Math.min(step, this.player.last);
    this.writer.writeSoon();
  }

  private keptCenters(step: number): number[] {
    const places = this.space.toPlaces((this.run as PlaneRun).centers(step));
    return Array.from({ length: places.length / 2 }, (_, i) =>
      centerAt(places[2 * i] as number, places[2 * i + 1] as number),
    ).flat();
  }
}
