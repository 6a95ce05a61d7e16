/** The addresses of the views: a path for the view, the query for its state. */

export const VIEWS = ["draw", "read", "name", "learn", "class"] as const;
export type View = (typeof VIEWS)[number];
export type Params = Readonly<Record<string, string>>;
/** Values to write into an address; an empty or missing one is left out. */
export type Values = Readonly<Record<string, string | undefined>>;

export interface Place {
  readonly view: View;
  readonly params: Params;
}

/** Return the view and the state of a path, or null where the path is no view's. */
export function toPlace(pathname: string, search: string): Place | null {
  const name = pathname.replace(/^\/|\/$/g, "") || "draw";
  const view = VIEWS.find((known) => known === name);
  return view ? { view, params: Object.fromEntries(new URLSearchParams(search)) } : null;
}

export function filled(values: Values): Params {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}

export function toHref(view: View, values: Values = {}): string {
  const query = new URLSearchParams(filled(values)).toString().replaceAll("%2C", ","); // a comma may stand in a query
  return query ? `/${view}?${query}` : `/${view}`;
}
