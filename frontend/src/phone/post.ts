/** What a phone asks of the class: its state, and to take one drawing. The page's own address holds the class's code. */

import type { Reading } from "../class/documents";
import { SIDE, type Stroke, type Strokes } from "../lib/strokes";

/** A drawing on its way: its key tells the server that one that comes twice is the same. */
export interface Drawing {
  readonly key: string;
  readonly strokes: Strokes;
  /** What the phone was asked to draw; null was anything. */
  readonly asked: string | null;
  /** The class that it was drawn for; null where that was not told yet. */
  readonly round: string | null;
}

/** What the class says to this phone. */
export interface Asked {
  readonly is_open: boolean;
  readonly is_ended: boolean;
  readonly as_they_come: boolean;
  readonly ask: string | null;
  readonly n_sent: number;
  readonly n_left: number;
  /** Another one once the class has ended. */
  readonly round: string;
  /** A sentence of the class for this phone. */
  readonly says: string | null;
}

export type Answer =
  | { kind: "sent"; nSent: number; ask: string | null; reading: Reading | null }
  /** Too fast, or the class has too much to do: the same again after some seconds. */
  | { kind: "later"; seconds: number }
  /** Nobody answered, or with a fault of the class's own. */
  | { kind: "away"; hasAnswered: boolean }
  | { kind: "closed" }
  /** The class that it was drawn for has ended. */
  | { kind: "ended" }
  | { kind: "gone" }
  /** The drawing itself cannot be taken, now or later. */
  | { kind: "refused"; sentence: string };

/** The diameter of the pen: "Normal" of Draw, as thick as in the sets that readers learn from. */
export const PEN = 18;

export async function postDrawing(code: string, drawing: Drawing): Promise<Answer> {
  const { key, strokes, asked, round } = drawing;
  const response = await reach(`/${code}/drawings`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ key, strokes: thin(strokes), asked, round, width: SIDE, height: SIDE, pen: PEN }),
  });
  const document = response?.document;
  if (response?.ok && document) {
    const { n_sent: nSent, ask = null, reading = null } = document;
    return { kind: "sent", nSent, ask, reading };
  }
  switch (response?.status) {
    case 429:
    case 503:
      return { kind: "later", seconds: Math.max(1, response.retryAfter) };
    case 409:
      return { kind: "closed" };
    case 404:
      return { kind: "gone" };
    case 410:
      return { kind: "ended" };
    case 403: // the teacher takes nothing more from this phone
      return { kind: "refused", sentence: document?.detail ?? "" };
    case 400:
    case 413:
    case 422:
      return {
        kind: "refused",
        sentence: `${document?.detail ?? "It could not be taken."} Draw it once more.`,
      };
    default:
      return { kind: "away", hasAnswered: response !== null };
  }
}

/** Return what the class says; "gone" where this address is no class's, null where nobody answers. */
export async function askClass(code: string): Promise<Asked | "gone" | null> {
  const response = await reach(`/${code}/ask`);
  if (response?.status === 404 || response?.status === 410) return "gone";
  return response?.ok ? response.document : null;
}

/** An answer that does not come is waited for no longer than this: Wi-Fi that was left swallows requests. */
const LONGEST = 8000;

interface Reached {
  readonly ok: boolean;
  readonly status: number;
  readonly retryAfter: number;
  // biome-ignore lint/suspicious/noExplicitAny: a document of the class's, as this page is of the same version
  readonly document: any;
}

/** Return the whole answer, null where there is none or where it broke off. */
async function reach(path: string, request: RequestInit = {}): Promise<Reached | null> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), LONGEST);
  try {
    const response = await fetch(path, { ...request, signal: waiting.signal });
    const text = await response.text();
    const { ok, status } = response;
    return {
      ok,
      status,
      retryAfter: Number(response.headers.get("Retry-After")) || 1,
      document: parse(text),
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** As many points as the class takes of one drawing. A digit has a hundred or two: only a scribble is thinned. */
const MOST_POINTS = 3000;

export function thin(strokes: Strokes, most = MOST_POINTS): Strokes {
  const total = strokes.reduce((sum, { length }) => sum + length, 0);
  if (total <= most) return strokes;
  const every = Math.ceil(total / (most - 2 * strokes.length)); // beside the first and the last of each stroke
  return strokes.map((stroke: Stroke) =>
    stroke.filter((_, at) => at === 0 || at === stroke.length - 1 || at % every === 0),
  );
}
