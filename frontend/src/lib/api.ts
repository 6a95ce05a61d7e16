/** The server's JSON interface, version 1. Paths, bodies and answers are typed by its own description, openapi.json. */

import type { components, paths } from "../../build/openapi";

type Schemas = components["schemas"];
export type Center = Schemas["Center"];
export type Model = Schemas["Model"];
export type ReadGlyph = Schemas["ReadGlyph"];
export type ReadText = Schemas["ReadText"];

/** A failure that is told to the person: the sentence of the server, or that there is no server. */
export class Problem extends Error {
  /** Whether the same request may well succeed later. */
  readonly passes: boolean;
  /** The status of the answer; 0 where there was none. */
  readonly status: number;

  constructor(message: string, passes: boolean, status = 0) {
    super(message);
    this.passes = passes;
    this.status = status;
  }
}

/** What is drawn in one box, and the pen of the lesson's pad for it, in the box's own units. */
export type PadDrawing = Schemas["PadDrawing"];
export type Lesson = Schemas["LessonDocument"];
export type LessonReadings = Schemas["LessonReadings"];

/** The clusters that the lesson compares drawings with. */
export const showLesson = () => ask("get", "/api/v1/lesson", {});

/** The centers of one model of the lesson, which are told apart where there are many. */
export const showLessonPictures = (model: string) =>
  ask("get", "/api/v1/lesson/pictures/{model}", { path: { model } });

/** Each drawing in all ways from the lesson's to the reader's. */
export const readInAllWays = (drawings: readonly PadDrawing[]) =>
  ask("post", "/api/v1/lesson/readings", { body: { drawings } });

/** One picture's text, with a box for each character. */
export function readPicture(picture: Blob): Promise<ReadText> {
  const form = new FormData();
  form.append("image", picture);
  return send("/api/v1/read", { method: "POST", body: form });
}

export async function listModels(): Promise<readonly Model[]> {
  return (await ask("get", "/api/v1/models", {})).models;
}

export type LearnSet = Schemas["LearnSet"];
export type LearnGlyphs = Schemas["LearnGlyphs"];
export type LearnTruths = Schemas["LearnTruths"];
export type Trace = Schemas["Trace"];
export type TraceRequest = Schemas["TraceRequest"];

export async function listLearnSets(): Promise<readonly LearnSet[]> {
  return (await ask("get", "/api/v1/learn/sets", {})).sets;
}

/** Make a set of a person's own drawings; the same drawings again are the same set. */
export const sendDrawings = (body: Schemas["OwnDrawings"]) => ask("post", "/api/v1/learn/sets", { body });

export const showLearnSet = (set: string, pixels: LearnGlyphs["pixels"]) =>
  ask("get", "/api/v1/learn/sets/{set}", { path: { set }, query: { pixels } });

export const showLearnTruths = (set: string) =>
  ask("get", "/api/v1/learn/sets/{set}/truths", { path: { set } });

/** Run k-means. A long run ends on the server too when `signal` takes the request back. */
export const traceKMeans = (body: TraceRequest, signal?: AbortSignal) =>
  ask("post", "/api/v1/learn/traces", { body }, signal);

/** Read what the class draws from now on by the names of a clustering's clusters. */
export const readClassWith = (clustering: string, names: readonly (string | null)[]): Promise<void> =>
  send("/api/v1/class/reader", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ clustering, names }),
  });

export type Clustering = Schemas["Clustering"];
export type NamesCounted = Schemas["NamesCounted"];
export type SavedProject = Schemas["SavedProject"];
export type DrawingReading = Schemas["DrawingReading"];

/** A set in clusters, to be named. */
export const makeClustering = (body: Schemas["ClusteringRequest"], signal?: AbortSignal) =>
  ask("post", "/api/v1/learn/clusterings", { body }, signal);

/** How many images the names of clusters reach and, where truths are asked for, how many are right. */
export const countNames = (clustering: string, body: Schemas["NamesToCount"]) =>
  ask("post", "/api/v1/learn/clusterings/{clustering}/accuracy", { path: { clustering }, body });

export const saveNamedClusters = (clustering: string, body: Schemas["ProjectRequest"]) =>
  ask("post", "/api/v1/learn/clusterings/{clustering}/project", { path: { clustering }, body });

/** Each drawing read by what was learned from the named clusters. */
export const readByNames = (clustering: string, body: Schemas["NamedDrawings"]) =>
  ask("post", "/api/v1/learn/clusterings/{clustering}/readings", { path: { clustering }, body });

/** Some of the reader's centers, in the order of their names. */
export const listCenters = (offset: number, limit: number) =>
  ask("get", "/api/v1/models/{model}/centers", { path: { model: "reader" }, query: { offset, limit } });

/** The methods that the description has for a path. */
type MethodOf<Path extends keyof paths> = {
  [M in keyof paths[Path]]-?: paths[Path][M] extends { responses: unknown } ? M : never;
}[keyof paths[Path]];

type Json<Part> = Part extends { content: { "application/json": infer Document } } ? Document : never;
type Answer<Operation> = Operation extends { responses: { 200: infer Success } } ? Json<Success> : never;
type Sent<Operation> = (Operation extends { parameters: { path: infer Values } }
  ? { path: Values }
  : { path?: never }) &
  (Operation extends { parameters: { query?: infer Values } }
    ? [Exclude<Values, undefined>] extends [never]
      ? { query?: never }
      : { query: Exclude<Values, undefined> }
    : { query?: never }) &
  (Operation extends { requestBody: infer Body } ? { body: Json<Body> } : { body?: never });

async function ask<Path extends keyof paths, Method extends MethodOf<Path>>(
  method: Method,
  path: Path,
  sent: Sent<paths[Path][Method]>,
  signal?: AbortSignal,
): Promise<Answer<paths[Path][Method]>> {
  const {
    path: values = {},
    query,
    body,
  } = sent as {
    path?: Record<string, string | number>;
    query?: Record<string, string | number>;
    body?: unknown;
  };
  const place = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ""));
  const pairs = Object.entries(query ?? {}).map(([key, value]) => [key, String(value)]);
  const url = query ? `${place}?${new URLSearchParams(pairs)}` : place;
  const request: RequestInit = { method: String(method).toUpperCase(), ...(signal && { signal }) };
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "Content-Type": "application/json" };
  }
  return send(url, request);
}

/** A page that was let in once is shut out by a server that was started anew, until its browser has the new token. */
export const NEW_TOKEN =
  "The server was started again and has a new token. Open the address that it printed in this browser: then this page goes on.";

/** Send a request; every failure is a Problem. An answer without content is undefined. */
export async function send<Document>(url: string, sent: RequestInit): Promise<Document> {
  const response = await reach(url, sent);
  if (response.status === 204) return undefined as Document;
  const document = await response.json().catch(() => null);
  sent.signal?.throwIfAborted();
  if (!response.ok) throw refusalOf(response, document);
  if (document === null) throw new Problem(BROKEN_OFF, true);
  return document;
}

export const BROKEN_OFF = "The server’s answer broke off.";

/** Fetch, and tell the person where there is no server. */
export async function reach(url: string, sent: RequestInit): Promise<Response> {
  try {
    return await fetch(url, sent);
  } catch {
    sent.signal?.throwIfAborted();
    throw new Problem("The server does not answer. Is “inkmeans serve” still running in its terminal?", true);
  }
}

/** Whether the same request may well succeed later: a server that is busy, or ends. One that failed fails again. */
export const mayPass = (status: number) => status === 429 || status > 500;

/** Return what is told of an answer that is none; `document` is what it carries, or null. */
export function refusalOf({ status }: Response, document: { detail?: string } | null): Problem {
  if (status === 401) return new Problem(NEW_TOKEN, true, 401);
  const passes = mayPass(status);
  return new Problem(document?.detail ?? `The server answered ${status}.`, passes, status);
}
