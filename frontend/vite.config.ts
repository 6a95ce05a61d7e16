import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const FIRST_PAINT = "/src/shell/first-paint.js";

/** Let that script run before everything that paints, from a file of its own. */
function firstPaint(): Plugin {
  return {
    name: "first-paint",
    buildStart() {
      const isBuilt = this.environment.mode === "build";
      if (isBuilt) this.emitFile({ type: "chunk", id: FIRST_PAINT.slice(1), name: "first-paint" });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) => {
        const built = Object.values(bundle).find(({ fileName }) => fileName.includes("first-paint"));
        const src = built ? `/${built.fileName}` : FIRST_PAINT;
        return [{ tag: "script", attrs: { src }, injectTo: "head" }];
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte(), firstPaint()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the page's content security policy allows files of its own server only
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8017" } },
});
