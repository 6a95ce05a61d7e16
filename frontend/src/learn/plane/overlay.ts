/** Trails of the centers, jumps of empty clusters, and lines from tiles that made room to where they belong. */

import type { Palette } from "./ink";
import { TINTS } from "./stage";
import { along, bend, type Leg } from "./trails";
import type { Fit, View } from "./view";

export interface Scene {
  readonly legs: readonly Leg[];
  /** The half-step whose legs are growing, and how far they are: 0 to 1. */
  readonly growing: number;
  readonly progress: number;
  /** Where each center is and where its tile is, on the screen. */
  readonly centers: Float32Array;
  readonly tiles: Float32Array;
  readonly bright: number | null;
}

const WIDTH = 2.5;
const FAINT = 0.15;

export function paintOverlay(
  context: CanvasRenderingContext2D,
  scene: Scene,
  fit: Fit,
  view: View,
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
  const byCluster = Array.from({ length: k }, () => [] as Leg[]);
  for (const leg of scene.legs) byCluster[leg.cluster]?.push(leg);
  const screen = ([x, y]: readonly [number, number]) => {
    const at = fit.place(Float32Array.of(x, y));
    return [(at[0] as number) * view.zoom + view.x, (at[1] as number) * view.zoom + view.y] as const;
  };
  for (let cluster = 0; cluster < k; cluster++) {
    context.globalAlpha = scene.bright !== null && scene.bright !== cluster ? FAINT : 1;
    const color = palette.tints[cluster % TINTS] as string;
    context.strokeStyle = color;
    context.fillStyle = palette.ground;
    const [x, y] = [scene.centers[2 * cluster] as number, scene.centers[2 * cluster + 1] as number];
    const [tileX, tileY] = [scene.tiles[2 * cluster] as number, scene.tiles[2 * cluster + 1] as number];
    const legs = byCluster[cluster] ?? [];
    context.lineWidth = many ? WIDTH * 0.6 : WIDTH;
    const first = legs[0];
    for (const leg of legs) {
      const [x0, y0] = screen(leg.from);
      const [x1, y1] = screen(leg.to);
      const isGrowing = leg.step === scene.growing;
      if (leg.jumped) jump(context, x0, y0, x1, y1, isGrowing ? scene.progress : 1, isGrowing);
      else {
        context.beginPath();
        context.moveTo(x0, y0);
        if (isGrowing) context.lineTo(x0 + (x1 - x0) * scene.progress, y0 + (y1 - y0) * scene.progress);
        else context.lineTo(x1, y1);
        context.stroke();
      }
    }
    if (first) ring(context, ...screen(first.from), many ? 2.5 : 4, many ? 1.5 : 2.5);
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

/** Draw the dashed arc of a center that was put elsewhere; an arrow while it is news. */
function jump(
  context: CanvasRenderingContext2D,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  progress: number,
  isNews: boolean,
): void {
  const [cx, cy] = bend(x0, y0, x1, y1);
  const pieces = 24;
  context.setLineDash([2, 6]);
  context.beginPath();
  context.moveTo(x0, y0);
  for (let i = 1; i <= pieces; i++) {
    const t = (i / pieces) * progress;
    context.lineTo(along(x0, cx, x1, t), along(y0, cy, y1, t));
  }
  context.stroke();
  context.setLineDash([]);
  if (!isNews) return;
  const [x, y] = [along(x0, cx, x1, progress * 0.5), along(y0, cy, y1, progress * 0.5)];
  const later = Math.min(progress * 0.5 + 0.02, 1);
  const angle = Math.atan2(along(y0, cy, y1, later) - y, along(x0, cx, x1, later) - x);
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - 9 * Math.cos(angle + side * 0.5), y - 9 * Math.sin(angle + side * 0.5));
    context.lineTo(x, y);
  }
  context.stroke();
}
