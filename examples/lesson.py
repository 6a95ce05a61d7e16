"""The famous lesson, every step: cluster handwritten digits, look at the centers, name them, draw digits, read them.

    python examples/lesson.py [FOLDER]

Uses only what the package and this folder hold; writes its pictures into FOLDER (lesson/). Each step is done with
inkmeans' KMeans and with scikit-learn's, side by side; then come the two reasons why the lesson disappoints people who
follow it, with numbers.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans as ScikitLearnKMeans

from inkmeans import KMeans, load
from inkmeans.datasets import load_digits
from inkmeans.images import read_strokes
from inkmeans.lesson import PAD_INK, pad_numbers
from inkmeans.normalize import normalize
from inkmeans.pictures import centers_picture, contact_sheet, normalized_picture

HERE = Path(__file__).parent
SOURCE = "scikit-learn's digits (UCI, CC BY 4.0)"
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "lesson")
folder.mkdir(exist_ok=True)


def commonest(labels, truths):
    """Return the commonest truth of each cluster: the name that a careful look at its center gives."""
    return np.array(
        [max(sorted(set(truths[labels == j])), key=list(truths[labels == j]).count) for j in range(labels.max() + 1)]
    )


def percent(right):
    """Return a share as text."""
    return f"{100 * np.mean(right):.1f} %"


print("1. Load the digits")
digits = load_digits()
print(f"   {len(digits)} images of {digits.images.shape[1]} x {digits.images.shape[2]} pixels, ink 0 to 16")

print("2. Read the description")
print("  ", " ".join(digits.description.split()[:24]), "...")

print("3. Look at one image, and at a grid of 64 with labels")
print("  ", str(digits.images[100].astype(int)).replace("\n", "\n   "))
print(f"   its truth: {digits.truths[100]}")
sheet = contact_sheet(digits.images[:64], title="The first 64 digits", columns=8, ordered=False, source=SOURCE)
sheet.save(folder / "grid.png")
print("   the truths of the grid's first row:", " ".join(digits.truths[:8]))

print("4. k-means with k = 10, on the pixels as they are")
pixels = digits.images.reshape(len(digits), -1)
ours = KMeans(n_clusters=10, random_state=42).fit(pixels)
theirs = ScikitLearnKMeans(n_clusters=10, random_state=42).fit(pixels)
same = KMeans(n_clusters=10, init=theirs.cluster_centers_).fit(pixels)
print(f"   inertia: ours {ours.inertia_:,.0f}, scikit-learn's {theirs.inertia_:,.0f}")
print(
    f"   from scikit-learn's centers ours gives the same labels for {percent(same.labels_ == theirs.labels_)} of them"
)

print("5. Look at the ten centers, and name them")
names = commonest(ours.labels_, digits.truths)
their_names = commonest(theirs.labels_, digits.truths)
sizes = np.bincount(ours.labels_, minlength=10)
picture = centers_picture(
    ours.cluster_centers_.reshape(-1, 8, 8), names=list(names), counts=sizes, title="Ten centers, named", source=SOURCE
)
picture.save(folder / "centers.png")
print("   ours:           ", " ".join(f"{j}={name}" for j, name in enumerate(names)))
print("   scikit-learn's: ", " ".join(f"{j}={name}" for j, name in enumerate(their_names)))
print(f"   digits whose cluster bears their name: ours {percent(names[ours.labels_] == digits.truths)}", end=", ")
print(f"scikit-learn's {percent(their_names[theirs.labels_] == digits.truths)}")

print('6. Draw four digits: "In which year will robots take over the world?"')
year = read_strokes(HERE / "year.json")
drawn = np.array([pad_numbers(drawing) for drawing in year])
flat = drawn.reshape(4, -1)
print(f"   drawn: {''.join(drawing.truth for drawing in year)}")
print(f"   read by our ten centers:           {''.join(names[ours.predict(flat)])}")
print(f"   read by scikit-learn's:            {''.join(their_names[theirs.predict(flat)])}")

print("\nWhy it does not recognize your handwriting: 60 drawings (examples/drawings.json), means of 10 seeds")
drawings = read_strokes(HERE / "drawings.json")
truths = np.array([drawing.truth for drawing in drawings])
raw = np.array([pad_numbers(drawing) for drawing in drawings])
flat = raw.reshape(len(raw), -1)
glyphs = normalize(digits.images).glyphs.reshape(len(digits), -1)
seen = normalize(raw).glyphs
picture = normalized_picture(raw[0], seen[0], title="A drawing, as the model sees it")
picture.save(folder / "what-the-model-sees.png")


def read_by(k, learned, drawn, copied_names=None):
    """Return the mean share of the drawings read right by k clusters of `learned`, over ten seeds."""
    right = []
    for seed in range(10):
        model = KMeans(n_clusters=k, random_state=seed).fit(learned)
        own_names = commonest(model.labels_, digits.truths) if copied_names is None else copied_names
        right.append(np.mean(own_names[model.predict(drawn)] == truths))
    return percent(right)


print(f"   the lesson as it is taught, each run named anew:       {read_by(10, pixels, flat)}")
print(f"a. names copied from another run:                         {read_by(10, pixels, flat, names)}")
print(f"b. ink scaled from 7.63 to 16, nothing else:              {read_by(10, pixels, flat * 16 / PAD_INK)}")
print(f"   digits and drawings both normalized, k = 10:           {read_by(10, glyphs, seen.reshape(len(seen), -1))}")
print(f"c. more clusters than digits, named all the same: k = 20: {read_by(20, glyphs, seen.reshape(len(seen), -1))}")
reader = load("digits")
print("d. the reader that ships: many writers and pens, patches of strokes instead of pixels,")
print(f"   4,000 centers:                                         {percent(reader.predict(raw) == truths)}")
print(f"   and the year: {''.join(reader.predict(drawn))}")
print(f"\nPictures are in {folder}/.")
