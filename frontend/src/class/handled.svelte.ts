/**
 * Drawings that were just nodded or taken out: they keep their places among those that wait until nobody has pressed for a
 * moment. Else the next would come under a finger that presses again, and be nodded unseen.
 */

const REST = 2500; // milliseconds without a press

export class Handled {
  ids = $state.raw<ReadonlySet<number>>(new Set());
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(ids: Iterable<number>): void {
    this.ids = new Set([...this.ids, ...ids]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.ids = new Set();
    }, REST);
  }
}
