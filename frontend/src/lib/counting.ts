/** Counts, names and lists in sentences. */

const WORDS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");

/** Return a count as a word up to twelve, from there on in figures. */
export function countWord(count: number): string {
  return WORDS[count] ?? figure(count);
}

export function figure(count: number): string {
  return count.toLocaleString("en-US");
}

/** Return "1 image" or "1,797 images". */
export function countOf(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return "1", "1 or 5" or "1, 5 or 8". */
export function join(words: readonly string[], conjunction: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** Return a name with its article: "a 9", "an 8". */
export function oneOf(name: string): string {
  return `${/^(8.*|11|18|[AEFHILMNORSXaefhilmnorsx])$/.test(name) ? "an" : "a"} ${name}`;
}

/** Return the plural of a name: "9s"; a longer one is quoted. */
export function manyOf(name: string): string {
  return [...name].length === 1 ? `${name}s` : `“${name}”`;
}

/** Return a share in whole percent; what is not all is never called 100 %, nor what is something 0 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const rounded = Math.round((100 * part) / whole);
  if (rounded === 100 && part < whole) return ">99 %";
  if (rounded === 0 && part > 0) return "<1 %";
  return `${rounded} %`;
}
