/** A set-up of Dots in the query of an address, so that a link opens what was shown, one's own dots included. */

import type { Start } from "../documents";
import { PRESETS, type Preset, presetDots } from "./presets";
import { centerAt, dotAt, dotsOf, LARGEST_K, MOST_ADDED, type Setup, setupOf } from "./setup";

const STARTS: readonly Start[] = ["k-means++", "random", "hand", "bad"];

type Params = Readonly<Record<string, string>>;

/** Return the query of a set-up; an empty text removes what does not matter. */
export function writeDots(setup: Setup, step: number): Record<string, string> {
  const isByHand = setup.start === "hand";
  return {
    dots: setup.dots,
    k: String(setup.k),
    start: setup.start,
    seed: isByHand ? "" : String(setup.seed),
    centers: isByHand ? pack(setup.centers, 100) : "",
    removed: setup.removed.map((row) => packed(row, 2)).join(""),
    added: pack(setup.added, 10),
    scaled: setup.isScaled ? "1" : "",
    step: step === 0 ? "" : String(step),
  };
}

/** Return the set-up of an address; what it leaves out or what makes no sense is as at first, and `notice` tells it. */
export function readDots(params: Params): { setup: Setup; step: number; notice: string } {
  const dots = params.dots === "own" ? "own" : PRESETS.find((preset) => preset === params.dots);
  const first = setupOf(dots ?? PRESETS[0]);
  const added = pairs(unpack(params.added, 3), 10, dotAt).slice(0, 2 * MOST_ADDED);
  const removed = dots === "own" ? [] : readRemoved(params.removed, dots ?? PRESETS[0]);
  const k = whole(params.k, first.k, 1, LARGEST_K);
  const centers = pairs(unpack(params.centers, 3), 100, centerAt);
  const asked = STARTS.find((start) => start === params.start) ?? first.start;
  const start = asked === "hand" && centers.length !== 2 * k ? first.start : asked;
  const setup: Setup = {
    dots: first.dots,
    removed,
    added,
    k,
    start,
    seed: whole(params.seed, first.seed, 0, 2 ** 31 - 1),
    centers: start === "hand" ? centers : [],
    isScaled: params.scaled === "1",
  };
  const notices = [
    params.dots && !dots && "The link's dots are not here.",
    params.k && params.k !== String(k) && `The link asks for k = ${params.k.slice(0, 12)}; this is k = ${k}.`,
    asked !== start && `The link's centers are not ${k}; this is ${start}.`,
    (params.added ?? "") !== pack(added, 10) && "Some of the link's dots could not be read.",
  ];
  return {
    setup,
    step: whole(params.step, 0, 0, Number.MAX_SAFE_INTEGER),
    notice: notices.filter(Boolean).join(" "),
  };
}

/** Return whether two set-ups have the same dots. */
export function hasSameDots(a: Setup, b: Setup): boolean {
  return dotsOf(a).places.join() === dotsOf(b).places.join();
}

/** A coordinate is three digits in base 36, counted in parts of a unit from this on. */
const ZERO = 10000;

function pack(places: readonly number[], parts: number): string {
  return places.map((place) => packed(Math.round(place * parts) + ZERO, 3)).join("");
}

function packed(value: number, n_digits: number): string {
  return value.toString(36).padStart(n_digits, "0");
}

function unpack(text: string | undefined, n_digits: number): number[] {
  if (!text || !/^[0-9a-z]+$/.test(text)) return [];
  const groups = text.match(new RegExp(`.{${n_digits}}`, "g")) ?? [];
  return groups.map((digits) => Number.parseInt(digits, 36));
}

function pairs(
  values: readonly number[],
  parts: number,
  at: (x: number, y: number) => [number, number],
): number[] {
  return Array.from({ length: values.length >> 1 }, (_, i) =>
    at(((values[2 * i] as number) - ZERO) / parts, ((values[2 * i + 1] as number) - ZERO) / parts),
  ).flat();
}

function readRemoved(text: string | undefined, preset: Preset): number[] {
  const n = presetDots(preset).groups.length;
  return [...new Set(unpack(text, 2))].filter((row) => row < n);
}

function whole(text: string | undefined, otherwise: number, least: number, most: number): number {
  const asked = Number(text);
  const value = text && Number.isInteger(asked) ? asked : otherwise;
  return Math.min(Math.max(value, least), most);
}
