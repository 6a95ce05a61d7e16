/** What a phone's page says. */

import { countOf, oneOf } from "../lib/counting";
import type { Room } from "./room.svelte";

type Seen = Pick<
  Room,
  "standing" | "ask" | "nSent" | "nLeft" | "nUnsent" | "pause" | "latest" | "showsAtOnce" | "isAway" | "says"
>;

export function titleOf({ standing, ask, nLeft }: Seen): string {
  if (standing === "ended") return "This class has ended";
  if (standing === "gone") return "No class is here";
  if (standing === "joining") return "Draw together";
  if (nLeft <= 0) return "That is all for today";
  if (standing === "closed") return "Closed for now";
  return ask === null ? "Draw any digit" : `Draw ${oneOf(ask)}`;
}

/** What stands below the pad: what became of the drawings, or what to do. */
export function statusOf(room: Seen): string {
  const { standing, nUnsent, latest, nLeft, says } = room;
  if (standing === "ended")
    return "The drawings were deleted, on this phone too; only what your teacher kept on purpose is left. You can close this page.";
  if (standing === "gone")
    return `The address may be that of an earlier class. Scan the code on the wall again, or type the address that stands there.${keptHere(nUnsent)}`;
  if (nLeft <= 0) return `You have sent ${countOf(room.nSent, "drawing")}, as many as one phone may.`;
  if (standing === "closed")
    return `${says ?? "No drawings are taken at the moment; wait for your teacher."}${keptHere(nUnsent)}`;
  if (nUnsent > 0) return unsent(room);
  if (latest?.state === "refused") return `Not sent. ${latest.sentence}`.trim();
  if (room.isAway)
    return "The class does not answer at the moment. You can draw on: what you send is kept until it does.";
  if (standing === "joining") return "Looking for the class …";
  if (latest?.state === "sent") return sent(room);
  return room.nSent > 0
    ? `${countOf(room.nSent, "drawing")} of yours so far.`
    : "Fill the square, then press Send.";
}

function sent({ nSent, showsAtOnce }: Seen): string {
  const where = showsAtOnce ? "It is on the wall." : "It appears on the wall once your teacher nods.";
  return `Sent. ${nSent} of yours so far. ${where}`;
}

function unsent({ nUnsent, pause, latest }: Seen): string {
  const what = nUnsent === 1 ? "This drawing is" : `${nUnsent} drawings are`;
  const goes = nUnsent === 1 ? "goes" : "go";
  if (pause === "later") return `That was fast. ${what} kept here and ${goes} out in a moment.`;
  if (pause === "away")
    return `No connection. ${what} kept here and ${goes} out by ${nUnsent === 1 ? "itself" : "themselves"}.`;
  return latest?.state === "sending" || nUnsent > 1 ? "Sending …" : "";
}

function keptHere(nUnsent: number): string {
  if (nUnsent === 0) return "";
  return nUnsent === 1 ? " Your last drawing is kept here." : ` ${nUnsent} drawings of yours are kept here.`;
}
