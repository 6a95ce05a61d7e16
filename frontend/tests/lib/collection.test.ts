import { beforeEach, expect, test, vi } from "vitest";

const DRAWING = { id: "1-2", truth: "4", pen: 18, width: 280, height: 280, strokes: [[[1, 2]]] };

beforeEach(() => vi.resetModules());

async function recalled(...drawings: unknown[]) {
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("localStorage", { getItem: () => JSON.stringify(drawings), setItem: () => undefined });
  return (await import("../../src/lib/collection.svelte")).collection;
}

test("own drawings are recalled without what the server would refuse", async () => {
  const damaged = [
    null,
    { ...DRAWING, truth: "" },
    { ...DRAWING, pen: -1 },
    { ...DRAWING, width: undefined },
    { ...DRAWING, strokes: [["x"]] },
    { ...DRAWING, strokes: [] },
  ];
  const collection = await recalled(DRAWING, ...damaged);
  const { id, ...drawing } = DRAWING;
  expect(collection.drawings).toEqual([drawing]);
  expect([collection.has(id), collection.has("")]).toEqual([true, false]);
});
