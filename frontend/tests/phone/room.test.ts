import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Asked } from "../../src/phone/post";
import { Room } from "../../src/phone/room.svelte";
import { statusOf, titleOf } from "../../src/phone/words";
import { storageOf } from "./storage";

const OPEN: Asked = {
  is_open: true,
  is_ended: false,
  as_they_come: false,
  ask: "7",
  n_sent: 0,
  n_left: 200,
  round: "a",
  says: null,
};

let said: Asked | null;
let posts: { key: string; asked: string; round: string }[];
let statuses: number[];
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  said = OPEN;
  posts = [];
  statuses = [];
  vi.stubGlobal("localStorage", storageOf(new Map()));
  vi.stubGlobal("sessionStorage", storageOf(new Map()));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    if (said === null) throw new TypeError("no network");
    if (path.endsWith("/ask")) return Response.json(said);
    posts.push(JSON.parse(String(request.body)));
    const status = statuses.shift() ?? 201;
    const body = { n_sent: posts.length, ask: "3", reading: null, detail: "No." };
    return Response.json(body, { status, headers: status === 429 ? { "Retry-After": "2" } : {} });
  });
});
afterEach(() => {
  end?.();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function join(): Promise<Room> {
  const room = new Room("k7m4q2");
  end = room.open();
  await vi.advanceTimersByTimeAsync(10);
  return room;
}

function draw(room: Room) {
  room.box.begin([40, 40]);
  room.box.move([
    [120, 40],
    [80, 200],
  ]);
}

test("what is asked is drawn, sent and confirmed, and the next is asked", async () => {
  const room = await join();
  expect([titleOf(room), statusOf(room), room.canSend]).toEqual([
    "Draw a 7",
    "Fill the square, then press Send.",
    false,
  ]);
  draw(room);
  room.send();
  room.send(); // a second press sends nothing
  await vi.advanceTimersByTimeAsync(10);
  expect(posts.map(({ asked }) => asked)).toEqual(["7"]);
  expect([titleOf(room), statusOf(room), room.box.isBlank]).toEqual([
    "Draw a 3",
    "Sent. 1 of yours so far. It appears on the wall once your teacher nods.",
    true,
  ]);
  room.box.undo();
  expect(room.box.isBlank).toBe(true); // else it would be sent twice
});

test("the question does not change under a drawing that was begun", async () => {
  const room = await join();
  draw(room);
  said = { ...OPEN, ask: "5" };
  await vi.advanceTimersByTimeAsync(6000);
  expect(room.ask).toBe("7");
  room.box.clear();
  await vi.advanceTimersByTimeAsync(6000);
  expect(room.ask).toBe("5");
});

test("a dot is no drawing to send", async () => {
  const room = await join();
  room.box.begin([100, 100]);
  room.box.move([[104, 100]]);
  expect(room.canSend).toBe(false);
});

test("too fast is kept, said and sent again", async () => {
  const room = await join();
  statuses = [429];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  expect(statusOf(room)).toBe("That was fast. This drawing is kept here and goes out in a moment.");
  await vi.advanceTimersByTimeAsync(2100);
  expect([posts.length, posts[0]?.key === posts[1]?.key, room.nUnsent]).toEqual([2, true, 0]);
  expect(statusOf(room)).toMatch(/^Sent\./);
});

test("without a network one draws on, what was asked before, and all goes out later", async () => {
  const room = await join();
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  said = null;
  for (let count = 0; count < 3; count++) {
    draw(room);
    room.send();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(statusOf(room)).toBe("No connection. 3 drawings are kept here and go out by themselves.");
  said = OPEN;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(posts.map(({ asked }) => asked)).toEqual(["7", "3", "7", "3"]);
  expect(new Set(posts.map(({ key }) => key)).size).toBe(4);
});

test("a closed class says so, keeps what was drawn and goes on by itself", async () => {
  const room = await join();
  statuses = [409];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  expect(titleOf(room)).toBe("Closed for now");
  expect(statusOf(room)).toContain("Your last drawing is kept here.");
  await vi.advanceTimersByTimeAsync(6000);
  expect([titleOf(room), posts.length, room.nUnsent]).toEqual(["Draw a 3", 2, 0]);
});

test("the class's own sentence is told, and how many drawings a phone may send", async () => {
  said = { ...OPEN, is_open: false, says: "No more drawings are taken from this phone." };
  const room = await join();
  expect(statusOf(room)).toBe("No more drawings are taken from this phone.");
  said = { ...OPEN, is_open: false, n_sent: 200, n_left: 0, says: "…" };
  await vi.advanceTimersByTimeAsync(6000);
  expect([titleOf(room), statusOf(room)]).toEqual([
    "That is all for today",
    "You have sent 200 drawings, as many as one phone may.",
  ]);
});

test("an ended class leaves nothing on the phone", async () => {
  const room = await join();
  draw(room);
  said = { ...OPEN, is_open: false, is_ended: true };
  await vi.advanceTimersByTimeAsync(6000);
  expect([titleOf(room), room.box.isBlank, room.isOn]).toEqual(["This class has ended", true, false]);
});

test("what was kept for an earlier class is not for the next", async () => {
  const room = await join();
  statuses = [409];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  said = null; // the phone sleeps through the end of the class
  await vi.advanceTimersByTimeAsync(6000);
  said = { ...OPEN, round: "b" };
  await vi.advanceTimersByTimeAsync(6000);
  expect([posts.length, room.nUnsent, titleOf(room)]).toEqual([1, 0, "Draw a 7"]);
});

test("undo brings back nothing that was drawn for another question", async () => {
  const room = await join();
  draw(room);
  room.box.clear();
  said = { ...OPEN, ask: "5" };
  await vi.advanceTimersByTimeAsync(6000);
  room.box.undo();
  expect([room.ask, room.box.isBlank]).toEqual(["5", true]);
});

test("a refused drawing is told with its reason", async () => {
  const room = await join();
  statuses = [422];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  expect([statusOf(room), room.nUnsent]).toEqual(["Not sent. No. Draw it once more.", 0]);
  statuses = [403];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  expect(statusOf(room)).toBe("Not sent. No.");
});

test("a drawing that was begun outlives the page", async () => {
  draw(await join());
  const again = await join();
  expect([again.box.strokes.length, again.canSend, again.ask]).toEqual([1, true, "7"]);
});

test("a page that is loaded again brings nothing of an earlier class", async () => {
  const room = await join();
  statuses = [409];
  draw(room);
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  draw(room);
  end();
  said = { ...OPEN, round: "b" };
  const again = await join();
  expect([again.nUnsent, again.box.isBlank, posts.length]).toEqual([0, true, 1]);
  draw(again);
  again.send();
  await vi.advanceTimersByTimeAsync(10);
  expect(posts.map(({ round }) => round)).toEqual(["a", "b"]);
});

test("of two tabs that slept over the end, neither does", async () => {
  const rooms = [await join(), await join()];
  statuses = [409, 409];
  for (const room of rooms) {
    draw(room);
    room.send();
  }
  await vi.advanceTimersByTimeAsync(10);
  said = { ...OPEN, round: "b" };
  await vi.advanceTimersByTimeAsync(6000);
  expect([posts.length, ...rooms.map(({ nUnsent }) => nUnsent)]).toEqual([2, 0, 0]);
});

test("a drawing that the class refuses as another's is deleted without a word", async () => {
  const room = await join();
  statuses = [410];
  draw(room);
  said = { ...OPEN, round: "b" };
  room.send();
  await vi.advanceTimersByTimeAsync(10);
  expect([room.nUnsent, room.latest, titleOf(room)]).toEqual([0, null, "Draw a 7"]);
});
