/** What stands beside the three steps, for any stages of the road. */

import type { Model, Taken } from "./road";
import { isNamedByLearner } from "./road";

export interface Label {
  readonly title: string;
  readonly text: string;
}

export function labelsOf(
  taken: Taken,
  model: Model | null,
  nCenters: number,
): readonly [Label, Label, Label] {
  return [seen(taken), nearest(taken, model, nCenters), named(taken, model)];
}

function seen(taken: Taken): Label {
  if (taken.has("place")) {
    return taken.has("slant")
      ? {
          title: "Normalize",
          text: "One size, no slant, centered: where and how large you drew no longer counts.",
        }
      : {
          title: "Place and size",
          text: "One size, centered: where and how large you drew no longer counts. The slant stays.",
        };
  }
  if (taken.has("reader"))
    return { title: "As drawn", text: "Your box made small: where and how large you drew still counts." };
  const ink = taken.has("ink")
    ? "Full ink is now 16, as in the data"
    : "The pad’s thicker pen, averaged in 64 squares";
  if (taken.has("slant")) return { title: "8 × 8 numbers, upright", text: `${ink}; the slant is removed.` };
  return { title: "8 × 8 numbers", text: `${ink}: place, size and pen change every number.` };
}

function nearest(taken: Taken, model: Model | null, nCenters: number): Label {
  const n = taken.has("reader") ? nCenters : (model?.k ?? 0);
  const many = n > 0 ? `Of ${n.toLocaleString("en")} centers` : "Of all centers";
  if (taken.has("reader")) return { title: "Nearest centers", text: `${many} these five look most alike.` };
  if (taken.has("clusters"))
    return {
      title: "Nearest centers",
      text: `${many}, found in the digits by k-means, these five are nearest.`,
    };
  const typical = model
    ? `a digit of the data is about ${Math.round(model.typical_distance)} from its own`
    : "";
  if (taken.has("place"))
    return {
      title: "Nearest of ten centers",
      text: `Found in the digits, prepared in the same way; ${typical}.`,
    };
  const differ = taken.has("ink") ? "Place, size and pen" : "Place, size, pen and ink";
  return { title: "Nearest of ten centers", text: `${differ} add distance to all ten; ${typical}.` };
}

function named(taken: Taken, model: Model | null): Label {
  if (taken.has("reader"))
    return { title: "Read", text: "The centers’ names, weighed by how alike they are." };
  if (!taken.has("names"))
    return {
      title: "Copied list",
      text: "From another person’s run. Cluster 4 there is not cluster 4 here.",
    };
  if (model && isNamedByLearner(model))
    return { title: "Your names", text: "A drawing gets the name that you gave to its nearest center." };
  return {
    title: "Named by looking",
    text: "Here the reader looked at each cluster’s middle image and proposed a name.",
  };
}
