/** Lets the script that chooses the theme run before everything that paints, from a file of its own. */

import type { Plugin } from "vite";

const FIRST_PAINT = "/src/shell/first-paint.js";

export function firstPaint(): Plugin {
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
