/** Long work in short slices, so that no frame waits for it. */

/** The longest slice, in milliseconds. */
const SLICE = 6;

export type Haste = "now" | "idle";

/** Run work to its end: a slice at once and one a frame, or all in idle time. Return what stops it. */
export function runInSlices(work: Iterator<void>, haste: Haste, done: () => void): () => void {
  let stop = () => {};
  const slice = () => {
    const end = performance.now() + SLICE;
    do {
      if (work.next().done) return done();
    } while (performance.now() < end);
    stop = later(slice, haste);
  };
  if (haste === "now") slice();
  else stop = later(slice, haste);
  return () => stop();
}

function later(work: () => void, haste: Haste): () => void {
  if (haste === "now" || typeof requestIdleCallback === "undefined") {
    const id = requestAnimationFrame(work);
    return () => cancelAnimationFrame(id);
  }
  const id = requestIdleCallback(work, { timeout: 120 });
  return () => cancelIdleCallback(id);
}
