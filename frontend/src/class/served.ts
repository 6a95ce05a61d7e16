/** The class from the teacher's own server. */

import { Problem, send } from "../lib/api";
import { server } from "../shell/server.svelte";
import type { ClassAnswer, ClassSource, DeskCode, DrawingState } from "./documents";

const ROOT = "/api/v1/class";

/** What the projector shows: of drawings that wait it is told how many they are, and no picture. */
export const wall: ClassSource = sourceAt(ROOT);
/** What the teacher alone sees. */
export const desk: ClassSource = sourceAt(`${ROOT}/desk`);

function sourceAt(path: string): ClassSource {
  return {
    watch: (since, signal) => send<ClassAnswer>(`${path}?since=${since}`, { signal }),
    move: (ids: readonly number[], state: DrawingState) => post(`${ROOT}/drawings`, { ids, state }),
    change: (settings) => post(`${ROOT}/settings`, settings),
    stop: (phone, is_stopped) => post(`${ROOT}/phones`, { phone, is_stopped }),
    told(problem) {
      if (problem === null) server.answered();
      else if (problem instanceof Problem) server.failed(problem);
    },
  };
}

function post<Answer = void>(path: string, body: unknown = {}): Promise<Answer> {
  return send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Make a set of Learn of what the wall shows; returns its name. */
export const makeSet = async (): Promise<string> => (await post<{ set: string }>(`${ROOT}/set`)).set;

/** Write what the wall shows as a project; returns where it is. */
export const keepAsProject = async (title: string): Promise<string> =>
  (await post<{ file: string }>(`${ROOT}/keep`, { title })).file;

export const endClass = (): Promise<void> => post(`${ROOT}/end`);

/** Read no more by the class's clusters. */
export const stopReading = (): Promise<void> => post(`${ROOT}/reader`, { clustering: null, names: [] });

/** Make a code that opens the desk once; desks opened by earlier ones are shut. */
export const makeDeskCode = (): Promise<DeskCode> => post(`${ROOT}/desk`);
