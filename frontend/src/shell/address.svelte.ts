/** The address of the page: which view is shown, in which state. Back and forward of the browser go through it. */

import { filled, type Params, type Place, toHref, toPlace, type Values, VIEWS, type View } from "./paths";

const PAUSE = 300; // milliseconds between two changes of the browser's own address: it refuses many in a row

class Address {
  #place = $state.raw<Place>(here());
  /** Derived, so that who looks at the view alone is not woken when only its state changes. */
  readonly view: View = $derived(this.#place.view);
  /** Where each view was when it was left. */
  #left = $state.raw<Partial<Record<View, Params>>>({});
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    window.addEventListener("pagehide", () => this.#write());
    window.addEventListener("popstate", () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#show(here());
    });
  }

  get params(): Params {
    return this.#place.params;
  }

  /** The state in which a view was left, or in which it is. */
  stateOf(view: View): Params {
    return view === this.view ? this.params : (this.#left[view] ?? {});
  }

  hrefOf(view: View): string {
    return toHref(view, this.stateOf(view));
  }

  /** The address of the present view in another state. */
  hrefWith(values: Values): string {
    return toHref(this.view, values);
  }

  /** Show a view; the present one is a step back. */
  go(view: View, values: Values = {}): void {
    const href = toHref(view, values);
    if (href === toHref(this.view, this.params)) return;
    this.#write();
    history.pushState(null, "", href);
    this.#show(here());
  }

  /** Change the state of the present view without a step back; an empty or missing value leaves the address. */
  replace(values: Values): void {
    const params = filled({ ...this.params, ...values });
    if (toHref(this.view, params) === toHref(this.view, this.params)) return;
    this.#show({ view: this.view, params });
    this.#timer ??= setTimeout(() => this.#write(), PAUSE);
  }

  /** Write what was replaced since the last time. */
  #write(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    history.replaceState(null, "", toHref(this.view, this.params));
  }

  /** Take a click on a link to a view; all other clicks are the browser's. */
  follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab or window
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download") || link.hash)
      return;
    const place = toPlace(link.pathname, link.search);
    if (!place) return;
    event.preventDefault();
    this.go(place.view, place.params);
  }

  #show(place: Place): void {
    if (place.view !== this.view) this.#left = { ...this.#left, [this.view]: this.params };
    this.#place = place;
  }
}

function here(): Place {
  return toPlace(location.pathname, location.search) ?? { view: VIEWS[0], params: {} };
}

export const address = new Address();
