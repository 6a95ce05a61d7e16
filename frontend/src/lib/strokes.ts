/** Pen strokes, in the units of a square box of SIDE x SIDE whatever its size on the screen. */

export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];
export type Strokes = readonly Stroke[];

export const SIDE = 280;

const NEAR = 1; // points nearer to each other than this add nothing

/** Return `stroke` with `point` at its end, unless it is there already. */
export function extend(stroke: Stroke, point: Point): Stroke {
  const last = stroke.at(-1);
  if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return stroke;
  return [...stroke, point];
}

/** Return whether all that is drawn is no larger than the mark of a pen that only touched. */
export function isTap(strokes: Strokes, pen: number): boolean {
  const points = strokes.flat();
  const span = (values: number[]) => Math.max(...values) - Math.min(...values);
  return span(points.map(([x]) => x)) < pen && span(points.map(([, y]) => y)) < pen;
}

/** Return a coordinate with one decimal: finer than any pen, and short in the request. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Paint strokes as the server does: a round pen that follows the points in straight lines; a single point is a dot. */
export function paint(context: CanvasRenderingContext2D, strokes: Strokes, pen: number): void {
  context.lineWidth = pen;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.fillStyle = context.strokeStyle;
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    context.beginPath();
    if (rest.length === 0) {
      context.arc(...first, pen / 2, 0, 2 * Math.PI); // a canvas leaves out a line without length
      context.fill();
    } else {
      context.moveTo(...first);
      for (const point of rest) context.lineTo(...point);
      context.stroke();
    }
  }
}

/** Return the strokes as the `d` of an SVG path. */
export function toPath(strokes: Strokes): string {
  return strokes.map((stroke) => `M${stroke.map(([x, y]) => `${x} ${y}`).join("L")}`).join("");
}

/** Return strokes that came from outside, as from a storage; what are none counts as nothing drawn. */
export function toStrokes(data: unknown): Strokes {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every((value) => Number.isFinite(value));
  const isStroke = (stroke: unknown) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  return Array.isArray(data) && data.every(isStroke) ? (data as Strokes) : [];
}
