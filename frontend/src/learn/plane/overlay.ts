/** Trails of the centers, jumps of empty clusters, and lines from tiles that made room to where they belong. */

import type { Palette } from "./ink";
import { TINTS } from "./stage";
import { along, bend, type Leg } from "./trails";
import { type Fit, seen, type View } from "./view";

/** A center's way on the screen. */
export interface Way {
  readonly cluster: number;
  /** Where it began; null for a center that has not moved. */
  readonly first: Point | null;
  /** What no longer changes: straight legs, and the arcs of jumps. */
  readonly done: Path2D;
  readonly jumps: Path2D;
  /** The leg of the present half-step. */
  readonly last: { readonly from: Point; readonly to: Point; readonly jumped: boolean } | null;
}

type Point = readonly [number, number];

export interface Scene {
  readonly ways: readonly Way[];
  /** How far the legs of the present half-step have grown: 0 to 1. */
  readonly progress: number;
  /** Where each center is and where its tile is, on the screen. */
  readonly centers: Float32Array;
  readonly tiles: Float32Array;
  readonly bright: number | null;
}

const WIDTH = 2.5;
const FAINT = 0.15;
const DASH = [2, 6];
const PIECES = 24;

/** Return each center's way, in a view; the legs of the half-step `growing` are kept apart. */
export function waysOf(legs: readonly Leg[], k: number, growing: number, fit: Fit, view: View): Way[] {
  const screen = (point: Point): Point => {
    const at = seen(fit.place(Float32Array.of(...point)), view);
    return [at[0] as number, at[1] as number];
  };
  return Array.from({ length: k }, (_, cluster) => {
    const own = legs.filter((leg) => leg.cluster === cluster);
    const [done, jumps] = [new Path2D(), new Path2D()];
    let last: Way["last"] = null;
    for (const leg of own) {
      const [from, to] = [screen(leg.from), screen(leg.to)];
      if (leg.step === growing) last = { from, to, jumped: leg.jumped };
      else if (leg.jumped) arc(jumps, from, to, 1);
      else {
        done.moveTo(...from);
        done.lineTo(...to);
      }
    }
    return { cluster, first: own[0] ? screen(own[0].from) : null, done, jumps, last };
  });
}

export function paintOverlay(
  context: CanvasRenderingContext2D,
  scene: Scene,
  fit: Fit,
  ratio: number,
  palette: Palette,
): void {
  const { canvas } = context;
  const [width, height] = [Math.round(fit.size.width * ratio), Math.round(fit.size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, fit.size.width, fit.size.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  const k = scene.centers.length / 2;
  const many = k > 24;
  for (const { cluster, first, done, jumps, last } of scene.ways) {
    context.globalAlpha = scene.bright !== null && scene.bright !== cluster ? FAINT : 1;
    const color = palette.tints[cluster % TINTS] as string;
    context.strokeStyle = color;
    context.fillStyle = palette.ground;
    const [x, y] = [scene.centers[2 * cluster] as number, scene.centers[2 * cluster + 1] as number];
    const [tileX, tileY] = [scene.tiles[2 * cluster] as number, scene.tiles[2 * cluster + 1] as number];
    context.lineWidth = many ? WIDTH * 0.6 : WIDTH;
    context.stroke(done);
    context.setLineDash(DASH);
    context.stroke(jumps);
    context.setLineDash([]);
    if (last?.jumped) jump(context, last.from, last.to, scene.progress);
    else if (last) {
      const [[x0, y0], [x1, y1]] = [last.from, last.to];
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x0 + (x1 - x0) * scene.progress, y0 + (y1 - y0) * scene.progress);
      context.stroke();
    }
    if (first) ring(context, ...first, many ? 2.5 : 4, many ? 1.5 : 2.5);
    if (Math.hypot(tileX - x, tileY - y) > 3) {
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(tileX, tileY);
      context.lineTo(x, y);
      context.stroke();
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, radius: number, width: number): void {
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/** Draw the dashed arc of a center that is put elsewhere in this half-step, with an arrow on it. */
function jump(context: CanvasRenderingContext2D, from: Point, to: Point, progress: number): void {
  const way = new Path2D();
  arc(way, from, to, progress);
  context.setLineDash(DASH);
  context.stroke(way);
  context.setLineDash([]);
  const [[x0, y0], [x1, y1], [cx, cy]] = [from, to, bend(...from, ...to)];
  const at = (t: number): Point => [along(x0, cx, x1, t), along(y0, cy, y1, t)];
  const [[x, y], [nextX, nextY]] = [at(progress / 2), at(progress / 2 + 0.02)];
  const angle = Math.atan2(nextY - y, nextX - x);
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - 9 * Math.cos(angle + side * 0.5), y - 9 * Math.sin(angle + side * 0.5));
    context.lineTo(x, y);
  }
  context.stroke();
}

/** Add the first part of a jump's arc to a path. */
function arc(path: Path2D, [x0, y0]: Point, [x1, y1]: Point, part: number): void {
  const [cx, cy] = bend(x0, y0, x1, y1);
  path.moveTo(x0, y0);
  for (let i = 1; i <= PIECES; i++) {
    const t = (i / PIECES) * part;
    path.lineTo(along(x0, cx, x1, t), along(y0, cy, y1, t));
  }
}
