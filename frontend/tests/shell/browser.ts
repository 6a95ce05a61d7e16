/** As much of a browser as the shell asks for. */

import { vi } from "vitest";

export interface Browser {
  readonly stored: Map<string, string>;
  /** The address that the browser shows. */
  readonly url: () => string;
  readonly root: { dataset: Record<string, string>; removeAttribute: (name: string) => void };
  prefersDark: (is: boolean) => void;
  back: () => void;
  fire: (type: string) => void;
}

export function openBrowser(path = "/", stored: Record<string, string> = {}, isDark = false): Browser {
  const kept = new Map(Object.entries(stored));
  const entries = [path];
  let at = 0;
  const page = new EventTarget();
  const media = Object.assign(new EventTarget(), { matches: isDark });
  const root = { dataset: {} as Record<string, string>, removeAttribute: () => undefined };
  const parse = () => new URL(entries[at] as string, "http://page");
  vi.stubGlobal("window", Object.assign(page, { matchMedia: () => media }));
  vi.stubGlobal("document", { documentElement: root, querySelector: () => null });
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("location", {
    get pathname() {
      return parse().pathname;
    },
    get search() {
      return parse().search;
    },
  });
  vi.stubGlobal("history", {
    pushState: (_: unknown, __: string, href: string) => {
      entries.splice(at + 1, entries.length, href);
      at += 1;
    },
    replaceState: (_: unknown, __: string, href: string) => {
      entries[at] = href;
    },
  });
  const fire = (type: string) => page.dispatchEvent(new Event(type));
  return {
    stored: kept,
    url: () => entries[at] as string,
    root,
    prefersDark: (is) => {
      media.matches = is;
      media.dispatchEvent(new Event("change"));
    },
    back: () => {
      at -= 1;
      fire("popstate");
    },
    fire,
  };
}
