/** The keys of the page: each view binds its own, the panel lists them all. */

import { untrack } from "svelte";
import { isCharacter, isTaken, written } from "./keystroke";
import { keep, recall } from "./stored";

export interface Binding {
  /** Ways to press it, each a key or several in turn: "t", "Space", "ArrowRight", "Ctrl+z", "g d". */
  keys: string[];
  label: string;
  /** Whether it acts again and again while it is held; what flickers, or asks the server, should not. */
  repeats?: boolean;
  run: (event: KeyboardEvent) => void;
}

export interface Group {
  readonly where: string;
  readonly bindings: readonly Binding[];
}

/** The place of the keys that act in all views. */
export const EVERYWHERE = "Everywhere";

const KEY = "inkmeans.keys";
const LONGEST_PAUSE = 1500; // milliseconds between the keys of a sequence

class Keys {
  #groups = $state.raw<readonly Group[]>([]);
  #hasCharacters = $state(recall(KEY) !== "off");
  #begun = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What is bound now, those of one place together. */
  get groups(): readonly Group[] {
    const places = [...new Set(this.#groups.map(({ where }) => where))];
    return places.map((where) => ({
      where,
      bindings: this.#groups.filter((group) => group.where === where).flatMap(({ bindings }) => bindings),
    }));
  }

  /** Whether characters alone are shortcuts; who types by voice turns them off. */
  get hasCharacters(): boolean {
    return this.#hasCharacters;
  }

  set hasCharacters(value: boolean) {
    this.#hasCharacters = value;
    keep(KEY, value ? null : "off");
  }

  bind(where: string, bindings: readonly Binding[]): () => void {
    const group: Group = { where, bindings };
    untrack(() => {
      this.#groups = [...this.#groups, group];
    });
    return () => {
      this.#groups = untrack(() => this.#groups).filter((other) => other !== group);
    };
  }

  press(event: KeyboardEvent): void {
    if (isTaken(event) || document.querySelector("dialog[open]")) return;
    const key = written(event);
    if (/(^|\+)(Control|Meta|Alt|Shift)$/.test(key)) return; // a modifier on its way down
    const tried = this.#begun ? `${this.#begun} ${key}` : key;
    this.#forget();
    const binding = this.#find(tried) ?? this.#find(key);
    if (binding) {
      event.preventDefault();
      if (!event.repeat || binding.repeats) binding.run(event);
    } else if (this.#active().some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) {
      this.#begun = key;
      this.#timer = setTimeout(() => this.#forget(), LONGEST_PAUSE);
    }
  }

  #forget(): void {
    this.#begun = "";
    clearTimeout(this.#timer);
  }

  /** All bindings, the last bound first, with the keys that act now. */
  #active(): Binding[] {
    const all = this.#groups.flatMap(({ bindings }) => bindings).reverse();
    if (this.#hasCharacters) return all;
    return all.map((binding) => ({ ...binding, keys: binding.keys.filter((keys) => !isCharacter(keys)) }));
  }

  #find(keys: string): Binding | undefined {
    return this.#active().find((binding) => binding.keys.includes(keys));
  }
}

export const keys = new Keys();

/** Bind keys for as long as a view is there: call it in an effect and return what it returns. */
export function bindKeys(where: string, bindings: Binding[]): () => void {
  return keys.bind(where, bindings);
}
