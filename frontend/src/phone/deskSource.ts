/** The class as the desk on the teacher's phone asks for it. */

import type { ClassSource } from "../class/documents";
import { Problem } from "../lib/api";

const SHUT =
  "This phone is not the desk, or no longer: the class has ended, or another code was made. A new code is on the teacher’s page, under “Use my phone as the desk”.";
const AWAY = "The class does not answer. Is this phone in the same Wi-Fi? It is asked again by itself.";

export const phoneDesk: ClassSource = {
  watch: (since, signal) => send(`/desk/state?since=${since}`, { signal }),
  move: (ids, state) => post("/desk/drawings", { ids, state }),
  change: (settings) => post("/desk/settings", settings),
  told: () => undefined,
};

const post = (path: string, body: unknown): Promise<void> =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

async function send<Document>(path: string, request: RequestInit): Promise<Document> {
  const response = await fetch(path, request).catch(() => null);
  if (response?.status === 401) throw new Problem(SHUT, false, 401);
  if (!response || response.status >= 500) throw new Error(AWAY);
  if (response.status === 204) return undefined as Document;
  const document = await response.json().catch(() => null);
  if (!response.ok) throw new Error(document?.detail ?? AWAY);
  return document;
}
