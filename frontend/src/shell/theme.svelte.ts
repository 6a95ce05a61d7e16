/** Light or dark: as the system says until a person chooses the other. */

import { keep, recall } from "./stored";

export type ThemeName = "light" | "dark";

const KEY = "inkmeans.theme"; // first-paint.js reads it too
const PAGE: Record<ThemeName, string> = { light: "#f8f8f6", dark: "#101218" }; // --page, for the browser's own bars

class Theme {
  readonly #prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  #current = $state<ThemeName>("light");

  constructor() {
    this.#apply();
    this.#prefersDark.addEventListener("change", () => this.#apply());
  }

  get current(): ThemeName {
    return this.#current;
  }

  /** Choose the other theme. Who chooses what the system has follows the system again. */
  toggle(): void {
    const other = this.#current === "light" ? "dark" : "light";
    keep(KEY, other === this.#system ? null : other);
    this.#apply(other);
  }

  get #system(): ThemeName {
    return this.#prefersDark.matches ? "dark" : "light";
  }

  #apply(name: ThemeName = toName(recall(KEY)) ?? this.#system): void {
    const root = document.documentElement;
    // The document turns first: whoever repaints on a change of `current` finds the new colors.
    root.dataset.turning = "";
    root.dataset.theme = name;
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", PAGE[name]);
    this.#current = name;
    requestAnimationFrame(() => requestAnimationFrame(() => root.removeAttribute("data-turning")));
  }
}

function toName(text: string | null): ThemeName | undefined {
  return text === "light" || text === "dark" ? text : undefined;
}

export const theme = new Theme();
