import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { caps, isCharacter, written } from "../../src/shell/keystroke";
import { openBrowser } from "./browser";

interface Press {
  key: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  shiftKey?: boolean;
  /** What has the focus, as the selectors that it matches. */
  on?: string[];
  type?: string;
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function event({ on = [], type = "", ...press }: Press): KeyboardEvent {
  const target = {
    matches: (selector: string) => selector.split(", ").some((one) => on.includes(one)),
    type,
  };
  return { preventDefault: vi.fn(), defaultPrevented: false, target, ...press } as unknown as KeyboardEvent;
}

async function open(stored: Record<string, string> = {}) {
  const browser = openBrowser("/", stored);
  const { keys, bindKeys } = await import("../../src/shell/keys.svelte");
  const done: string[] = [];
  const bind = (where: string, ...pressed: string[]) =>
    bindKeys(where, [
      { keys: pressed, label: pressed[0] as string, run: () => done.push(`${where} ${pressed[0]}`) },
    ]);
  const press = (...presses: (string | Press)[]) => {
    for (const one of presses) keys.press(event(typeof one === "string" ? { key: one } : one));
  };
  return { browser, keys, done, bind, press };
}

test("a key is written as bindings write it", () => {
  expect(written(event({ key: " " }))).toBe("Space");
  expect(written(event({ key: "T", shiftKey: true }))).toBe("Shift+t");
  expect(written(event({ key: "T" }))).toBe("t"); // Caps Lock
  expect(written(event({ key: "?", shiftKey: true }))).toBe("?");
  expect(written(event({ key: "z", metaKey: true }))).toBe("Ctrl+z");
  expect(written(event({ key: "ArrowLeft", altKey: true, shiftKey: true }))).toBe("Alt+Shift+ArrowLeft");
});

test("keys are shown as they stand on a keyboard", () => {
  expect(caps("g d")).toEqual(["g", "d"]);
  expect(caps("Ctrl+z")).toEqual(["Ctrl Z"]);
  expect(caps("+")).toEqual(["+"]);
  expect(caps("Ctrl++")).toEqual(["Ctrl +"]);
  expect(caps("ArrowLeft")).toEqual(["←"]);
});

test("a key acts until it is unbound", async () => {
  const { done, bind, press } = await open();
  const unbind = bind("Learn", "Space", "p");
  press(" ", "p", "x");
  unbind();
  press("p");
  expect(done).toEqual(["Learn Space", "Learn Space"]);
});

test("keys in turn are one, but not after a pause", async () => {
  const { done, bind, press } = await open();
  bind("Everywhere", "g d");
  bind("Learn", "d");
  press("g", "d");
  press("g");
  vi.advanceTimersByTime(3000);
  press("d");
  press("g", { key: "Shift" }, "d");
  expect(done).toEqual(["Everywhere g d", "Learn d", "Everywhere g d"]);
});

test("what was bound last comes first", async () => {
  const { done, bind, press } = await open();
  bind("Everywhere", "r");
  bind("Learn", "r");
  press("r");
  expect(done).toEqual(["Learn r"]);
});

test("a field that takes text keeps its keys, a checkbox only those that it needs", async () => {
  const { done, bind, press } = await open();
  bind("Learn", "r");
  bind("Learn", "Space");
  press({ key: "r", on: ["input"], type: "text" }, { key: "r", on: ["textarea"] });
  expect(done).toEqual([]);
  press({ key: " ", on: ["input"], type: "checkbox" }, { key: "r", on: ["input"], type: "checkbox" });
  expect(done).toEqual(["Learn r"]);
});

test("a button keeps Space and a slider its arrows", async () => {
  const { done, bind, press } = await open();
  bind("Learn", "Space");
  bind("Learn", "ArrowRight");
  press({ key: " ", on: ["button"] }, { key: "ArrowRight", on: ["[role=slider]"] });
  expect(done).toEqual([]);
  press({ key: " ", on: ["[role=slider]"] }, { key: "ArrowRight", on: ["button"] });
  expect(done).toEqual(["Learn Space", "Learn ArrowRight"]);
});

test("characters alone can be turned off, which is kept; other keys go on", async () => {
  const { browser, keys, done, bind, press } = await open();
  for (const key of ["t", "g d", "ArrowLeft", "Space", "Ctrl+z"]) bind("Everywhere", key);
  keys.hasCharacters = false;
  expect(browser.stored.get("inkmeans.keys")).toBe("off");
  press("t", "g", "d", "ArrowLeft", " ", { key: "z", ctrlKey: true });
  expect(done).toEqual(["Everywhere ArrowLeft", "Everywhere Space", "Everywhere Ctrl+z"]);
  vi.resetModules();
  expect((await open({ "inkmeans.keys": "off" })).keys.hasCharacters).toBe(false);
});

test("only a key that types a character is one", () => {
  expect(["t", "?", "g d", "1"].map(isCharacter)).toEqual([true, true, true, true]);
  expect(["Space", "ArrowLeft", "Escape", "Ctrl+z"].map(isCharacter)).toEqual([false, false, false, false]);
});

test("the panel has the keys of one place together", async () => {
  const { keys, bind } = await open();
  bind("Everywhere", "t");
  bind("Learn", "r");
  bind("Everywhere", "?");
  expect(keys.groups.map(({ where, bindings }) => [where, bindings.map(({ label }) => label)])).toEqual([
    ["Everywhere", ["t", "?"]],
    ["Learn", ["r"]],
  ]);
});

test("a list of choices keeps what is typed into it, and Backspace", async () => {
  const { done, bind, press } = await open();
  for (const key of ["3", "Backspace", "ArrowLeft", "Space", "Ctrl+z"]) bind("Draw", key);
  for (const key of ["3", "Backspace", "ArrowLeft", " "]) press({ key, on: ["select"] });
  expect(done).toEqual([]);
  press({ key: "z", ctrlKey: true, on: ["select"] });
  expect(done).toEqual(["Draw Ctrl+z"]);
});

test("a key that is held acts once, but one that repeats again and again", async () => {
  const { keys, done, bind } = await open();
  const { bindKeys } = await import("../../src/shell/keys.svelte");
  bind("Everywhere", "t");
  bindKeys("Learn", [
    { keys: ["ArrowRight"], label: "One half-step", repeats: true, run: () => done.push("step") },
  ]);
  const held = ["t", "t", "t"].map((key, i) => ({ ...event({ key }), repeat: i > 0 }));
  for (const one of held) keys.press(one);
  expect(done).toEqual(["Everywhere t"]);
  expect(held.every(({ preventDefault }) => vi.mocked(preventDefault).mock.calls.length === 1)).toBe(true);
  for (const repeat of [false, true, true]) keys.press({ ...event({ key: "ArrowRight" }), repeat });
  expect(done).toEqual(["Everywhere t", "step", "step", "step"]);
});
