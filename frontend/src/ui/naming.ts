/** Naming one thing after the other: which comes next, what a key means, what a name is. */

export type Names = readonly (string | null)[];

const LONGEST = 64; // characters, as of a name in a project
/** What a reader answers where it is not sure; no name. */
const REJECTED = "?";

/** Return the first without a name after one, from the beginning again at the end; without any, the next one. */
export function nextAfter(names: Names, index: number): number {
  const count = names.length;
  for (let by = 1; by < count; by++) {
    const at = (index + by) % count;
    if (names[at] === null) return at;
  }
  return names[index] === null ? index : Math.min(index + 1, count - 1);
}

/** Return a text as a name, or what is wrong with it. */
export function toName(text: string): { readonly name: string } | { readonly problem: string } {
  const name = text.normalize("NFC").trim();
  if (name === "") return { problem: "A name has at least one character." };
  if (name === REJECTED)
    return { problem: "“?” means that nothing was read; press Enter to leave a cluster without a name." };
  if ([...name].length > LONGEST) return { problem: `A name has at most ${LONGEST} characters.` };
  return { name };
}

export type Press =
  | { readonly does: "name"; readonly text: string }
  | { readonly does: "longer" | "skip" | "back" | "clear" }
  | { readonly does: "move"; readonly by: number; readonly isRow: boolean }
  | { readonly does: "first" | "last" };

const MOVES: Readonly<Record<string, Press>> = {
  " ": { does: "longer" },
  Enter: { does: "skip" },
  Backspace: { does: "back" },
  Delete: { does: "clear" },
  ArrowLeft: { does: "move", by: -1, isRow: false },
  ArrowRight: { does: "move", by: 1, isRow: false },
  ArrowUp: { does: "move", by: -1, isRow: true },
  ArrowDown: { does: "move", by: 1, isRow: true },
  Home: { does: "first" },
  End: { does: "last" },
};

type KeyPress = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "getModifierState"
>;

/** Return what a press on a tile means; null for what is no business of naming. */
export function pressOf(event: KeyPress): Press | null {
  const isShifted = event.getModifierState("AltGraph"); // on many keyboards it writes "@", with Ctrl and Alt held
  if (event.isComposing || event.metaKey || ((event.ctrlKey || event.altKey) && !isShifted)) return null;
  return MOVES[event.key] ?? ([...event.key].length === 1 ? { does: "name", text: event.key } : null);
}

/** Return the names that are there, each once, as people sort them. */
export function distinct(names: Names, more: readonly string[] = []): string[] {
  const all = new Set([...more, ...names.filter((name) => name !== null)]);
  return [...all].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}
