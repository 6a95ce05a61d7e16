// What bench_page.py puts into the page before the page's own scripts: marks in the browser's trace.
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  const cancel = window.cancelAnimationFrame.bind(window);
  const pending = new Set();
  let moving = false;
  let last = -1;

  // Something is meant to move while the page has asked for a frame.
  function rest() {
    if (moving && pending.size === 0) {
      moving = false;
      performance.mark("bench: still");
    }
  }
  window.requestAnimationFrame = (callback) => {
    if (!moving) {
      moving = true;
      bench.moved = true;
      performance.mark("bench: moving");
    }
    const id = ask((time) => {
      pending.delete(id);
      if (time !== last) performance.mark("bench: frame");
      last = time;
      setTimeout(rest);
      callback(time);
    });
    pending.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    cancel(id);
    if (pending.delete(id)) setTimeout(rest);
  };

  // The plane is the largest canvas. It is compared after each frame, until it looks different from when it was clicked.
  function pixels(canvas) {
    const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(image.data.buffer);
  }
  const bench = {
    moved: false,
    changed: false,
    begin() {
      bench.moved = false;
      performance.mark("bench: here");
    },
    watch() {
      bench.begin();
      const plane = [...document.querySelectorAll("canvas")].reduce((a, b) =>
        a.width * a.height >= b.width * b.height ? a : b,
      );
      const before = pixels(plane);
      const { port1, port2 } = new MessageChannel();
      let begun = 0;
      port1.onmessage = () => {
        const now = pixels(plane);
        if (now.length !== before.length || now.some((value, at) => value !== before[at])) {
          performance.mark("bench: changed", { startTime: begun });
          bench.changed = true;
        } else ask(look);
      };
      const look = () => {
        begun = performance.now();
        port2.postMessage("painted");
      };
      ask(look);
    },
  };
  window.bench = bench;
})();
