// Runs before the first paint, from a file of its own: the content security policy allows no script in the document.
// Together with theme.svelte.ts, which takes over from here.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("inkmeans.theme");
  } catch {
    // storage can be forbidden
  }
  const isDark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.querySelector("meta[name=theme-color]").content = isDark ? "#101218" : "#f8f8f6";
})();
