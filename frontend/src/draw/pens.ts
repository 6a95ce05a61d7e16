/** The widths of the pen, on a box of SIDE units and on the lesson's pad of 80 pixels. */

import { SIDE } from "../lib/strokes";

export type PenName = "thin" | "normal" | "thick";

export interface Pen {
  readonly name: PenName;
  readonly label: string;
  /** Its diameter on the page: "normal" is a felt tip, about as thick as in the sets that the reader learned from. */
  readonly width: number;
  /** Its diameter on the lesson's pad, in the same units: that pad has 14 pixels of 80, 9 to 18 if changed. */
  readonly padWidth: number;
}

const ON_PAD = SIDE / 80;

export const PENS: Readonly<Record<PenName, Pen>> = {
  thin: { name: "thin", label: "Thin", width: 12, padWidth: 9 * ON_PAD },
  normal: { name: "normal", label: "Normal", width: 18, padWidth: 14 * ON_PAD },
  thick: { name: "thick", label: "Thick", width: 23, padWidth: 18 * ON_PAD },
};
