// What bench_page.py puts into the page before the page's own scripts: marks in the browser's trace.
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  const cancel = window.cancelAnimationFrame.bind(window);
  const animate = Element.prototype.animate;
  /** Frames asked for, and animations that run. */
  const active = new Set();
  let moving = false;
  let last = -1;

  // Something is meant to move while the page has asked for a frame or an animation of its own runs.
  function begin(what) {
    active.add(what);
    if (!moving) {
      moving = true;
      bench.moved = true;
      performance.mark("bench: moving");
    }
  }
  function end(what) {
    active.delete(what);
    setTimeout(() => {
      if (!moving || active.size > 0) return;
      moving = false;
      performance.mark("bench: still");
    });
  }
  window.requestAnimationFrame = (callback) => {
    const id = ask((time) => {
      end(id);
      if (time !== last) performance.mark("bench: frame");
      last = time;
      callback(time);
    });
    begin(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    cancel(id);
    end(id);
  };
  Element.prototype.animate = function (...how) {
    const animation = animate.apply(this, how);
    begin(animation);
    const over = () => end(animation);
    animation.finished.then(over, over);
    return animation;
  };
  for (const name of ["transitionrun", "transitionend", "transitioncancel"]) {
    document.addEventListener(name, (event) => {
      const id = `${event.propertyName} ${event.pseudoElement}`;
      if (name !== "transitionrun") end(event.target[`bench ${id}`]);
      else begin((event.target[`bench ${id}`] ??= {}));
    });
  }

  /** Return what the large canvases show together, as they lie over each other. */
  function seen() {
    const canvases = [...document.querySelectorAll("canvas")].filter(
      ({ clientWidth, clientHeight }) => clientWidth * clientHeight > 40_000,
    );
    const [first] = canvases;
    const sheet = new OffscreenCanvas(first.width, first.height);
    const context = sheet.getContext("2d", { willReadFrequently: true });
    for (const canvas of canvases) {
      context.globalAlpha = Number(getComputedStyle(canvas).opacity);
      context.drawImage(canvas, 0, 0);
    }
    return new Uint32Array(context.getImageData(0, 0, sheet.width, sheet.height).data.buffer);
  }

  const bench = {
    get still() {
      return !moving;
    },
    moved: false,
    changed: false,
    begin() {
      bench.moved = false;
      performance.mark("bench: here");
    },
    /** From the next click on, compare the plane after each frame with what it was, until it looks different. */
    watch() {
      bench.begin();
      const before = seen();
      const { port1, port2 } = new MessageChannel();
      let begun = 0;
      port1.onmessage = () => {
        const now = seen();
        if (now.length !== before.length || now.some((value, at) => value !== before[at])) {
          performance.mark("bench: changed", { startTime: begun });
          bench.changed = true;
        } else ask(look);
      };
      const look = () => {
        begun = performance.now();
        port2.postMessage("painted");
      };
      document.addEventListener("click", () => ask(look), { once: true, capture: true });
    },
  };
  window.bench = bench;
})();
