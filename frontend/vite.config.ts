import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { firstPaint } from "./vite.first-paint";

export default defineConfig({
  plugins: [svelte(), firstPaint()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the page's content security policy allows files of its own server only
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8017" } },
});
