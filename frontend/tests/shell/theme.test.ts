import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openBrowser } from "./browser";

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

async function open(stored: Record<string, string>, isDark: boolean) {
  const browser = openBrowser("/", stored, isDark);
  const { theme } = await import("../../src/shell/theme.svelte");
  return { browser, theme };
}

test("the theme follows the system until the other is chosen", async () => {
  const { browser, theme } = await open({}, false);
  expect(theme.current).toBe("light");
  browser.prefersDark(true);
  expect(theme.current).toBe("dark");
  expect(browser.root.dataset).toMatchObject({ theme: "dark" });
  theme.toggle();
  browser.prefersDark(false);
  browser.prefersDark(true);
  expect(theme.current).toBe("light");
  expect(browser.stored.get("inkmeans.theme")).toBe("light");
});

test("what was chosen is kept, and what no version wrote counts as nothing", async () => {
  expect((await open({ "inkmeans.theme": "dark" }, false)).theme.current).toBe("dark");
  vi.resetModules();
  expect((await open({ "inkmeans.theme": "pink" }, false)).theme.current).toBe("light");
});

test("who chooses what the system has follows it again", async () => {
  const { browser, theme } = await open({}, false);
  theme.toggle();
  theme.toggle();
  expect(browser.stored.size).toBe(0);
  browser.prefersDark(true);
  expect(theme.current).toBe("dark");
});
