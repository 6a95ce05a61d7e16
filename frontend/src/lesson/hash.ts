/** The state of Learn in the part of the address after "#": a page that is a file has no other part to write to. */

import type { Link } from "../learn/link";

class Hash implements Link {
  get params(): Readonly<Record<string, string>> {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  }

  replace(params: Record<string, string>): void {
    const filled = Object.entries({ ...this.params, ...params }).filter(([, value]) => value !== "");
    const query = new URLSearchParams(filled).toString().replaceAll("%2C", ",");
    history.replaceState(null, "", `#${query}`);
  }
}

export const hash = new Hash();
