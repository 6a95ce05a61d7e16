import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Desk } from "../../src/learn/dots/desk.svelte";

let written: Record<string, string>[];

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (params: Record<string, string> = { dots: "blobs" }) =>
  new Desk({ params, replace: (told) => written.push(told) });

test("a center that goes while it is in the hand is out of it", () => {
  const ways: ((desk: Desk) => void)[] = [
    (desk) => desk.undo(),
    (desk) => desk.setK(3),
    (desk) => desk.choose("moons"),
  ];
  for (const takeAway of ways) {
    const desk = open();
    desk.setK(4);
    desk.hold(3, 50, 50);
    expect(desk.held?.cluster).toBe(3);
    takeAway(desk);
    desk.player.pause();
    const { setup } = desk;
    desk.hold(3, 60, 50); // the finger still moves
    expect([desk.held, desk.centers.length]).toEqual([null, 2 * setup.k]);
    desk.drop();
    expect(desk.setup).toBe(setup);
  }
});

test("the address is written at once, but not at each repeat of a held key", () => {
  const desk = open();
  vi.advanceTimersByTime(1000);
  desk.add(10, 10);
  expect(written.map(({ added }) => added !== "")).toEqual([true]);
  for (let i = 0; i < 300; i++) {
    desk.moveBy(0, 0.1, 0);
    vi.advanceTimersByTime(33);
  }
  expect(written.length).toBeLessThan(30); // in 10 s; Safari allows 100 in 30
  vi.advanceTimersByTime(1000);
  const { centers } = written.at(-1) ?? {};
  desk.open();
  expect(written.at(-1)?.centers).toBe(centers); // the last of them came too
});

test("what one held key or one drag changes is undone at once", () => {
  const desk = open();
  const { setup } = desk;
  const [key, drag] = [{}, {}];
  for (let i = 0; i < 120; i++) desk.moveBy(0, 0.1, 0, key);
  const moved = desk.setup;
  for (let i = 0; i < 120; i++) desk.remove(0, drag);
  desk.undo();
  expect(desk.setup).toBe(moved);
  desk.remove(0, drag); // the drag goes on: what follows is another step
  desk.undo();
  expect(desk.setup).toBe(moved);
  desk.undo();
  expect([desk.setup, desk.canUndo]).toEqual([setup, false]);
});
