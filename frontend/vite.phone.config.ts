/** Builds the phones' page into a folder of its own: the server of the phones has its files and no others. */

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { firstPaint } from "./vite.first-paint";

export default defineConfig({
  plugins: [svelte(), firstPaint()],
  build: {
    target: "es2022",
    outDir: "dist/phone",
    assetsInlineLimit: 0, // as in vite.config.ts
    modulePreload: { polyfill: false },
    rollupOptions: { input: "phone.html" },
  },
});
