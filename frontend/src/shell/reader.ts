/** The reader as what a view works on. */

import { listModels, type Model } from "../lib/api";
import { source } from "./source.svelte";

/** Show it in the switcher, and return it; there is one, so that there is nothing to choose. */
export async function showReader(): Promise<Model | undefined> {
  const [model] = await listModels();
  if (!model) return undefined;
  source.shown = {
    title: model.title.charAt(0).toUpperCase() + model.title.slice(1),
    detail: `${model.centers.toLocaleString("en")} centers`,
    groups: [],
  };
  return model;
}
