/** Builds lesson.html: Learn without a server, with all that it needs in one file. */

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const FIRST_PAINT = "src/shell/first-paint.js";

/** Put scripts and style sheets into the document that loads them. */
function inOneFile(): Plugin {
  return {
    name: "in-one-file",
    enforce: "post",
    async generateBundle(_, bundle) {
      const page = bundle["lesson.html"];
      if (page?.type !== "asset") throw new Error("lesson.html was not built");
      const firstPaint = await this.fs.readFile(FIRST_PAINT, { encoding: "utf8" });
      let html = String(page.source).replace(
        "</head>",
        () => `  <script>\n${firstPaint}</script>\n  </head>`,
      );
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        const text = file.type === "chunk" ? file.code : String(file.source);
        const loads = new RegExp(
          `<(script|link)[^>]*(?:src|href)="/${name.replaceAll(".", "\\.")}"[^>]*>(</script>)?`,
        );
        if (!loads.test(html)) throw new Error(`${name} is loaded by nothing in lesson.html`);
        // As a function: a replacement text would take "$&" in the code for the match.
        html = html.replace(loads, () =>
          file.type === "chunk"
            ? `<script type="module">${text.replaceAll("</script", "<\\/script")}</script>`
            : `<style>${text}</style>`,
        );
        delete bundle[name];
      }
      page.source = html;
    },
  };
}

export default defineConfig({
  plugins: [svelte(), inOneFile()],
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    assetsInlineLimit: 1_000_000,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: { input: "lesson.html", output: { inlineDynamicImports: true } },
  },
});
