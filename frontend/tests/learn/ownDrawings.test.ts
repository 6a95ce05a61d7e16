import { expect, test } from "vitest";
import type { LearnSet } from "../../src/learn/documents";
import { withOwnDrawings } from "../../src/learn/ownDrawings";
import type { LearnSource } from "../../src/learn/source";
import { Problem } from "../../src/lib/api";

const OWN = { set: "drawings-1", kind: "drawings" } as LearnSet;
const DIGITS = { set: "digits", kind: "builtin" } as LearnSet;
const OLD = { set: "drawings-0", kind: "drawings" } as LearnSet;

/** A server that has forgotten what is asked for until drawings are sent again. */
function forgetful(sent: LearnSet | null, problem = new Problem("Forgotten.", false, 404)) {
  const log: string[] = [];
  let knows = false;
  const source = {
    listSets: async () => [DIGITS, OLD],
    loadTruths: async (set: string) => {
      log.push(`truths ${set}`);
      if (!knows) throw problem;
      return { set, truths: [] };
    },
  } as unknown as LearnSource;
  const send = async () => {
    log.push("send");
    knows = true;
    return sent;
  };
  return { source: withOwnDrawings(source, send), log };
}

test("own drawings are a set, and older ones are not", async () => {
  expect(await forgetful(OWN).source.listSets()).toEqual([DIGITS, OWN]);
  expect(await forgetful(null).source.listSets()).toEqual([DIGITS]);
});

test("drawings that cannot be sent leave the other sets", async () => {
  const failing = withOwnDrawings(forgetful(null).source, () =>
    Promise.reject(new Problem("Too many.", false, 422)),
  );
  expect(await failing.listSets()).toEqual([DIGITS]);
});

test("drawings that the server has forgotten are sent again", async () => {
  const { source, log } = forgetful(OWN);
  expect(await source.loadTruths("drawings-1")).toEqual({ set: "drawings-1", truths: [] });
  expect(log).toEqual(["truths drawings-1", "send", "truths drawings-1"]);
});

test.each([
  ["another set", "digits", OWN, 404],
  ["other drawings than this browser has", "drawings-0", OWN, 404],
  ["another failure", "drawings-1", OWN, 500],
])("%s is not asked for again", async (_, set, sent, status) => {
  const { source, log } = forgetful(sent, new Problem("No.", false, status));
  await expect(source.loadTruths(set)).rejects.toThrow("No.");
  expect(log.filter((line) => line.startsWith("truths"))).toHaveLength(1);
});
