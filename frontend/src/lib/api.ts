/** The server's JSON interface, version 1; the server says what these documents mean at /api/v1/openapi.json. */

import { PEN, SIDE, type Strokes } from "./strokes";

export type ModelName = "digits" | "lesson";

export interface NearCenter {
  cluster: number;
  name: string;
  distance: number;
  picture: string;
}

export interface ModelReading {
  text: string;
  confidence: number;
  rejected: boolean;
  alternatives: [name: string, probability: number][];
  cluster: number | null;
  nearest: NearCenter[];
}

export interface DrawingReading {
  verdict: "glyph" | "blank" | "dot" | "noise" | "scribble";
  glyph: string;
  readings: Record<ModelName, ModelReading>;
}

export interface Model {
  model: ModelName;
  centers: number;
  names: string[];
}

export interface Center {
  cluster: number;
  name: string;
  count: number;
  picture: string;
}

export interface LessonNames {
  names: string[];
  proposed: string[];
  right: number;
}

/** A failure that is told to the person: the sentence of the server, or that there is no server. */
export class Problem extends Error {
  /** Whether the same request may well succeed later. */
  readonly passes: boolean;

  constructor(message: string, passes: boolean) {
    super(message);
    this.passes = passes;
  }
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method };
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "Content-Type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, request);
  } catch {
    throw new Problem("The server does not answer. Is “inkmeans serve” still running in its terminal?", true);
  }
  const document = await response.json().catch(() => null);
  if (!response.ok) {
    const passes = response.status === 429 || response.status >= 500;
    throw new Problem(document?.detail ?? `The server answered ${response.status}.`, passes);
  }
  return document as T;
}

export async function readDrawings(drawings: readonly Strokes[]): Promise<DrawingReading[]> {
  const document = {
    drawings: drawings.map((strokes) => ({ strokes, width: SIDE, height: SIDE, pen: PEN })),
  };
  return (await ask<{ drawings: DrawingReading[] }>("POST", "/drawings", document)).drawings;
}

export async function listModels(): Promise<Model[]> {
  return (await ask<{ models: Model[] }>("GET", "/models")).models;
}

export async function listLessonCenters(): Promise<Center[]> {
  return (await ask<{ centers: Center[] }>("GET", "/models/lesson/centers")).centers;
}

export const listNames = () => ask<LessonNames>("GET", "/models/lesson/names");
export const resetNames = () => ask<LessonNames>("DELETE", "/models/lesson/names");
export const rename = (cluster: number, name: string) =>
  ask<LessonNames>("PUT", `/models/lesson/names/${cluster}`, { name });
