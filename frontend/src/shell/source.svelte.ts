/** What the present view works on, which the one switcher in the top bar shows. */

export interface SourceItem {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly chosen: boolean;
  choose(): void;
}

export interface Shown {
  readonly title: string;
  readonly detail: string;
  readonly groups: readonly { readonly title: string; readonly items: readonly SourceItem[] }[];
}

class Source {
  /** Set by the view in an effect; null shows no switcher. */
  shown = $state.raw<Shown | null>(null);
}

export const source = new Source();
