/** Wheel, drag, pinch and click on the plane. */

export interface Gestures {
  /** Zoom by a factor round a point of the element. */
  zoom(factor: number, x: number, y: number): void;
  move(x: number, y: number): void;
  /** The pointer is over a point, or has left (null). */
  hover(at: readonly [number, number] | null, target: EventTarget | null): void;
  press(at: readonly [number, number], target: EventTarget | null): void;
  /** Whether a wheel or a finger moves the plane and not the page. */
  takes(): boolean;
}

/** A pointer that moved less than this has clicked. */
const STILL = 5;

/** Listen on an element. Return what ends it. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, readonly [number, number]>();
  let travelled = 0;
  const local = (event: MouseEvent): readonly [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const isControl = (event: Event) =>
    event.target instanceof Element && event.target.closest("[data-control]");

  const handlers: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
    wheel(event) {
      const pageScrolls = document.documentElement.scrollHeight > window.innerHeight + 1;
      if (!event.ctrlKey && pageScrolls && !gestures.takes()) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 18 : 1;
      gestures.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018)), ...local(event));
    },
    pointerdown(event) {
      if (isControl(event) || event.button !== 0) return;
      // A press gives the plane no focus: the keys stay those of the run.
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      if (pointers.size === 0) travelled = 0;
      pointers.set(event.pointerId, local(event));
    },
    pointermove(event) {
      const at = local(event);
      if (event.buttons === 0) pointers.delete(event.pointerId); // let go outside, of which nothing was heard
      const before = pointers.get(event.pointerId);
      if (!before) {
        if (event.pointerType !== "touch" && !isControl(event)) gestures.hover(at, event.target);
        return;
      }
      travelled += Math.hypot(at[0] - before[0], at[1] - before[1]);
      if (travelled > STILL && !element.hasPointerCapture(event.pointerId))
        element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const [was, is] = [before, at].map((one) => Math.hypot(one[0] - other[0], one[1] - other[1])) as [
          number,
          number,
        ];
        gestures.zoom(is / Math.max(was, 1), (at[0] + other[0]) / 2, (at[1] + other[1]) / 2);
        gestures.move((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
      } else if (travelled > STILL) {
        gestures.move(at[0] - before[0], at[1] - before[1]);
      }
    },
    pointerup(event) {
      const was = pointers.delete(event.pointerId);
      if (was && pointers.size === 0 && travelled <= STILL) gestures.press(local(event), event.target);
    },
    pointercancel(event) {
      pointers.delete(event.pointerId);
    },
    pointerleave(event) {
      if (event.pointerType !== "touch") gestures.hover(null, null);
    },
  };
  const all = Object.entries(handlers) as [string, EventListener][];
  for (const [name, handler] of all) element.addEventListener(name, handler, { passive: false });
  return () => {
    for (const [name, handler] of all) element.removeEventListener(name, handler);
  };
}
