import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openBrowser } from "./browser";

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(path: string) {
  const browser = openBrowser(path);
  const { address } = await import("../../src/shell/address.svelte");
  return { browser, address };
}

test("an address opens its view in its state", async () => {
  const { address } = await open("/learn?set=digits&step=7");
  expect(address.view).toBe("learn");
  expect(address.params).toEqual({ set: "digits", step: "7" });
});

test("going to a view is a step back, and back restores view and state", async () => {
  const { browser, address } = await open("/draw?way=lesson");
  address.go("learn", { k: "10" });
  expect(browser.url()).toBe("/learn?k=10");
  browser.back();
  expect(address.view).toBe("draw");
  expect(address.params).toEqual({ way: "lesson" });
});

test("replacing keeps the other values, and an empty one goes", async () => {
  const { browser, address } = await open("/learn?set=digits&k=10&step=7");
  address.replace({ k: "12", step: "" });
  expect(address.params).toEqual({ set: "digits", k: "12" });
  vi.runAllTimers();
  expect(browser.url()).toBe("/learn?set=digits&k=12");
});

test("many replacements in a row are written once", async () => {
  const { browser, address } = await open("/learn");
  const written = vi.spyOn(history, "replaceState");
  for (let step = 1; step <= 50; step++) address.replace({ step: String(step) });
  expect(address.params).toEqual({ step: "50" });
  vi.runAllTimers();
  expect(written).toHaveBeenCalledTimes(1);
  expect(browser.url()).toBe("/learn?step=50");
});

test("what was replaced is written before the view is left, by a step and by a reload", async () => {
  const { browser, address } = await open("/learn");
  address.replace({ step: "3" });
  address.go("draw");
  browser.back();
  expect(browser.url()).toBe("/learn?step=3");
  address.replace({ step: "4" });
  browser.fire("pagehide");
  expect(browser.url()).toBe("/learn?step=4");
});

test("a view is found again in the state in which it was left", async () => {
  const { address } = await open("/learn?k=12");
  address.go("read");
  expect(address.hrefOf("learn")).toBe("/learn?k=12");
  expect(address.hrefOf("draw")).toBe("/draw");
});
