/** The images as sprites: one atlas, each image in its cluster's tint at the size at which it is drawn. */

import type { Glyphs } from "../documents";

/** Above this side, in device pixels, sprites are enlarged while drawing: few are seen then. */
const LARGEST = 46;
/** Free pixels round each sprite, so that no neighbor bleeds in. */
const GAP = 1;
/** Small images are stored enlarged, to keep their pixels square. */
const LEAST_STORED = 24;
const COLUMNS = 48;
const PART = 64;

export class Sprites {
  private readonly glyphs: Glyphs;
  /** The masks as they are stored, black. */
  private readonly masks: Cells;
  /** What is drawn from: masks at their size, tinted. */
  private cells: Cells;
  private tints: Uint8Array;
  private colors: readonly string[] = [];

  constructor(glyphs: Glyphs) {
    this.glyphs = glyphs;
    const enlarged = Math.max(1, Math.ceil(LEAST_STORED / Math.max(glyphs.height, glyphs.width)));
    this.masks = new Cells(glyphs.n_marks, glyphs.width * enlarged, glyphs.height * enlarged);
    this.cells = this.masks;
    this.tints = new Uint8Array();
  }

  /** Draw the masks once. */
  *store(): Generator<void> {
    const { n_marks, width, height, ink_max } = this.glyphs;
    const by = this.masks.width / width;
    for (let mark = 0; mark < n_marks; mark++) {
      const picture = this.glyphs.picture(mark);
      const image = new ImageData(width * by, height * by);
      for (let y = 0, at = 3; y < height * by; y++) {
        const row = Math.floor(y / by) * width;
        for (let x = 0; x < width * by; x++, at += 4) {
          image.data[at] = (255 * (picture[row + Math.floor(x / by)] as number)) / ink_max;
        }
      }
      this.masks.context.putImageData(image, this.masks.left(mark), this.masks.top(mark));
      if (mark % PART === 0) yield;
    }
  }

  /** Make the sprites of a side in device pixels. */
  *resize(side: number, colors: readonly string[]): Generator<void> {
    const { n_marks, width, height } = this.glyphs;
    const drawn = Math.min(Math.max(Math.round(side), 4), LARGEST);
    const by = drawn / Math.max(width, height);
    this.cells = new Cells(n_marks, Math.round(width * by), Math.round(height * by));
    this.tints = new Uint8Array(n_marks).fill(255);
    this.colors = colors;
    const { context } = this.cells;
    context.imageSmoothingQuality = "high";
    for (let mark = 0; mark < n_marks; mark++) {
      const [x, y] = [this.masks.left(mark), this.masks.top(mark)];
      const [w, h] = [this.masks.width, this.masks.height];
      context.drawImage(
        this.masks.canvas,
        x,
        y,
        w,
        h,
        this.cells.left(mark),
        this.cells.top(mark),
        this.cells.width,
        this.cells.height,
      );
      if (mark % PART === 0) yield;
    }
    // From now on a fill changes the color of what is there and leaves its alpha.
    context.globalCompositeOperation = "source-atop";
  }

  /** Give marks their tints. All before the first is drawn: a canvas is copied when it changes after it was drawn from. */
  *tint(tintOf: (mark: number) => number): Generator<void> {
    const { cells } = this;
    for (let mark = 0; mark < this.tints.length; mark++) {
      const tint = tintOf(mark);
      if (this.tints[mark] === tint) continue;
      cells.context.fillStyle = this.colors[tint] as string;
      cells.context.fillRect(cells.left(mark), cells.top(mark), cells.width, cells.height);
      this.tints[mark] = tint;
      if (mark % PART === 0) yield;
    }
  }

  /** Draw a mark with its middle at a place, in device pixels; its larger side is `side` long. */
  draw(context: CanvasRenderingContext2D, mark: number, x: number, y: number, side: number): void {
    const { cells } = this;
    const by = side <= LARGEST ? 1 : side / Math.max(cells.width, cells.height);
    const [w, h] = [cells.width * by, cells.height * by];
    const [dx, dy] = [Math.round(x - w / 2), Math.round(y - h / 2)];
    context.drawImage(
      cells.canvas,
      cells.left(mark),
      cells.top(mark),
      cells.width,
      cells.height,
      dx,
      dy,
      w,
      h,
    );
  }
}

/** A canvas of equal cells. */
class Cells {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;

  constructor(n: number, width: number, height: number) {
    this.width = width;
    this.height = height;
    this.canvas = document.createElement("canvas");
    this.canvas.width = COLUMNS * (width + GAP);
    this.canvas.height = Math.ceil(n / COLUMNS) * (height + GAP);
    this.context = this.canvas.getContext("2d") as CanvasRenderingContext2D;
  }

  left(cell: number): number {
    return (cell % COLUMNS) * (this.width + GAP);
  }

  top(cell: number): number {
    return Math.floor(cell / COLUMNS) * (this.height + GAP);
  }
}
