import { describe, expect, test } from "vitest";
import { readDots, writeDots } from "../../src/learn/dots/address";
import { Draws } from "../../src/learn/dots/draws";
import { Frame } from "../../src/learn/dots/frame";
import { inertiaOf, runKMeans } from "../../src/learn/dots/kmeans";
import { HEIGHT, PRESETS, type Preset, presetDots, valuesOf, WIDTH } from "../../src/learn/dots/presets";
import { inPython } from "../../src/learn/dots/python";
import { dotsOf, type Setup, setupOf } from "../../src/learn/dots/setup";
import { matched, NO_GROUP, named } from "../../src/learn/dots/shares";
import { Space } from "../../src/learn/dots/space";
import { initialRows } from "../../src/learn/dots/starts";
import { outcomeOf, runFrom } from "../../src/learn/dots/verdict";
import { cellsOf } from "../../src/learn/dots/voronoi";
import { WORDS } from "../../src/learn/dots/words";

const at = (...values: number[]) => Float64Array.from(values);

/** The seed, of the first ten, whose run ends with the lowest inertia; the first of them on a tie. */
function bestSeed(preset: Preset): number {
  const { places, axes, k } = presetDots(preset);
  const { points } = new Space(places, axes, false);
  const inertias = Array.from(
    { length: 10 },
    (_, seed) => runFrom(points, k, seed).steps.at(-1)?.inertia ?? Infinity,
  );
  const least = Math.min(...inertias);
  return inertias.findIndex((inertia) => inertia <= least * (1 + 1e-12));
}

describe("k-means in the plane", () => {
  test("four points by hand", () => {
    const run = runKMeans(at(0, 0, 0, 2, 10, 0, 10, 2), at(0, 0, 4, 0));
    const told = run.steps.map(({ half, n_iter, inertia, n_changed, counts }) => [
      half,
      n_iter,
      inertia,
      n_changed,
      counts,
    ]);
    expect(told).toEqual([
      ["start", 0, null, 0, [0, 0]],
      ["assignment", 1, 0 + 4 + 36 + 40, 4, [2, 2]],
      ["update", 1, 4, 0, [2, 2]],
      ["assignment", 2, 4, 0, [2, 2]],
    ]);
    expect([run.end, run.n_iter]).toEqual(["no_change", 2]);
    expect([...run.centers(3)]).toEqual([0, 1, 10, 1]);
    expect(run.labels(0)).toBeNull();
    expect([...(run.labels(3) ?? [])]).toEqual([0, 0, 1, 1]);
    expect(run.at(2).moved).toEqual([1, Math.sqrt(37)]);
  });

  test("a tie goes to the lowest index", () => {
    const run = runKMeans(at(0, 0, 1, 0, 2, 0), at(2, 0, 0, 0));
    expect([...(run.labels(1) ?? [])]).toEqual([1, 0, 0]);
  });

  test("an empty cluster is put on the farthest point, and the sum it leaves is right", () => {
    // All go to the first of two equal centers; the farthest is the last point.
    const run = runKMeans(at(0, 0, 1, 0, 9, 0), at(0, 0, 0, 0));
    expect(run.at(1).counts).toEqual([3, 0]);
    expect(run.at(2).relocated).toEqual([{ cluster: 1, row: 2 }]);
    expect([...run.centers(2)]).toEqual([0.5, 0, 9, 0]);
    expect(run.at(2).n_changed).toBe(1);
    expect(run.at(3).n_changed).toBe(0);
  });

  test("the last point of a cluster is never taken, and equal points leave a cluster empty", () => {
    const lone = runKMeans(at(0, 0, 0, 1, 50, 0), at(0, 0, 40, 0, 400, 0));
    expect(lone.at(2).relocated).toEqual([{ cluster: 2, row: 1 }]); // the third point is farther, but alone
    const equal = runKMeans(at(3, 3, 3, 3, 3, 3), at(3, 3, 9, 9));
    expect(equal.at(2).relocated).toEqual([]);
    expect(equal.steps.at(-1)?.counts).toEqual([3, 0]);
  });

  test("it ends when centers hardly move, and then assigns once more", () => {
    const points = valuesOf(presetDots("none").places, presetDots("none").axes);
    const run = runKMeans(points, points.slice(0, 8), { tol: 0.01 });
    expect(run.end).toBe("settled");
    expect(run.steps.at(-1)?.half).toBe("assignment");
    expect(run.steps.at(-1)?.inertia).toBe(
      inertiaOf(points, run.centers(run.steps.length - 1), run.labels(run.steps.length - 1) as Uint8Array),
    );
    expect(runKMeans(points, points.slice(0, 8), { max_iter: 2 }).end).toBe("max_iter");
  });

  test("inertia rises in no half-step, from any start", () => {
    for (const preset of PRESETS) {
      const { places, axes } = presetDots(preset);
      const points = valuesOf(places, axes);
      for (const start of ["k-means++", "random", "bad"] as const) {
        const rows = initialRows(points, 7, start, 5);
        const run = runKMeans(
          points,
          at(...rows.flatMap((row) => [points[2 * row] ?? 0, points[2 * row + 1] ?? 0])),
        );
        const inertias = run.steps.flatMap(({ inertia }) => inertia ?? []);
        inertias.forEach((inertia, i) => {
          expect(inertia).toBeLessThanOrEqual((inertias[i - 1] ?? Infinity) * (1 + 1e-12));
        });
      }
    }
  });
});

describe("starts", () => {
  const points = valuesOf(presetDots("blobs").places, presetDots("blobs").axes);

  test("a seed decides the draws, and draws lie between 0 and 1", () => {
    const [a, b] = [new Draws(3), new Draws(3)];
    const first = Array.from({ length: 1000 }, () => a.uniform());
    expect(first).toEqual(Array.from({ length: 1000 }, () => b.uniform()));
    expect(Math.min(...first)).toBeGreaterThan(0);
    expect(Math.max(...first)).toBeLessThan(1);
    expect(new Draws(4).uniform()).not.toBe(new Draws(3).uniform());
  });

  test("k-means++ and random take k different dots, the bad start takes one twice", () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const start of ["k-means++", "random"] as const)
        expect(new Set(initialRows(points, 5, start, seed)).size).toBe(5);
      const bad = initialRows(points, 5, "bad", seed);
      expect([bad.length, new Set(bad).size, bad[0] === bad[4]]).toEqual([5, 4, true]);
    }
    expect(initialRows(points, 1, "bad", 0)).toHaveLength(1);
  });

  test("k-means++ finds three blobs from every one of its first seeds", () => {
    const { groups } = presetDots("blobs");
    for (let seed = 0; seed < 20; seed++)
      expect(new Set(initialRows(points, 3, "k-means++", seed).map((row) => groups[row])).size).toBe(3);
  });
});

describe("presets", () => {
  test.each(PRESETS)("%s is drawn within the plane, with room to see", (preset) => {
    const { places, groups } = presetDots(preset);
    expect(groups).toHaveLength(240);
    places.forEach((place, i) => {
      expect(place).toBeGreaterThanOrEqual(1);
      expect(place).toBeLessThanOrEqual((i % 2 ? HEIGHT : WIDTH) - 1);
      expect(place * 10).toBeCloseTo(Math.round(place * 10), 9);
    });
  });

  test.each(PRESETS)("%s begins with the best of its first ten starts", (preset) => {
    expect(presetDots(preset).seed).toBe(bestSeed(preset));
  });

  test("k-means does well on blobs and fails on the others, as their lines say", () => {
    const share = (preset: (typeof PRESETS)[number]) =>
      Number(/(\d+) %/.exec(outcomeOf(preset).caption)?.[1]);
    expect(outcomeOf("blobs").caption).toBe("works, 100 %");
    expect(outcomeOf("none").caption).toBe("cuts all the same");
    for (const preset of PRESETS.filter((one) => one !== "blobs" && one !== "none")) {
      expect(share(preset)).toBeLessThanOrEqual(92);
      expect(outcomeOf(preset).caption).toContain(WORDS[preset].verdict);
    }
  });

  test("what helps does help", () => {
    const { remedies } = WORDS.scale;
    const outcome = (setup: Setup) => {
      const { places, axes, groups } = dotsOf(setup);
      const { points } = new Space(places, axes, setup.isScaled);
      const rows = initialRows(points, setup.k, setup.start as "random", setup.seed);
      const run = runKMeans(
        points,
        at(...rows.flatMap((row) => [points[2 * row] ?? 0, points[2 * row + 1] ?? 0])),
      );
      const labels = run.labels(run.steps.length - 1) as Uint8Array;
      return { matched: matched(labels, groups, setup.k), named: named(labels, groups, setup.k) };
    };
    expect(remedies).toHaveLength(1);
    for (const preset of ["scale", "many", "outliers"] as const) {
      const { n, of } = outcome({ ...setupOf(preset), ...WORDS[preset].remedies[0]?.change }).matched;
      expect(n / of).toBeGreaterThan(0.99);
    }
    for (const preset of ["spread", "long", "moons", "rings"] as const) {
      const { n, of } = outcome({ ...setupOf(preset), ...WORDS[preset].remedies[0]?.change }).named;
      expect(n / of).toBeGreaterThan(0.94);
    }
  });
});

describe("shares", () => {
  test("each group is matched with a cluster of its own, and names may be shared", () => {
    const groups = [0, 0, 0, 1, 1, 1, NO_GROUP];
    const labels = Uint8Array.of(2, 2, 1, 1, 0, 0, 1);
    expect(matched(labels, groups, 3)).toEqual({ n: 4, of: 6 });
    expect(named(labels, groups, 3)).toEqual({ n: 5, of: 6 });
    // Both groups have most dots in one cluster: only one of them can have it.
    expect(matched(Uint8Array.of(0, 0, 0, 0, 0, 1, 0), groups, 2)).toEqual({ n: 4, of: 6 });
  });

  test("fewer clusters than groups leave a group without one", () => {
    expect(matched(Uint8Array.of(0, 0, 0), [0, 1, 1], 1)).toEqual({ n: 2, of: 3 });
  });
});

describe("Voronoi cells", () => {
  const area = (cell: readonly (readonly [number, number])[]) =>
    Math.abs(
      cell.reduce((sum, [x, y], i) => {
        const [px, py] = cell.at(i - 1) as readonly [number, number];
        return sum + (px * y - x * py) / 2;
      }, 0),
    );

  test("two centers halve a rectangle, one has all of it, equal ones share nothing", () => {
    expect(cellsOf(at(1, 1, 3, 1), [0, 0, 4, 2]).map(area)).toEqual([4, 4]);
    expect(cellsOf(at(1, 1), [0, 0, 4, 2]).map(area)).toEqual([8]);
    expect(cellsOf(at(1, 1, 1, 1), [0, 0, 4, 2]).map(area)).toEqual([8, 0]);
  });

  test("cells fill the rectangle, and a point lies in the cell of its nearest center", () => {
    const draws = new Draws(1);
    const centers = Float64Array.from({ length: 24 }, (_, i) => draws.uniform() * (i % 2 ? 100 : 150));
    const cells = cellsOf(centers, [0, 0, 150, 100]);
    expect(cells.map(area).reduce((a, b) => a + b)).toBeCloseTo(15000, 6);
  });
});

describe("the address", () => {
  const own: Setup = {
    ...setupOf("moons"),
    removed: [0, 17, 239],
    added: [12.3, 45.6, -20.1, 110],
    k: 2,
    start: "hand",
    seed: 5,
    centers: [12.34, 56.78, 149.99, 0.01],
    isScaled: true,
  };

  test("it opens what was written", () => {
    const { setup, step, notice } = readDots(writeDots(own, 7));
    expect([{ ...setup, seed: 5 }, step, notice]).toEqual([own, 7, ""]);
    for (const dots of [...PRESETS, "own"] as const) {
      const first = setupOf(dots);
      expect(readDots(writeDots(first, 0))).toEqual({ setup: first, step: 0, notice: "" });
    }
  });

  test("what makes no sense is told", () => {
    expect(readDots({ dots: "stars" }).notice).toBe("The link's dots are not here.");
    expect(readDots({ k: "99" }).notice).toBe("The link asks for k = 99; this is k = 12.");
    expect(readDots({ start: "hand", centers: "abc" }).notice).toBe(
      "The link's centers are not 3; this is k-means++.",
    );
    expect(readDots({ added: "zz!" }).notice).toBe("Some of the link's dots could not be read.");
    expect(readDots({ removed: "zzzz", step: "-3" })).toEqual({
      setup: setupOf("blobs"),
      step: 0,
      notice: "",
    });
  });
});

test("standardized dots have mean 0 and variance 1, and places come back", () => {
  const { places, axes } = presetDots("scale");
  const space = new Space(places, axes, true);
  const [x, y] = [0, 1].map((axis) => space.points.filter((_, i) => i % 2 === axis));
  for (const values of [x, y] as Float64Array[]) {
    expect(values.reduce((a, b) => a + b) / 240).toBeCloseTo(0, 12);
    expect(values.reduce((a, b) => a + b * b, 0) / 240).toBeCloseTo(1, 12);
  }
  space.toPlaces(space.points).forEach((place, i) => {
    expect(place).toBeCloseTo(places[i] as number, 9);
  });
});

test("a dot added in sight moves nothing, one beside it is brought into sight", () => {
  const frame = new Frame(800, 400, [10, 10]);
  const [x, y] = frame.placeAt(1, 200);
  expect(new Frame(800, 400, [10, 10, x + 3, y]).scale).toBe(frame.scale);
  const wider = new Frame(800, 400, [200, 50]);
  expect(wider.x(200)).toBeLessThan(800);
  expect(wider.scale).toBeLessThan(frame.scale);
});

test("the program in Python has every number as it is", () => {
  const program = inPython({ values: [0.1, 2, 3, 4], centers: [0.30000000000000004, 1], isScaled: true });
  expect(program).toContain("    [0.1, 2], [3, 4],");
  expect(program).toContain("    [0.30000000000000004, 1],");
  expect(program).toContain("KMeans(1, init=init, n_init=1)");
  expect(program).toContain("X.std(axis=0)");
});
