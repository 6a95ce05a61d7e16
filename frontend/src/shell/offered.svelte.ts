/** Whether this server has a class to draw together: only then does the top bar have its view. */

import { server } from "./server.svelte";

class Offered {
  hasClass = $state(false);

  constructor() {
    // After the first view is there: the answer changes one word of the bar.
    const later = window.requestIdleCallback ?? ((ask: () => void) => setTimeout(ask, 200));
    later(() => void this.#ask());
    server.onretry(() => void this.#ask());
  }

  async #ask(): Promise<void> {
    const answer = await fetch("/api/v1/class?brief=true").catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => null) : null;
    if (said) this.hasClass = said.is_offered === true;
  }
}

export const offered = new Offered();
