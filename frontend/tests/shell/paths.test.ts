import { expect, test } from "vitest";
import { toHref, toPlace } from "../../src/shell/paths";

test("each view has a path, and the bare address is Draw", () => {
  expect(toPlace("/", "")).toEqual({ view: "draw", params: {} });
  for (const view of ["draw", "read", "name", "learn"] as const) {
    expect(toPlace(`/${view}`, "")).toEqual({ view, params: {} });
    expect(toPlace(`/${view}/`, "")).toEqual({ view, params: {} });
  }
});

test("the path of no view has no place", () => {
  expect(toPlace("/api/v1/models", "")).toBeNull();
  expect(toPlace("/assets", "")).toBeNull();
  expect(toPlace("/learn/more", "")).toBeNull();
});

test("a state comes back from its address as it was", () => {
  const params = { set: "a b", start: "k-means++", rows: "3,17,1024", step: "7" };
  const href = toHref("learn", params);
  expect(href).toBe("/learn?set=a+b&start=k-means%2B%2B&rows=3,17,1024&step=7");
  const url = new URL(href, "http://page");
  expect(toPlace(url.pathname, url.search)).toEqual({ view: "learn", params });
});

test("what is empty or missing is left out of the address", () => {
  expect(toHref("draw", { way: "", step: undefined })).toBe("/draw");
});
