import { describe, expect, test } from "vitest";
import { difference } from "../../src/learn/difference";
import { allButEquallyFar, distance, rankCenters } from "../../src/learn/distances";
import { membersOf, oddOnes } from "../../src/learn/members";
import { judge } from "../../src/learn/truths";
import { mistakenWords, nounOf, verdictWords, whyWords } from "../../src/learn/verdictWords";

// Four images of 1 x 2 pixels, and three centers.
const images = { pictures: Uint8Array.of(0, 0, 3, 0, 4, 0, 10, 0), height: 1, width: 2 };
const centers = Float32Array.of(0, 0, 8, 0, 3, 4);

describe("distances", () => {
  test("are Euclidean, in the units of the pixels", () => {
    expect(distance([0, 0], [3, 4])).toBe(5);
    expect(rankCenters([3, 0], centers)).toEqual([
      { cluster: 0, distance: 3 },
      { cluster: 2, distance: 4 },
      { cluster: 1, distance: 5 },
    ]);
  });

  test("that are equal rank the lower number first", () => {
    expect(rankCenters([4, 0], centers.slice(0, 4)).map(({ cluster }) => cluster)).toEqual([0, 1]);
  });

  test("are all but equal up to 2 %", () => {
    expect(allButEquallyFar(4.32, 4.4)).toBe(true);
    expect(allButEquallyFar(4.32, 4.5)).toBe(false);
  });
});

describe("the members of a cluster", () => {
  const labels = Uint8Array.of(0, 0, 0, 1);

  test("are ordered from the middle to the edge, with the nearest other center", () => {
    const members = membersOf(0, labels, images, centers);
    expect(members.map(({ mark, distance: far, rival }) => [mark, far, rival])).toEqual([
      [0, 0, 2],
      [1, 3, 2],
      [2, 4, 1],
    ]);
  });

  test("that lie nearly as close to another center are odd, the oddest first", () => {
    const members = membersOf(0, labels, images, centers.slice(0, 4));
    expect(oddOnes(members, 12).map(({ mark }) => mark)).toEqual([2]);
    expect(oddOnes(members, 0)).toEqual([]);
  });

  test("have no rival where there is one center, and none is odd", () => {
    const members = membersOf(0, labels, images, centers.slice(0, 2));
    expect(members.map(({ rival, ratio }) => [rival, ratio])).toEqual([
      [-1, 0],
      [-1, 0],
      [-1, 0],
    ]);
    expect(oddOnes(members, 12)).toEqual([]);
  });

  test("that lie on two equal centers do not divide by zero", () => {
    const [member] = membersOf(0, Uint8Array.of(0), images, Float32Array.of(0, 0, 0, 0));
    expect(member?.ratio).toBe(0);
  });
});

describe("clusters beside the truths", () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1, 2, 2, 2);
  const truths = ["0", "0", "9", "0", "1", "1", "1", "9"];
  const verdict = judge(labels, truths, 4);

  test("take the name of their commonest truth, of equally common ones the first", () => {
    expect(verdict.clusters.map(({ name }) => name)).toEqual(["0", "0", "1", ""]);
    expect(verdict.clusters[0]?.held).toEqual([
      { truth: "0", count: 2 },
      { truth: "9", count: 1 },
    ]);
  });

  test("are right for the members that bear the name", () => {
    expect([verdict.right, verdict.total]).toEqual([5, 8]);
    expect(verdict.missing).toEqual(["9"]);
    expect(verdict.shared).toEqual([{ truth: "0", count: 2 }]);
  });

  test("ignore what has no truth", () => {
    const some = judge(Uint8Array.of(0, 0, 1), ["4", "", ""], 2);
    expect(some.clusters.map(({ size }) => size)).toEqual([1, 0]);
    expect([some.right, some.total, some.missing]).toEqual([1, 1, []]);
  });

  test("are told in one sentence", () => {
    expect(verdictWords(verdict, "digit")).toEqual({
      share: "63 %",
      names: "Two clusters are 0s and none is a 9, so every 9 is read wrong.",
    });
  });

  test.each([
    [[], [], "Every digit has a cluster of its own."],
    [[["1", 3]], [], "Three clusters are 1s and every digit has one."],
    [[], ["1", "8"], "No cluster is a 1 or 8, so every one of those is read wrong."],
    [
      [
        ["0", 3],
        ["1", 2],
        ["2", 2],
      ],
      ["8"],
      "Three digits have several clusters and no cluster is an 8, so every 8 is read wrong.",
    ],
    [
      [
        ["0", 3],
        ["1", 2],
        ["2", 2],
      ],
      [],
      "Every digit has a cluster, three have several.",
    ],
    [
      [["0", 2]],
      [..."234567"],
      "Two clusters are 0s and six digits have none, so they are always read wrong.",
    ],
    [[], [..."01234567"], "Eight digits have no cluster, so they are always read wrong."],
  ] as [[string, number][], string[], string][])("shared %j, missing %j", (shared, missing, words) => {
    const said = verdictWords(
      { ...verdict, missing, shared: shared.map(([truth, count]) => ({ truth, count })) },
      "digit",
    );
    expect(said.names).toBe(words);
  });

  test("say what they take for what", () => {
    const cluster = (...held: [string, number][]) => ({
      held: held.map(([truth, count]) => ({ truth, count })),
      size: 0,
      name: "",
    });
    expect(mistakenWords(cluster(["1", 99], ["8", 24], ["2", 1]))).toBe(
      "It takes 8s (24) and 2s (1) for 1s.",
    );
    expect(mistakenWords(cluster(["1", 9], ["8", 4], ["2", 3], ["3", 2], ["5", 1], ["7", 1]))).toBe(
      "It takes 8s (4), 2s (3), 3s (2) and 2 others for 1s.",
    );
    expect(mistakenWords(cluster(["0", 5]))).toBe("All of its images are 0s.");
    expect(mistakenWords(cluster())).toBe("It has no images.");
  });

  test("speak of digits only where all are", () => {
    expect(nounOf(["0", "9"])).toBe("digit");
    expect(nounOf(["0", "x"])).toBe("name");
  });
});

describe("why an image is nearer to one center", () => {
  const write = (far: number) => far.toFixed(2);

  // 3 x 3; the image has ink at the top and none at the bottom.
  const image = [9, 9, 9, 0, 0, 0, 0, 0, 0];
  const a = [9, 9, 9, 0, 0, 0, 5, 0, 0];
  const b = [0, 9, 9, 0, 0, 0, 0, 0, 0];
  const found = difference(image, a, b, 3, 3);

  test("is the difference of the squared distances, pixel by pixel", () => {
    expect([...found.pixels]).toEqual([-81, 0, 0, 0, 0, 0, 25, 0, 0]);
    const sum = found.pixels.reduce((total, gain) => total + gain, 0);
    expect(sum).toBe(distance(image, a) ** 2 - distance(image, b) ** 2);
    expect([found.forA, found.forB]).toEqual([81, 25]);
  });

  test("is told by place: ink where the one has ink, a gap where the other has it", () => {
    expect(found.placeA).toEqual({ where: "at the top left", what: "ink" });
    expect(found.placeB).toEqual({ where: "at the bottom left", what: "gap" });
    expect(
      whyWords(found, { cluster: 3, name: "4", distance: 5 }, { cluster: 7, name: "9", distance: 9 }, write),
    ).toBe(
      "The ink at the top left speaks for a 4. The gap at the bottom left speaks for a 9. On the whole center 3 is nearer: 5.00 against 9.00.",
    );
    expect(
      whyWords(found, { cluster: 3, name: "", distance: 9 }, { cluster: 7, name: "", distance: 9 }, write),
    ).toBe(
      "The ink at the top left speaks for center 3. The gap at the bottom left speaks for center 7. The two are all but equally far: 9.00 against 9.00.",
    );
  });

  test("names two places: of one that speaks most for both, the weaker takes its next best", () => {
    const [x, p, q] = [
      [9, 9, 0, 0],
      [9, 0, 0, 4],
      [0, 9, 0, 0],
    ];
    const wide = difference(x, p, q, 1, 4); // both have ink on the left, and b a gap on the right too
    expect([wide.placeA?.where, wide.placeB?.where]).toEqual(["at the top left", "at the top right"]);
  });

  test("is nothing where both centers are equal", () => {
    const same = difference(image, a, a, 3, 3);
    expect([same.forA, same.forB, same.placeA, same.placeB]).toEqual([0, 0, null, null]);
  });
});
