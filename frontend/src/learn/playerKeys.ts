/** The keys that play a run. */

import type { Binding } from "../shell/keys.svelte";
import type { Player } from "./player.svelte";

export function playerKeys(player: Player): Binding[] {
  return [
    { keys: ["Space"], label: "Play or pause", run: () => (player.playing ? player.pause() : player.play()) },
    { keys: ["ArrowRight"], label: "One half-step", repeats: true, run: () => player.next() },
    { keys: ["ArrowLeft"], label: "One half-step back", repeats: true, run: () => player.back() },
    { keys: ["Home"], label: "To the start", run: () => player.toStart() },
  ];
}
