import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox } from "../../src/phone/outbox";
import { type Answer, type Drawing, postDrawing, thin } from "../../src/phone/post";
import { storageOf } from "./storage";

const drawing = (key: string, round = "a"): Drawing => ({ key, strokes: [[[1, 2]]], asked: "7", round });
const SENT: Answer = { kind: "sent", nSent: 1, ask: null, reading: null };

let kept: Map<string, string>;
let posted: string[];
let answers: Answer[];

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  posted = [];
  answers = [];
  vi.stubGlobal("localStorage", storageOf(kept));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = () => {
  const outbox: Outbox = new Outbox("class", {
    retry: () => outbox.tryNow(),
    post: async ({ key }) => {
      posted.push(key);
      await new Promise((done) => setTimeout(done, 10));
      return answers.shift() ?? SENT;
    },
    changed: () => undefined,
    answered: () => undefined,
  });
  return outbox;
};

test("drawings go out one by one, in their order, each once", async () => {
  const outbox = open();
  outbox.add(drawing("a"));
  outbox.add(drawing("b"));
  outbox.tryNow();
  expect(posted).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(100);
  expect([posted, outbox.unsent, kept.size]).toEqual([["a", "b"], [], 0]);
});

test("what was sent too fast waits as long as it was told, and is the same drawing then", async () => {
  const outbox = open();
  answers = [{ kind: "later", seconds: 3 }];
  outbox.add(drawing("a"));
  outbox.add(drawing("b"));
  await vi.advanceTimersByTimeAsync(2900);
  expect([posted, outbox.pause, outbox.unsent.length]).toEqual([["a"], "later", 2]);
  await vi.advanceTimersByTimeAsync(200);
  expect([posted, outbox.unsent]).toEqual([["a", "a", "b"], []]);
});

test("without an answer it is tried again, ever more seldom", async () => {
  const outbox = open();
  answers = Array(4).fill({ kind: "away", hasAnswered: false });
  outbox.add(drawing("a"));
  await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000 + 100);
  expect([posted.length, outbox.pause]).toEqual([4, "away"]);
  await vi.advanceTimersByTimeAsync(8000);
  expect([posted.length, outbox.unsent]).toEqual([5, []]);
});

test("a drawing that the class fails at does not hold up the others", async () => {
  const outbox = open();
  answers = [{ kind: "away", hasAnswered: true }];
  outbox.add(drawing("a"));
  outbox.add(drawing("b"));
  await vi.advanceTimersByTimeAsync(3000);
  expect(posted).toEqual(["a", "b", "a"]);
});

test("what is not sent outlives the page", async () => {
  answers = [{ kind: "away", hasAnswered: false }];
  open().add(drawing("a"));
  await vi.advanceTimersByTimeAsync(20);
  expect(kept.size).toBe(1);
  const again = open();
  expect(again.unsent).toEqual([drawing("a")]);
  again.tryNow();
  await vi.advanceTimersByTimeAsync(20);
  expect([again.unsent, kept.size]).toEqual([[], 0]);
});

test("what another hand wrote into the storage is nothing to send", () => {
  for (const data of ["", "{", "7", '{"strokes":[[]]}', '{"asked":"7"}', "[null]", "null"]) {
    kept.set("class.a", data);
    expect(open().unsent).toEqual([]);
  }
});

test("a closed class keeps the drawing until it is open again", async () => {
  const outbox = open();
  answers = [{ kind: "closed" }];
  outbox.add(drawing("a"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([posted, outbox.pause, outbox.unsent.length]).toEqual([["a"], "closed", 1]);
  outbox.tryNow();
  await vi.advanceTimersByTimeAsync(20);
  expect(outbox.unsent).toEqual([]);
});

test("a drawing that is refused is not sent again, and the next goes on", async () => {
  const outbox = open();
  answers = [{ kind: "refused", sentence: "Too many strokes." }];
  outbox.add(drawing("a"));
  outbox.add(drawing("b"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([posted, outbox.unsent]).toEqual([["a", "b"], []]);
});

test("an ended class leaves nothing on the phone", async () => {
  answers = [{ kind: "away", hasAnswered: false }];
  const outbox = open();
  outbox.add(drawing("a"));
  await vi.advanceTimersByTimeAsync(20);
  outbox.clear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([posted.length, kept.size]).toEqual([1, 0]);
});

test("what was drawn for another class is deleted, and this one's is not", async () => {
  answers = [{ kind: "away", hasAnswered: false }];
  const outbox = open();
  outbox.add(drawing("a", "a"));
  outbox.add(drawing("b", "b"));
  await vi.advanceTimersByTimeAsync(20);
  outbox.clearOthers("b");
  expect([outbox.unsent.map(({ key }) => key), [...kept.keys()]]).toEqual([["b"], ["class.b"]]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(posted).toEqual(["a", "b"]);
});

test("after a class that ended while it was too fast, the next is sent to at once", async () => {
  answers = [{ kind: "later", seconds: 3 }];
  const outbox = open();
  outbox.add(drawing("a"));
  await vi.advanceTimersByTimeAsync(20);
  outbox.clear();
  outbox.add(drawing("b"));
  await vi.advanceTimersByTimeAsync(20);
  expect([posted, outbox.unsent]).toEqual([["a", "b"], []]);
});

test("of two tabs, none writes over what the other keeps", () => {
  const [one, other] = [open(), open()];
  one.add(drawing("a"));
  other.add(drawing("b"));
  expect(open().unsent.map(({ key }) => key)).toEqual(["a", "b"]);
});

test("an answer that stops half-way is waited for no longer than one that does not come", async () => {
  vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
    const start = (body: ReadableStreamDefaultController) =>
      signal?.addEventListener("abort", () => body.error());
    return new Response(new ReadableStream({ start }), { status: 201 });
  });
  let answer: Answer | undefined;
  void postDrawing("k7m4q2", drawing("a")).then((came) => {
    answer = came;
  });
  await vi.advanceTimersByTimeAsync(7900);
  expect(answer).toBeUndefined();
  await vi.advanceTimersByTimeAsync(200);
  expect(answer).toEqual({ kind: "away", hasAnswered: false });
});

test("a scribble is thinned, the ends of its strokes are not", () => {
  const long = Array.from({ length: 5000 }, (_, at) => [at, 0] as const);
  const [first, second] = thin([long, [[7, 7]]]);
  expect((first?.length ?? 0) + (second?.length ?? 0)).toBeLessThanOrEqual(3000);
  expect([first?.[0], first?.at(-1), second]).toEqual([[0, 0], [4999, 0], [[7, 7]]]);
  const digit = [[[1, 1]], [[2, 2]]] as const;
  expect(thin(digit)).toBe(digit);
});
