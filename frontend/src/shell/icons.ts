/** The icons of the bars, as paths in a box of 24 x 24. */

import type { View } from "./paths";

export const VIEW_ICONS: Readonly<Record<View, string>> = {
  draw: "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
  read: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  name: "M4 4h7l9 9-7 7-9-9zM7 8a1 1 0 102 0 1 1 0 10-2 0",
  learn:
    "M4 7a2 2 0 104 0 2 2 0 10-4 0M15 6a2 2 0 104 0 2 2 0 10-4 0M10 17a2 2 0 104 0 2 2 0 10-4 0M8 8.5l3 6.5M15.5 7.5L13 15",
  class:
    "M4 4.500h7v7H4zM13 4.500h7v7h-7zM4 13.500h7v6H4zM13 13.500h7v6h-7zM6.500 9.500l2-2.500M15.500 7h2M6.500 16.500h2M15.500 17.500l2-2",
};
export const MOON = "M20 14.5A8.5 8.5 0 019.5 4 8.5 8.5 0 1020 14.5z";
export const SUN =
  "M8 12a4 4 0 108 0 4 4 0 10-8 0M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400";
export const KEYBOARD =
  "M4 6h16a1.5 1.5 0 011.5 1.5v9A1.5 1.5 0 0120 18H4a1.5 1.5 0 01-1.5-1.5v-9A1.5 1.5 0 014 6M6.5 10h.01M10.2 10h.01M13.8 10h.01M17.5 10h.01M8 14.2h8";
