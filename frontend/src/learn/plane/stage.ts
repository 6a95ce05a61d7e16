/** The marks, painted: two canvases, one seen and one in which the next picture is made ready. */

import type { Glyphs } from "../documents";
import { runInSlices } from "./slices";
import { Sprites } from "./sprites";
import { carry, type Fit, markSide, type View } from "./view";

/** Colors of the theme: twelve tints for clusters, then the one of images without a cluster. */
export interface Colors {
  readonly tints: readonly string[];
  readonly ground: string;
}

export const TINTS = 12;
const DIMMED = 0.13;
const PART = 64;

/** What the marks look like; two with one key look alike. */
export interface Picture {
  readonly key: string;
  readonly labels: Uint8Array | null;
  /** Marks that are outlined: those that have just changed their cluster. */
  readonly outlined: readonly number[];
  /** The cluster that is not dimmed, or null for none dimmed. */
  readonly bright: number | null;
}

interface Painted {
  readonly picture: Picture;
  readonly view: View;
}

interface Wanted extends Painted {
  readonly fade: number;
}

export class Stage {
  /** Called when a picture has begun to be seen. */
  onshown: (picture: Picture) => void = () => {};

  private readonly canvases: readonly [HTMLCanvasElement, HTMLCanvasElement];
  private readonly contexts: readonly CanvasRenderingContext2D[];
  private glyphs: Glyphs | null = null;
  private sprites: Sprites | null = null;
  private isStored = false;
  private spriteSide = 0;
  private places: Float32Array = new Float32Array();
  private fit: Fit | null = null;
  private ratio = 1;
  private colors: Colors | null = null;

  /** Which canvas is seen; the upper one is seen by being opaque. */
  private front: 0 | 1 = 0;
  private painted: [Painted | null, Painted | null] = [null, null];
  private fading: Animation | null = null;
  private wanted: Wanted | null = null;
  private ahead: Painted | null = null;
  private work: { readonly for: Painted; readonly isAhead: boolean; readonly stop: () => void } | null = null;

  constructor(lower: HTMLCanvasElement, upper: HTMLCanvasElement) {
    this.canvases = [lower, upper];
    // Opaque canvases: fading one in over the other gives exactly the mean of both.
    this.contexts = this.canvases.map(
      (canvas) => canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D,
    );
    upper.style.opacity = "0";
  }

  /** Say what is painted on what; all that was painted is void. */
  prepare(glyphs: Glyphs, fit: Fit, ratio: number, colors: Colors): void {
    this.stop();
    if (glyphs !== this.glyphs) {
      this.sprites = new Sprites(glyphs);
      this.isStored = false;
    }
    this.glyphs = glyphs;
    this.fit = fit;
    this.ratio = ratio;
    this.colors = colors;
    this.places = fit.place(glyphs.positions);
    this.spriteSide = 0;
    this.painted = [null, null];
    this.ahead = null;
  }

  /** Show a picture as soon as it is painted, fading it in. */
  show(picture: Picture, view: View, fade: number): void {
    this.wanted = { picture, view, fade };
    this.proceed();
  }

  /** Paint what will probably be shown next, in idle time. */
  expect(picture: Picture, view: View): void {
    this.ahead = { picture, view };
    this.proceed();
  }

  /** Until the picture of a view has been painted, the present one is stretched to it. */
  follow(view: View): void {
    this.canvases.forEach((canvas, i) => {
      const painted = this.painted[i];
      canvas.style.transform = painted ? carry(painted.view, view) : "none";
    });
  }

  stop(): void {
    this.work?.stop();
    this.work = null;
    this.endFade();
  }

  private proceed(): void {
    const { wanted } = this;
    if (wanted) {
      if (this.isPainted(this.front, wanted)) {
        this.wanted = null;
        this.endFade();
        this.onshown(wanted.picture);
      } else if (this.isPainted(this.back, wanted)) {
        this.wanted = null;
        this.turn(wanted.fade, wanted.picture);
      } else if (this.work?.isAhead || !this.work || !isSame(this.work.for, wanted)) {
        this.endFade();
        this.paint(wanted, false);
      }
    } else if (this.ahead && !this.fading && !this.work) {
      if (!this.isPainted(this.back, this.ahead) && !this.isPainted(this.front, this.ahead))
        this.paint(this.ahead, true);
    }
  }

  private get back(): 0 | 1 {
    return this.front === 0 ? 1 : 0;
  }

  private isPainted(which: 0 | 1, what: Painted): boolean {
    const painted = this.painted[which];
    return painted !== null && isSame(painted, what);
  }

  private paint(what: Painted, isAhead: boolean): void {
    this.work?.stop();
    const target = this.back;
    this.painted[target] = null;
    const done = () => {
      this.work = null;
      this.painted[target] = { picture: what.picture, view: what.view };
      (this.canvases[target] as HTMLCanvasElement).style.transform = "none";
      this.proceed();
    };
    // Set first: short work is done before runInSlices returns.
    this.work = { for: what, isAhead, stop: () => stop() };
    let stop = () => {};
    stop = runInSlices(this.strokes(target, what), isAhead ? "idle" : "now", done);
  }

  private *strokes(target: 0 | 1, { picture, view }: Painted): Generator<void> {
    const { glyphs, sprites, fit, colors, ratio } = this;
    if (!glyphs || !sprites || !fit || !colors) return;
    if (!this.isStored) {
      yield* sprites.store();
      this.isStored = true;
    }
    const side = markSide(fit.size, glyphs.n_marks, view.zoom) * ratio;
    if (side !== this.spriteSide) {
      yield* sprites.resize(side, colors.tints);
      this.spriteSide = side;
    }
    const canvas = this.canvases[target];
    const context = this.contexts[target] as CanvasRenderingContext2D;
    const [width, height] = [Math.round(fit.size.width * ratio), Math.round(fit.size.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.globalAlpha = 1;
    context.fillStyle = colors.ground;
    context.fillRect(0, 0, width, height);
    const { labels, bright } = picture;
    const outlined = new Set(picture.outlined);
    const tintOf = (mark: number) => (labels ? (labels[mark] as number) % TINTS : TINTS);
    yield* sprites.tint(tintOf);
    // The bright cluster lies on top of the dimmed ones; within each, the later image on the earlier.
    for (const layer of bright === null ? ["all"] : ["dimmed", "bright"]) {
      context.globalAlpha = layer === "dimmed" ? DIMMED : 1;
      for (let mark = 0; mark < glyphs.n_marks; mark++) {
        if (mark % PART === PART - 1) yield;
        if (layer !== "all" && (labels?.[mark] === bright) !== (layer === "bright")) continue;
        const x = ((this.places[2 * mark] as number) * view.zoom + view.x) * ratio;
        const y = ((this.places[2 * mark + 1] as number) * view.zoom + view.y) * ratio;
        if (x < -side || y < -side || x > width + side || y > height + side) continue;
        sprites.draw(context, mark, x, y, side);
        if (outlined.has(mark)) outline(context, colors.tints[tintOf(mark)] as string, x, y, side, ratio);
      }
    }
  }

  private turn(fade: number, picture: Picture): void {
    this.endFade();
    const upper = this.canvases[1];
    const [from, to] = this.front === 0 ? [0, 1] : [1, 0];
    this.front = this.back;
    upper.style.opacity = String(to);
    this.onshown(picture);
    if (fade > 0) {
      const fading = upper.animate([{ opacity: from }, { opacity: to }], {
        duration: fade,
        easing: "linear",
      });
      this.fading = fading;
      fading.onfinish = () => {
        if (this.fading === fading) this.fading = null;
        this.proceed();
      };
    } else {
      this.proceed();
    }
  }

  private endFade(): void {
    this.fading?.cancel();
    this.fading = null;
  }
}

function isSame(one: Painted, other: Painted): boolean {
  const [a, b] = [one.view, other.view];
  return one.picture.key === other.picture.key && a.zoom === b.zoom && a.x === b.x && a.y === b.y;
}

function outline(
  context: CanvasRenderingContext2D,
  color: string,
  x: number,
  y: number,
  side: number,
  ratio: number,
): void {
  const reach = side / 2 + ratio;
  context.strokeStyle = color;
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  context.roundRect(x - reach, y - reach, 2 * reach, 2 * reach, 3 * ratio);
  context.stroke();
}
