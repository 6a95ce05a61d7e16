/** How long things take, in milliseconds. */

export type Speed = "slow" | "normal" | "fast";
export const SPEEDS: readonly Speed[] = ["slow", "normal", "fast"];

/** Tints change in an assignment; tiles travel in an update. */
export const TWEEN = {
  slow: { assignment: 400, update: 1000 },
  normal: { assignment: 250, update: 600 },
  fast: { assignment: 120, update: 240 },
} as const;

/** From a half-step to the next one while playing: its tween, and time to look. */
export const DWELL = {
  slow: { assignment: 1500, update: 1800 },
  normal: { assignment: 550, update: 750 },
  fast: { assignment: 160, update: 260 },
} as const;

/** The same for those who want less motion: nothing is on its way meanwhile. */
const STILL_DWELL = 1000;

/** The tween of a half-step that is not played: dimming, zooming. */
export const GLANCE = 120;

/** Ease-in-out, for the compositor and for what a frame paints. */
export const EASE = "cubic-bezier(0.45, 0, 0.55, 1)";
export function easeInOut(t: number): number {
  return t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) ** 2;
}

/** Whether the person has asked for less motion: then nothing tweens. */
export function isStill(): boolean {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** How long a half-step stays while playing. */
export function dwellOf(speed: Speed, half: "assignment" | "update"): number {
  return isStill() ? STILL_DWELL : DWELL[speed][half];
}
