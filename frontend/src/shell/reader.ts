/** The reader as what a view works on. */

import { untrack } from "svelte";
import { listModels, type Model } from "../lib/api";
import { address } from "./address.svelte";
import { source } from "./source.svelte";

/**
 * Show it in the switcher, and return it; there is one, so that there is nothing to choose. An answer that comes when
 * another view is shown is not for its switcher.
 */
export async function showReader(): Promise<Model | undefined> {
  const asked = untrack(() => address.view);
  const [model] = await listModels();
  if (!model || address.view !== asked) return model;
  source.shown = {
    title: model.title.charAt(0).toUpperCase() + model.title.slice(1),
    detail: `${model.centers.toLocaleString("en")} centers`,
    groups: [],
  };
  return model;
}
