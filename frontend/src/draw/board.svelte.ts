/** The state of the drawing view: four boxes, what the server reads in them, and the names of the ten centers. */

import * as api from "../lib/api";
import { collection } from "../lib/collection.svelte";
import { RequestQueue } from "../lib/queue";
import { SIDE } from "../lib/strokes";
import { address } from "../shell/address.svelte";
import { server } from "../shell/server.svelte";
import { Box } from "./box.svelte";
import { PENS, type Pen, type PenName } from "./pens";
import {
  fromText,
  type Model as LessonModel,
  type LessonReading,
  type Stage,
  stagesOf,
  type Taken,
  toText,
  WAYS,
  type Way,
  wayOf,
} from "./road";
import { EXAMPLE, SAMPLES } from "./samples";
import { keep, recall } from "./storage";
import { ASKING, type Asking, areTheDigits } from "./words";

const N_BOXES = 4;
const N_CENTERS = 10;
/** The year that the empty boxes show to be traced, and that a sample writes. */
const SAMPLE_YEAR = [2, 0, 7, 4];

export class Board {
  readonly boxes: readonly Box[];
  /** The box that keys act on, and the one that a phone shows. */
  chosen = $state(1);
  /** The box whose samples are offered; 0 is none. */
  picking = $state(0);
  penName = $state<PenName>("normal");
  names = $state.raw<readonly string[]>([]);
  lesson = $state.raw<api.Lesson | null>(null);
  reader = $state.raw<api.Model | null>(null);
  /** One drawing that was read, for who has drawn nothing yet. */
  example = $state.raw<LessonReading | null>(null);
  /** Why the server refused a drawing. */
  refused = $state("");
  #pictures = $state.raw<Readonly<Record<string, string>>>({});
  /** The centers of models with many clusters, by model, as far as they were asked for. */
  #centers = $state.raw<Readonly<Record<string, readonly string[]>>>({});
  readonly #queue = new RequestQueue<Box>({
    prepare: () => this.#load(),
    send: (boxes) => this.#readBoxes(boxes),
    succeeded: () => server.answered(),
    failed: (problem, boxes) => {
      for (const box of boxes) box.seen = null; // what was read is no longer what is drawn
      if (problem.passes) server.failed(problem);
      else this.refused = problem.message;
    },
  });

  constructor() {
    const kept = recall();
    this.penName = kept.pen;
    this.names = Array.from({ length: N_CENTERS }, (_, cluster) => kept.names[cluster] ?? "");
    this.boxes = Array.from({ length: N_BOXES }, (_, index) => {
      const box = new Box(index + 1, () => this.#changed(box));
      box.strokes = kept.boxes[index] ?? [];
      Object.assign(box, box.isBlank ? {} : kept.told[index]);
      return box;
    });
    server.onretry(() => this.load());
  }

  /** The page's words for what is to be drawn; until the server has told the reader's names, it is digits. */
  get asking(): Asking {
    const isYear = this.way !== "inkmeans" || this.reader === null || areTheDigits(this.reader.names);
    return isYear ? ASKING.year : ASKING.characters;
  }

  get pen(): Pen {
    return PENS[this.penName];
  }

  /** The stages that are taken: the address says it. */
  get taken(): Taken {
    const { way, stages } = address.params;
    if (stages !== undefined) return fromText(stages);
    return stagesOf(WAYS.find((one) => one === way) ?? "inkmeans");
  }

  get way(): Way | null {
    return wayOf(this.taken);
  }

  get box(): Box {
    return this.boxes[this.chosen - 1] as Box;
  }

  get isBlank(): boolean {
    return this.boxes.every((box) => box.isBlank);
  }

  get isNamed(): boolean {
    return this.names.every((name) => name !== "");
  }

  /** The picture of one of the reader's centers. */
  pictureOf(center: number): string {
    return this.#pictures[String(center)] ?? "";
  }

  /** The pictures of the centers of one of the lesson's models; of many clusters none until `needCenters` has them. */
  centersOf({ model, clusters }: LessonModel): readonly string[] {
    return this.#centers[model] ?? clusters.map(({ picture }) => picture ?? "");
  }

  /** Ask for the centers of a model where the lesson leaves them out. */
  async needCenters({ model, clusters }: LessonModel): Promise<void> {
    if (clusters[0]?.picture !== null || this.#centers[model]) return;
    try {
      const { pictures } = await api.showLessonPictures(model);
      this.#centers = { ...this.#centers, [model]: pictures };
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      if (error.passes)
        server.failed(error); // once it is back, the lesson comes anew and asks again
      else this.refused = error.message;
    }
  }

  /** Ask for everything again: at the start, and when the server was away. */
  load(): void {
    this.#queue.restart(this.#drawn());
  }

  choose(way: Way): void {
    address.replace({ way: way === "inkmeans" ? "" : way, stages: "" });
  }

  /** Take a stage, or leave it out. */
  toggle(stage: Stage): void {
    const taken = new Set(this.taken);
    if (!taken.delete(stage)) taken.add(stage);
    const way = wayOf(taken);
    if (way) this.choose(way);
    else address.replace({ way: "", stages: toText(taken) });
  }

  choosePen(name: PenName): void {
    this.penName = name;
    this.#keep();
    this.#queue.add(this.#drawn());
  }

  /** Name one of the ten centers; "" takes its name away. */
  name(cluster: number, name: string): void {
    this.names = this.names.map((before, other) => (other === cluster ? name : before));
    this.#keep();
  }

  /** Name the centers that have none as one look of the reader does. */
  propose(): void {
    const looks = this.lesson?.models.find(({ model }) => model === "raw-10")?.clusters ?? [];
    this.names = this.names.map((name, cluster) => name || (looks[cluster]?.look ?? ""));
    this.#keep();
  }

  /** Bring a center into sight, ready for its key: the first that has no name. */
  showCenters(cluster = Math.max(this.names.indexOf(""), 0)): void {
    const tile = document.querySelector<HTMLElement>(`[data-center="${cluster}"]`);
    tile?.scrollIntoView({ block: "center" });
    tile?.focus({ preventScroll: true });
  }

  forgetNames(): void {
    this.names = this.names.map(() => "");
    this.#keep();
  }

  sample(box: Box, digit: number): void {
    box.replace(SAMPLES[digit] ?? [], String(digit));
  }

  sampleYear(): void {
    this.boxes.forEach((box, index) => {
      this.sample(box, SAMPLE_YEAR[index] ?? 0);
    });
  }

  /** The digit that an empty box shows to be traced. */
  ghostOf(box: Box): number {
    return SAMPLE_YEAR[box.number - 1] ?? 0;
  }

  clearAll(): void {
    for (const box of this.boxes) box.clear();
  }

  /** Keep what is drawn with what it shows, in the person's own set; told again, the last word counts. */
  tell(box: Box, truth: string): void {
    this.untell(box);
    box.truth = truth;
    box.kept = collection.add(box.strokes, this.pen.width, truth);
    this.#keep();
  }

  untell(box: Box): void {
    if (box.kept) collection.remove(box.kept);
    box.kept = "";
    box.truth = "";
    this.#keep();
  }

  #drawn(): Box[] {
    return this.boxes.filter((box) => !box.isBlank);
  }

  #changed(box: Box): void {
    this.chosen = box.number;
    this.refused = "";
    this.#keep();
    if (box.isBlank) {
      box.seen = null;
      this.#queue.drop(box);
    } else {
      this.#queue.add([box]);
    }
  }

  #keep(): void {
    keep({
      boxes: this.boxes.map((box) => box.strokes),
      pen: this.penName,
      names: this.names,
      told: this.boxes.map(({ truth, kept }) => ({ truth, kept })),
    });
  }

  async #load(): Promise<void> {
    const [model] = await api.listModels(); // alone: where nobody answers, one question is enough
    this.reader = model ?? null;
    this.lesson = await api.showLesson();
    if (this.isBlank && !this.example) [this.example = null] = await this.#read([EXAMPLE]);
  }

  async #readBoxes(boxes: readonly Box[]): Promise<void> {
    const sent = boxes.map((box) => box.strokes);
    const seen = await this.#read(sent);
    boxes.forEach((box, index) => {
      // An answer about a drawing that another one took the place of meanwhile says nothing of it.
      if (isSameDrawing(box.strokes, sent[index] ?? [])) box.seen = seen[index] ?? null;
    });
  }

  async #read(drawings: readonly Box["strokes"][]): Promise<readonly LessonReading[]> {
    const { width, padWidth } = this.pen;
    const { drawings: read, pictures } = await api.readInAllWays(
      drawings.map((strokes) => ({ strokes, width: SIDE, height: SIDE, pen: width, pad_pen: padWidth })),
    );
    this.#pictures = { ...this.#pictures, ...pictures };
    return read;
  }
}

/** Return whether strokes begin with the same point: then one is the other, perhaps with more of it drawn. */
function isSameDrawing(one: Box["strokes"], other: Box["strokes"]): boolean {
  return !!one[0] && one[0][0] === other[0]?.[0];
}

let board: Board | undefined;

/** The one board of the page, made when it is first shown. */
export function theBoard(): Board {
  if (!board) {
    board = new Board();
    board.load();
  }
  return board;
}
