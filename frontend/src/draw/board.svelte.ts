/** The state of the page: four boxes, and what the server reads in them. */

import * as api from "../lib/api";
import { RequestQueue } from "../lib/queue";
import { Box } from "./box.svelte";
import { keep, recall } from "./storage";
import { ASKING, type Asking, areTheDigits } from "./words";

const N_BOXES = 4;

export class Board {
  readonly boxes: readonly Box[];
  models = $state.raw<readonly api.Model[]>([]);
  problem = $state("");
  readonly #queue = new RequestQueue<Box>({
    prepare: () => this.#loadModels(),
    send: (boxes) => this.#readBoxes(boxes),
    succeeded: () => {
      this.problem = "";
    },
    failed: (problem, boxes) => {
      this.problem = problem.message;
      for (const box of boxes) box.seen = null; // what was read is no longer what is drawn
    },
  });

  constructor() {
    const kept = recall();
    this.boxes = Array.from({ length: N_BOXES }, (_, index) => {
      const box = new Box(index + 1, () => this.#changed(box));
      box.strokes = kept.boxes[index] ?? [];
      return box;
    });
  }

  /** The page's words for what is to be drawn; until the server has told the reader's names, it is digits. */
  get asking(): Asking {
    const reader = this.models.find(({ model }) => model === "reader");
    const isYear = reader === undefined || areTheDigits(reader.names);
    return isYear ? ASKING.year : ASKING.characters;
  }

  /** What is read in each box; undefined where nothing is drawn or read. */
  get readings(): (api.ModelReading | undefined)[] {
    return this.boxes.map((box) => (box.isBlank ? undefined : box.seen?.reading));
  }

  /** The number of centers of the full reader; 0 before the server has told it. */
  get nCenters(): number {
    return this.models.find(({ model }) => model === "reader")?.centers ?? 0;
  }

  /** Ask for everything again: at the start, and when the server was away. */
  load(): void {
    this.#queue.restart(this.#drawn());
  }

  clearAll(): void {
    for (const box of this.boxes) box.clear();
  }

  #drawn(): Box[] {
    return this.boxes.filter((box) => !box.isBlank);
  }

  #changed(box: Box): void {
    this.#keep();
    if (box.isBlank) {
      box.seen = null;
      this.#queue.drop(box);
    } else {
      this.#queue.add([box]);
    }
  }

  #keep(): void {
    keep({ boxes: this.boxes.map((box) => box.strokes) });
  }

  async #loadModels(): Promise<void> {
    this.models = await api.listModels();
  }

  async #readBoxes(boxes: readonly Box[]): Promise<void> {
    const seen = await api.readDrawings(boxes.map((box) => box.strokes));
    boxes.forEach((box, index) => {
      if (!box.isBlank) box.seen = seen[index] ?? null;
    });
  }
}
