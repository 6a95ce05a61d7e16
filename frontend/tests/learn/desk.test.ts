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
