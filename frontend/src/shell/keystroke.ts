/** How keys are written, and which of them a press is. */

/** Keys that the element with the focus needs itself. */
const TAKEN: readonly { keys: RegExp; by: string }[] = [
  { keys: /^( |Enter)$/, by: "a[href], button, summary, input, [role=option], [role^=menuitem]" },
  {
    keys: /^(Arrow|Home$|End$|Page)/,
    by: "input, [role=slider], [role^=menuitem], [role=option], [role=tab], [role=grid], [role=listbox]",
  },
];
const NO_TEXT = new Set([
  "button",
  "checkbox",
  "color",
  "file",
  "image",
  "radio",
  "range",
  "reset",
  "submit",
]);

/**
 * Return what was pressed, as bindings write it: "t", "?", "ArrowLeft", "Space", "Ctrl+z". Ctrl stands for Command too,
 * and letters are small whether Caps Lock is on or not.
 */
export function written(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isNamed = key.length > 1 || /[a-z]/.test(key);
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey && isNamed && key !== "Shift" ? "Shift+" : "", // of a sign, Shift is part of how it is typed
  ];
  return held.join("") + key;
}

/** Return whether a shortcut is a character alone, which some people press by mistake or by voice. */
export function isCharacter(keys: string): boolean {
  return keys.split(" ").some((key) => key.length === 1);
}

/** Return whether the element with the focus takes this press itself. */
export function isTaken(event: KeyboardEvent): boolean {
  const element = event.target as Element | null;
  if (event.defaultPrevented || event.isComposing || !element?.matches) return event.defaultPrevented;
  if (element.matches("input") && !NO_TEXT.has((element as HTMLInputElement).type)) return true;
  // A list of choices takes what is typed as the beginning of a choice's name, and Backspace as its undoing.
  if (element.matches("select")) return !(event.ctrlKey || event.metaKey || event.altKey);
  if (element.matches("textarea") || (element as HTMLElement).isContentEditable) return true;
  return TAKEN.some(({ keys, by }) => keys.test(event.key) && element.matches(by));
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
};

/** Return the keys to press in turn, as they stand on a keyboard: "Ctrl+z" is "Ctrl Z". */
export function caps(keys: string): string[] {
  return keys.split(" ").map((key) => {
    const [, held = "", last = ""] = /^((?:(?:Ctrl|Alt|Shift)\+)*)(.+)$/.exec(key) ?? [];
    return held.replaceAll("+", " ") + (SIGNS[last] ?? (held ? last.toUpperCase() : last));
  });
}
