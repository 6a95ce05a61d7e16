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
  if (!taken.has("ink"))
    return {
      title: "Nearest of ten centers",
      text: "Your ink goes to 8, theirs to 16: all ten are far, and the least far may be wrong.",
    };
  return {
    title: "Nearest of ten centers",
    text: "k-means found ten in the 1,797 digits, prepared in the same way.",
  };
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
