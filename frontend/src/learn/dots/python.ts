/** The run that is shown, in Python. */

const PER_LINE = 6;

export interface Told {
  /** x and y of each dot. */
  readonly values: ArrayLike<number>;
  /** x and y of each first center. */
  readonly centers: ArrayLike<number>;
  readonly isScaled: boolean;
}

/** Return a program that makes the same clusters; Python reads the numbers to the last bit. */
export function inPython({ values, centers, isScaled }: Told): string {
  return `import numpy as np
from inkmeans import KMeans

X = np.array([
${rows(values)}
])
init = np.array([  # the first centers
${rows(centers)}
])
${isScaled ? SCALING : ""}model = KMeans(${centers.length / 2}, init=init, n_init=1).fit(X)
print(model.inertia_)
`;
}

const SCALING = `mean, deviation = X.mean(axis=0), X.std(axis=0)
X, init = (X - mean) / deviation, (init - mean) / deviation
`;

function rows(values: ArrayLike<number>): string {
  const pairs = Array.from(
    { length: values.length / 2 },
    (_, i) => `[${values[2 * i]}, ${values[2 * i + 1]}],`,
  );
  const lines = Array.from({ length: Math.ceil(pairs.length / PER_LINE) }, (_, i) =>
    pairs.slice(i * PER_LINE, (i + 1) * PER_LINE).join(" "),
  );
  return lines.map((line) => `    ${line}`).join("\n");
}
