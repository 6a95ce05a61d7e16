import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Classroom } from "../../src/class/classroom.svelte";
import type {
  ClassAnswer,
  ClassSource,
  ClassState,
  DrawingDocument,
  DrawingState,
} from "../../src/class/documents";
import { Problem } from "../../src/lib/api";

const GLYPH = btoa(String.fromCharCode(...new Uint8Array(784).fill(9)));

function told(id: number, state: DrawingState, glyph: string | null = GLYPH): DrawingDocument {
  return { id, state, asked: "7", phone: 1, glyph, reading: null };
}

function stateOf(revision: number, drawings: DrawingDocument[], round = "a"): ClassState {
  return {
    is_offered: true,
    round,
    revision,
    is_open: true,
    is_ended: false,
    as_they_come: false,
    prompts: true,
    address: "http://192.168.1.20:8018/k7m4q2",
    code: "k7m4q2",
    qr: ["11", "10"],
    n_phones: 1,
    n_waiting: 0,
    n_shown: 0,
    n_most: 5000,
    stopped: [],
    drawings,
    reader: null,
    kept: null,
    reach: "",
  };
}

/** A server whose answers are given by hand. */
class Source implements ClassSource {
  readonly asked: number[] = [];
  readonly log: string[] = [];
  fails = false;
  #answer: ((answer: ClassAnswer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  watch(since: number, signal: AbortSignal): Promise<ClassAnswer> {
    this.asked.push(since);
    return new Promise((answer, fail) => {
      signal.addEventListener("abort", () => fail(new Error("aborted")));
      this.#answer = answer;
      this.#fail = fail;
    });
  }
  async move(ids: readonly number[], state: DrawingState): Promise<void> {
    this.log.push(`${ids.join(",")} ${state}`);
    if (this.fails) throw new Error("The server does not answer.");
  }
  async change(settings: object): Promise<void> {
    this.log.push(JSON.stringify(settings));
  }
  told(problem: Error | null): void {
    this.log.push(problem ? "away" : "there");
  }
  async answer(answer: ClassAnswer): Promise<void> {
    this.#answer?.(answer);
    await vi.advanceTimersByTimeAsync(0);
  }
  async fail(error = new Error("The server does not answer.")): Promise<void> {
    this.#fail?.(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

let source: Source;
let room: Classroom;
const ids = () => room.drawings.map(({ id, state }) => `${id} ${state}`);

beforeEach(() => {
  vi.useFakeTimers();
  source = new Source();
  room = new Classroom(source);
  room.follow();
});
afterEach(() => {
  vi.useRealTimers();
});

test("each answer is asked for from where the one before it ended", async () => {
  await source.answer(stateOf(3, [told(1, "shown"), told(2, "waiting")]));
  await source.answer(stateOf(4, [told(3, "waiting")]));
  await source.answer(stateOf(4, []));
  expect(source.asked).toEqual([0, 3, 4, 4]);
  expect(ids()).toEqual(["1 shown", "2 waiting", "3 waiting"]);
  expect(room.drawings[0]?.pixels[0]).toBe(9);
});

test("what is nodded comes after what was on the wall, which stays where it is", async () => {
  await source.answer(stateOf(3, [told(1, "waiting"), told(2, "shown"), told(3, "shown")]));
  await source.answer(stateOf(4, [told(1, "shown")]));
  expect(room.shown.map(({ id }) => id)).toEqual([2, 3, 1]);
});

test("a drawing without a picture is none of this page's", async () => {
  await source.answer(stateOf(3, [told(1, "shown"), told(2, "waiting", null)]));
  expect(ids()).toEqual(["1 shown"]);
  await source.answer(stateOf(4, [told(1, "out", null)]));
  expect(ids()).toEqual([]);
});

test("what was there before the page is not new, what comes later is", async () => {
  await source.answer(stateOf(3, [told(1, "shown")]));
  await source.answer(stateOf(4, [told(2, "shown")]));
  expect(room.drawings.map(({ came }) => Number.isFinite(came))).toEqual([false, true]);
});

test("what was there before is told five hundred at a time, and none of it is new", async () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => told(from + i, "shown"));
  await source.answer(stateOf(500, many(1, 500)));
  await source.answer(stateOf(620, many(501, 120)));
  await source.answer(stateOf(621, many(621, 1)));
  expect(room.drawings.filter(({ came }) => Number.isFinite(came)).map(({ id }) => id)).toEqual([621]);
});

test("an ended class is forgotten, and the next is asked for whole", async () => {
  await source.answer(stateOf(3, [told(1, "shown")]));
  await source.answer(stateOf(9, [told(4, "shown")], "b"));
  expect(ids()).toEqual([]);
  expect(source.asked.at(-1)).toBe(0);
  await source.answer(stateOf(9, [told(3, "shown"), told(4, "shown")], "b"));
  expect(ids()).toEqual(["3 shown", "4 shown"]);
});

test("a server that is away is asked again, ever more seldom", async () => {
  await source.fail();
  expect(room.away).toBe("The server does not answer.");
  await vi.advanceTimersByTimeAsync(999);
  expect(source.asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await source.fail();
  await vi.advanceTimersByTimeAsync(1999);
  expect(source.asked.length).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  await source.answer(stateOf(1, []));
  expect([room.away, source.log.at(-1)]).toEqual(["", "there"]);
});

test("a nod is seen at once; one that the server does not take is put right", async () => {
  await source.answer(stateOf(3, [told(1, "waiting")]));
  await room.move([1], "shown");
  expect([ids(), source.log.at(-1)]).toEqual([["1 shown"], "1 shown"]);
  source.fails = true;
  await room.move([1], "out");
  await vi.advanceTimersByTimeAsync(0);
  expect(source.asked.at(-1)).toBe(0);
  await source.answer(stateOf(3, [told(1, "shown")]));
  expect(ids()).toEqual(["1 shown"]);
});

test("a page that is left asks no more", async () => {
  room = new Classroom(source);
  const leave = room.follow();
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.asked).toEqual([0, 0]);
});

test("who is let in no more keeps no picture", async () => {
  await source.answer(stateOf(3, [told(1, "shown"), told(2, "waiting")]));
  await source.fail(new Problem("This phone is not the desk.", false, 401));
  expect([ids(), room.state, room.away]).toEqual([[], null, "This phone is not the desk."]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.asked.at(-1)).toBe(0);
});

test("nothing is asked of a server that has no class", async () => {
  await source.answer({ is_offered: false });
  expect([room.isOffered, source.asked.length]).toEqual([false, 1]);
});
