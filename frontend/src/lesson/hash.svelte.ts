/** The state of Learn in the part of the address after "#": a page that is a file has no other part to write to. */

import type { ViewLink } from "../learn/link";

type Params = Readonly<Record<string, string>>;

class Hash implements ViewLink {
  #params = $state.raw<Params>(written());

  constructor() {
    addEventListener("hashchange", () => {
      this.#params = written();
    });
  }

  get params(): Params {
    return this.#params;
  }

  replace(params: Record<string, string>): void {
    history.replaceState(null, "", this.hrefWith({ ...this.params, ...params }));
    this.#params = written();
  }

  hrefWith(params: Params): string {
    const filled = Object.entries(params).filter(([, value]) => value !== "");
    return `#${new URLSearchParams(filled).toString().replaceAll("%2C", ",")}`;
  }
}

function written(): Params {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

export const hash = new Hash();
