/** The year: what stands in each box, with any stages of the road taken. */

import type { Board } from "./board.svelte";
import { inputOf, type Taken, textOf } from "./road";
import { BLANK, type Digit, digitNamed, digitOf, WAITING } from "./words";

export function digitsOf(board: Board, taken: Taken): Digit[] {
  const { lesson } = board;
  return board.boxes.map(({ seen, isBlank }) => {
    if (isBlank) return BLANK;
    if (!seen || !lesson) return WAITING;
    if (taken.has("reader")) return digitOf(inputOf(seen, taken).reader);
    return digitNamed(textOf(lesson, seen, taken, board.names));
  });
}
