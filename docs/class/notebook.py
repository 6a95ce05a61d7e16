# The lab, as one source of two notebooks: lab.ipynb for learners, with blanks, and solutions.ipynb. `make notebooks`
# writes both (tools/notebooks.py tells the marks). As it stands, this file is the solutions.

# %% [markdown]
# # Handwriting and k-means: the lab
#
# You will find groups in 1,797 images of handwritten digits without telling the computer what a digit is. You name the
# groups, read your own handwriting with them, see it fail, find out why, and repair it.
#
# **How it works.** Go from top to bottom. Run a cell with Shift + Enter. Where you see three dots `...`, or the comment
# `# your turn`, put your own code or answer. After each task comes a check. It says *Right* or *Not yet*, and then what
# to look at. You may check as often as you like. If you are stuck for ten minutes, ask, or go on: no chapter needs the
# answers of another one, except where it says so.
#
# Guess before you run a cell. A wrong guess is where you learn something.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from inkmeans import KMeans, Project, choose_k, lab, load
from inkmeans.datasets import load_digits
from inkmeans.images import read_strokes
from inkmeans.lesson import PAD_INK, pad_numbers
from inkmeans.normalize import normalize
from inkmeans.plot import plot_assignments, plot_centers, plot_images, plot_inertia, plot_silhouette

lab.use_style()

# %% [markdown]
# ## 1. Load and look
#
# The data comes with the software. `digits.images` are the pictures, `digits.truths` says what each one shows. k-means
# will never see the truths. We keep them to find out how well it did.

# %%
digits = load_digits()
images, truths = digits.images, digits.truths
print(images.shape, images.dtype)
print(images[100].astype(int))
print("its truth:", truths[100])

# %%
figure, ax = plt.subplots(figsize=(9, 3.2))
plot_images(images[:64], truths[:64], n_columns=16, title="The first 64 digits", ax=ax)
# %% [markdown]
# **Task 1.** How many images are there? How many pixels has one side? What is the largest value of a pixel?

# %% task
# solution
n_images = len(images)
side = images.shape[1]
full_ink = images.max()
# blank
# | n_images = ...
# | side = ...
# | full_ink = ...
# end

# %% check
lab.check_look(n_images, side, full_ink)

# %% [markdown]
# ## 2. Read the description
#
# Whoever uses data should know where it comes from. Who wrote these digits? How did paper become 8 x 8 numbers?

# %%
print(digits.description)

# %% [markdown]
# **Task 2.** By how many people were the digits in *this* set written? Each pixel counts the ink in a small square
# block of a finer picture: how many fine pixels long is the side of such a block?

# %% task
# solution
n_writers = 13  # "30 contributed to the training set and different 13 to the test set"; this is the test set
block_side = 4  # 4 x 4 = 16 fine pixels: so ink goes from 0 to 16
# blank
# | n_writers = ...
# | block_side = ...
# end

# %% check
lab.check_description(n_writers, block_side)

# %% [markdown]
# *To think about:* you are not among these people. What could be different about your handwriting?

# %% [markdown]
# ## 3. k-means by hand
#
# For k-means an image is a row of 64 numbers, a point in a space of 64 dimensions. The method has two steps, over and
# over:
#
# 1. **assignment**: each image goes to its nearest center;
# 2. **update**: each center moves to the mean of its images.
#
# It ends when an assignment changes nothing. You write it, in about fifteen lines of NumPy.

# %%
X = images.reshape(len(images), -1)
X.shape

# %% [markdown]
# **Task 3.** `assign` gives for each row of `X` the number of its nearest center. "Near" is the sum of the squared
# differences. If two centers are equally near, take the lower number.
#
# *Help:* `X[:, np.newaxis] - centers` has the shape (rows, centers, numbers): every difference at once. `.sum(axis=2)`
# sums over the numbers, `.argmin(axis=1)` finds the smallest of each row.


# %% task
def assign(X, centers):
    # solution
    distances = ((X[:, np.newaxis] - centers) ** 2).sum(axis=2)
    return distances.argmin(axis=1)
    # blank
    # | # your turn
    # | return ...
    # end


# %% check
lab.check_assign(assign)

# %% [markdown]
# **Task 4.** `update` gives the new centers: the mean of the rows of each cluster. A cluster without rows keeps its old
# center.
#
# *Help:* `X[labels == 3]` are the rows of cluster 3, and `.mean(axis=0)` is their mean.


# %% task
def update(X, labels, centers):
    # solution
    centers = centers.copy()
    for j in np.unique(labels):
        centers[j] = X[labels == j].mean(axis=0)
    return centers
    # blank
    # | # your turn
    # | return ...
    # end


# %% check
lab.check_update(update)

# %% [markdown]
# **Task 5.** `kmeans` begins with the centers that it is given, repeats both steps until an assignment changes no
# label, and gives three things back: labels, centers, and the *inertia*, the sum of the squared distances of all images
# to their own centers. The check holds it against `KMeans` of the package.


# %% task
def kmeans(X, centers):
    # solution
    labels = assign(X, centers)
    while True:
        centers = update(X, labels, centers)
        before, labels = labels, assign(X, centers)
        if (labels == before).all():
            return labels, centers, ((X - centers[labels]) ** 2).sum()
    # blank
    # | # your turn
    # | return ...
    # end


# %% check
lab.check_kmeans(kmeans)

# %% [markdown]
# The `KMeans` of the package does the same. It also tells what happens after each half-step, so we can watch the
# inertia fall. *Why can it never rise?*

# %%
history = []
KMeans(10, random_state=0, callback=history.append).fit(X)
plot_inertia(history, title="Each half-step lowers the inertia")
# %% [markdown]
# ## 4. Ten centers as pictures
#
# k-means begins at random. The number `my_seed` chooses which random numbers: **take one of your own**, such as your
# birthday. Then your run is yours, and probably nobody else in the room has the same clusters in the same order.

# %%
my_seed = 0  # your turn: any whole number from 0 on
model = KMeans(10, random_state=my_seed).fit(X)
print(f"{model.n_iter_} iterations, inertia {model.inertia_:,.0f}")

# %% [markdown]
# **Task 6.** A center is a mean image. Make a picture of each: `pictures` with the shape (10, 8, 8) from
# `model.cluster_centers_`, which has the shape (10, 64).

# %% task
# solution
pictures = model.cluster_centers_.reshape(10, 8, 8)
# blank
# | pictures = ...
# end

# %% check
lab.check_pictures(pictures, model)

# %%
plot_centers(model, title="Ten centers of my run, and how many images each has")
# %% [markdown]
# Nobody told k-means that there are digits, and yet these look like digits. Here are all images, seen from the side on
# which they spread most, in the color of their cluster.

# %%
plot_assignments(X, model, title="1,797 images on their two principal components")
# %% [markdown]
# ## 5. Name them
#
# **Task 7.** Look at the pictures of *your* ten centers and write down what each shows. Cluster 0 first. It may happen
# that two centers show the same digit, and that one digit has none.

# %% task
# solution
names = ["2", "0", "1", "9", "4", "5", "6", "1", "7", "3"]
# blank
# | names = ["?", "?", "?", "?", "?", "?", "?", "?", "?", "?"]  # your turn
# end

# %% check
lab.check_names(names, model)

# %%
plot_centers(model, names=names, title="Ten centers, named by me")
# %% [markdown]
# **Task 8.** Each image gets the name of its cluster. Which share of the images gets its true name?
#
# *Help:* `np.array(names)[model.labels_]` gives each image the name of its cluster.

# %% task
# solution
named = np.array(names)[model.labels_]
accuracy = (named == truths).mean()
# blank
# | accuracy = ...
# end

# %% check
lab.check_accuracy(accuracy, names, model)

# %% [markdown]
# **Why a copied list fails.** Somebody else's list belongs to somebody else's run. Here is your neighbor's run with the
# names of yours: the numbers of the clusters have nothing to do with each other.

# %%
neighbor = KMeans(10, random_state=my_seed + 1).fit(X)
plot_centers(neighbor, names=names, title="My neighbor's centers, with my names")
with_my_names = np.array(names)[neighbor.labels_]
print(f"right with my names: {(with_my_names == truths).mean():.1%} of my neighbor's images")

# %% [markdown]
# ## 6. Your own drawings
#
# Open the page (`inkmeans serve`, or the address that your teacher gives), choose **Draw**, draw digits, and tell for
# each what it was. Then press *save*: the browser downloads `drawings.json`. Put it beside this notebook and run the
# cell again. Without it you get sixty sample drawings.
#
# The page of the famous lesson makes 8 x 8 numbers of a drawing. `pad_numbers` does exactly what it does.

# %%
own = Path("drawings.json")
drawings = read_strokes(own if own.is_file() else "sample-drawings.json")
drawings = [each for each in drawings if each.truth and each.truth in "0123456789"]
drawn_truths = np.array([each.truth for each in drawings])
pad = np.array([pad_numbers(each) for each in drawings])
plot_images(pad[:30], drawn_truths[:30], n_columns=10, title="Drawings, as k-means gets them")
# %% [markdown]
# **Task 9.** Read them with your ten centers: `readings` has for each drawing the name of its nearest center. `names`
# are yours from task 7.
#
# *Help:* `model.predict` takes rows of 64 numbers and gives the numbers of the clusters.

# %% task
# solution
readings = np.array(names)[model.predict(pad.reshape(len(pad), -1))]
# blank
# | readings = ...
# end

# %% check
lab.check_readings(readings, pad, names, model)

# %%
plot_images(pad[:30], readings[:30] if np.shape(readings) else None, n_columns=10, title="Read by ten centers")
print(f"read right: {np.mean(np.asarray(readings) == drawn_truths):.0%}")

# %% [markdown]
# ## 7. Why it fails
#
# Something goes wrong between paper and k-means. There are three suspects: the **scale of the ink**, the **place**
# (where the digit stands, and how large it is), and the **slant**. We try one after the other.
#
# **Task 10.** Full ink is 16 in the data, but only 7.63 on the drawing page. Scale `pad` so that 7.63 becomes 16. Guess
# before: will that help?

# %% task
# solution
scaled = pad * (16 / PAD_INK)
# blank
# | scaled = ...
# end

# %% check
lab.check_ink(scaled, pad)

# %% [markdown]
# **Task 11.** How much does the place matter? Take the *data itself*, move every image one pixel to the right, and ask
# `model` again. `kept` is the share of images that stay in the cluster that they had (`model.labels_`).
#
# *Help:* `moved = np.zeros_like(images)`, then `moved[:, :, 1:] = images[:, :, :-1]`.

# %% task
# solution
moved = np.zeros_like(images)
moved[:, :, 1:] = images[:, :, :-1]
kept = (model.predict(moved.reshape(len(moved), -1)) == model.labels_).mean()
# blank
# | kept = ...
# end

# %% check
lab.check_shift(kept, model)

# %% [markdown]
# To people both pictures are the same 0. To k-means they are two different points, because it compares pixel by pixel.

# %%
pair = np.zeros((2, 8, 8))
pair[0] = images[0]
pair[1, :, 1:] = images[0][:, :-1]
plot_images(pair, ["as it is", f"distance {np.linalg.norm(pair[0] - pair[1]):.0f}"], title="One pixel to the right")
to_center = model.transform(X)[0].min()
print(f"To the center of its cluster this digit has a distance of {to_center:.0f}.")

# %% [markdown]
# The **normalizer** brings every image to one size, puts its center of mass into the middle, and takes the slant away.
# It must do so for the data and for the drawings alike.

# %%
figure, (before, after) = plt.subplots(2, 1, figsize=(6.4, 2.8))
plot_images(pad[:8], n_columns=8, title="Eight drawings, before and after the normalizer", ax=before)
plot_images(normalize(pad[:8]).glyphs, n_columns=8, ax=after)

# %% [markdown]
# Now we measure. Each step adds one repair to the one before. Each accuracy is the mean of five runs of k-means with k
# = 10. In each run a cluster is named by its commonest truth, which is what a very careful look would give.


# %%
def commonest(labels, truths, k):
    """Return the commonest truth of each cluster."""
    names = np.full(k, "?")
    for j in np.unique(labels):
        values, counts = np.unique(truths[labels == j], return_counts=True)
        names[j] = values[counts.argmax()]
    return names


def accuracy_on_drawings(learned, drawn, k=10, n_runs=5):
    """Return the mean share of the drawings read right by k clusters of the images `learned`."""
    rows, drawn_rows = learned.reshape(len(learned), -1), drawn.reshape(len(drawn), -1)
    right = []
    for seed in range(n_runs):
        run = KMeans(k, random_state=seed).fit(rows)
        right.append((commonest(run.labels_, truths, k)[run.predict(drawn_rows)] == drawn_truths).mean())
    return float(np.mean(right))


accuracies = {
    "as drawn": accuracy_on_drawings(images, pad),
    "ink": accuracy_on_drawings(images, pad * (16 / PAD_INK)),
    "place": accuracy_on_drawings(normalize(images, slant="kept").glyphs, normalize(pad, slant="kept").glyphs),
    "slant": accuracy_on_drawings(normalize(images).glyphs, normalize(pad).glyphs),
}
figure, ax = plt.subplots(figsize=(6.4, 2.4))
bars = ax.barh([*accuracies], [*accuracies.values()])
ax.bar_label(bars, [f"{each:.0%}" for each in accuracies.values()], padding=5)
ax.invert_yaxis()
ax.set(xlim=(0, 1), xticks=[])
ax.set_title("Drawings read right, each repair added to those above", family="serif")
ax.grid(visible=False)

# %% [markdown]
# **Task 12.** Which step helped most over the one before it: `"ink"`, `"place"` or `"slant"`?

# %% task
# solution
step = "place"
# blank
# | step = ...
# end

# %% check
lab.check_step(step, accuracies)

# %% [markdown]
# ## 8. How many clusters?
#
# From here on we use normalized glyphs of 28 x 28 pixels. First the two famous criteria. The **inertia** always falls
# with k, and people look for an elbow. The **silhouette** says how much nearer each image is to its own cluster than to
# the next one, from -1 to 1.

# %%
glyphs = normalize(images).glyphs
G = glyphs.reshape(len(glyphs), -1)
numbers = [2, 3, 5, 7, 10, 15, 20, 30, 40, 60]
inertia = [KMeans(k, random_state=0).fit(G).inertia_ / 255**2 for k in numbers]  # full ink counts as 1
plot_inertia(inertia, numbers, title="Where is the elbow?")
# %%
ten = KMeans(10, random_state=0).fit(G)
plot_silhouette(G, ten, title="Silhouette of each image, k = 10")
# %% [markdown]
# But what we want to know is another thing: *if I name k clusters, each after one look at its middle image, how many
# images will get the right name?* `choose_k` estimates that without any truth. It groups the images with
# `GlyphClustering`, which compares strokes and not pixels. (This takes some seconds.)

# %%
found = choose_k(images, [5, 10, 15, 20, 30, 40, 60])
figure, ax = plt.subplots(figsize=(6.4, 3.2))
ax.fill_between(found.n_clusters, found.low, found.high, alpha=0.15, linewidth=0)
ax.plot(found.n_clusters, found.accuracy, marker="o")
ax.axhline(0.985, linestyle="--", linewidth=1, color="gray")
ax.annotate("98.5 %", (60, 0.985), (0, -12), textcoords="offset points", ha="right", fontsize=9)
ax.set(xlabel="number of clusters, k", xticks=found.n_clusters, ylim=(0.9, 1), yticks=[0.9, 0.92, 0.94, 0.96, 0.98, 1])
ax.yaxis.set_major_formatter("{x:.0%}")
ax.set_title("Expected accuracy after naming, with its interval", family="serif")
for k, expected, silhouette in zip(found.n_clusters, found.accuracy, found.silhouette, strict=True):
    print(f"k = {k:3d}   expected accuracy {expected:6.1%}   silhouette {silhouette:.2f}")

# %% [markdown]
# **Task 13.** You want 98.5 % of the images to get the right name, and to look at as few clusters as possible. Which of
# these k do you choose?

# %% task
# solution
k = 30
# blank
# | k = ...
# end

# %% check
lab.check_k(k, found)

# %% [markdown]
# (*Choose k* in the page's view Learn suggests another k: the one from which more looks bring little. Here a wish is
# given, and it decides.)
#
# *To think about:* where would the elbow have sent you? And the silhouette? What question does each of them answer?

# %% [markdown]
# ## 9. More clusters than digits
#
# k is not the number of digits. It is the number of ways to write them that you want to tell apart. With 60 clusters
# you cannot look at 60 blurred means; you look at the **middle image** of each, the real image nearest to the center.

# %%
sixty = KMeans(60, random_state=0).fit(G)
distances = sixty.transform(G)
distances.shape  # a row for each image, a column for each center

# %% [markdown]
# **Task 14.** `middles` has for each of the 60 centers the number of the image nearest to it.

# %% task
# solution
middles = distances.argmin(axis=0)
# blank
# | middles = ...
# end

# %% check
lab.check_middles(middles, sixty, G)

# %% [markdown]
# Now name the clusters by one look at each middle image. To save you sixty looks, the truth of that one image stands in
# for yours.

# %%
for k in (10, 20, 60):
    run = KMeans(k, random_state=0).fit(G)
    looked_at = run.transform(G).argmin(axis=0)
    right = (truths[looked_at][run.labels_] == truths).mean()
    print(f"k = {k:2d}: {k} looks, {right:.1%} of all images get the right name")

looked_at = sixty.transform(G).argmin(axis=0)
figure, ax = plt.subplots(figsize=(9, 3.4))
plot_images(glyphs[looked_at], truths[looked_at], n_columns=15, title="60 middle images, each named by one look", ax=ax)
# %% [markdown]
# ## 10. Few labels
#
# Labels cost time. Suppose that you may ask a person about **30 images**, and about no more. All others should get
# their names from these. A *project* groups the images and passes names on from neighbor to neighbor (`propagate`).

# %%
if "project" in globals():  # this cell was run before
    project.close()
project = Project.create("few-labels.ink", images, overwrite=True)
project.cluster(30, random_state=0)
clusters = project.clusters
print(f"{len(clusters)} clusters; the middle image of cluster 0 is number {clusters[0].members[0]}")

# %% [markdown]
# **Task 15.** Choose the 30 images to ask about, so that the answers tell as much as possible. The first 30 are a poor
# choice; try them once. Then measure `few_accuracy` on the right images: which ones must not be counted?
#
# *Help:* `each.members[0]` is the middle image of the cluster `each`.

# %% task
# solution
chosen = [each.members[0] for each in clusters]
# blank
# | chosen = range(30)  # your turn
# end

# %%
project.propagate({int(i): str(truths[i]) for i in chosen}, least_confidence=0.0)
given_names = np.array([name or "?" for name in project.names])
project.undo()  # so that another choice begins with no truths
rest = np.setdiff1d(np.arange(len(images)), chosen)
print(f"{len(chosen)} truths asked for, {len(rest):,} images named by them")

# %% task
# solution
few_accuracy = (given_names == truths)[rest].mean()
# blank
# | few_accuracy = ...
# end

# %% check
lab.check_few_labels(chosen, few_accuracy, project.labels, given_names, truths)

# %% [markdown]
# ## 11. Bias and variance as k grows
#
# Now the truths help: k-means groups **training images**, each cluster is named by the commonest truth among its
# training images, and the names are tried on **test images** that it has not seen.
#
# **Task 16.** `train_and_test` does that for one k. It gives back two accuracies: on the training images, then on the
# test images. Use `KMeans(k, random_state=0)` and `commonest` from chapter 7.


# %% task
def train_and_test(X_train, y_train, X_test, y_test, k):
    # solution
    run = KMeans(k, random_state=0).fit(X_train)
    names = commonest(run.labels_, y_train, k)
    train = (names[run.labels_] == y_train).mean()
    test = (names[run.predict(X_test)] == y_test).mean()
    return train, test
    # blank
    # | # your turn
    # | return ...
    # end


# %% check
lab.check_train_and_test(train_and_test)

# %% [markdown]
# In life some names are wrong: people get tired. So the truths of the training images get mistakes: one in five is
# replaced by a random digit. The test images keep their true names. We draw ten training sets of 600 images and look at
# the mean.

# %%
rng = np.random.default_rng(0)
order = rng.permutation(len(X))
pool, unseen = order[:1200], order[1200:]
training_sets = []
for _ in range(10):
    part = rng.choice(pool, 600, replace=False)
    tired = truths[part].copy()
    mistaken = rng.random(600) < 0.2
    tired[mistaken] = rng.choice([*"0123456789"], mistaken.sum())
    training_sets.append((X[part], tired))

ks = [2, 5, 10, 20, 40, 80, 150, 300, 600]
train, test = np.zeros((2, len(ks)))
if lab.check_train_and_test(train_and_test):
    for i, k in enumerate(ks):
        pairs = [train_and_test(rows, tired, X[unseen], truths[unseen], k) for rows, tired in training_sets]
        train[i], test[i] = np.mean(pairs, axis=0)
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    ax.plot(ks, train, marker="o", label="training images, with their wrong names")
    ax.plot(ks, test, marker="o", label="test images")
    ax.set(xscale="log", xticks=ks, xticklabels=ks, xlabel="number of clusters, k", ylim=(0, 1.02))
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_title("Accuracy as k grows, mean of 10 training sets", family="serif")
    ax.minorticks_off()
    ax.legend()
else:
    print("Do task 16 first, then run this cell again.")

# %% [markdown]
# Where do the mistakes on test images come from? Ten models, from ten training sets, vote on each test image. If the
# *majority* is wrong, that is **bias**: the model cannot do better, whatever images it sees. How often a single model
# disagrees with the majority is the **variance**: chance, the choice of the images.

# %%
bias_at, variance_at = [], []
for k in ks:
    votes = []
    for rows, tired in training_sets:
        run = KMeans(k, random_state=0).fit(rows)
        votes.append(commonest(run.labels_, tired, k)[run.predict(X[unseen])])
    votes = np.array(votes)
    majority = np.array([max(sorted(set(column)), key=list(column).count) for column in votes.T])
    bias_at.append((majority != truths[unseen]).mean())
    variance_at.append((votes != majority).mean())

figure, ax = plt.subplots(figsize=(6.4, 3.6))
ax.plot(ks, bias_at, marker="o", label="bias: the majority is wrong")
ax.plot(ks, variance_at, marker="o", label="variance: a model disagrees with the majority")
ax.set(xscale="log", xticks=ks, xticklabels=ks, xlabel="number of clusters, k", ylim=(0, None))
ax.yaxis.set_major_formatter("{x:.0%}")
ax.set_title("Bias and variance as k grows", family="serif")
ax.minorticks_off()
ax.legend()
# %% [markdown]
# **Task 17.** What does the bias do as k grows from 2 to 600, and what does the variance do from k = 80 on: `"falls"`,
# `"rises"` or `"stays"`? Which of the tried k is best on images that were not seen?

# %% task
# solution
bias = "falls"
variance = "rises"
best_k = ks[test.argmax()]
# blank
# | bias = ...
# | variance = ...
# | best_k = ...
# end

# %% check
lab.check_bias_and_variance(bias, variance, best_k, ks, train, test)

# %% [markdown]
# *In your own words:* what is overfitting? Point at it in the picture. Why do the mistakes in the names hurt so much at
# k = 600 and so little at k = 80?

# %% [markdown] solution
# **An answer.** At k = 600 each training image is a cluster of its own, and its name is learned with its mistake: 100 %
# right on the training images, and on test images each neighbor's mistake comes back. That is overfitting. At k = 80 a
# cluster has about eight images, and the commonest name wins over the mistakes. With k = 2 nothing can be right: two
# names for ten digits. That is bias, or underfitting.

# %% [markdown]
# ## 12. Your handwriting, read
#
# Ten centers could not read your drawings. The reader that ships learned from many writers and pens, looks at patches
# of strokes in place of pixels, and has thousands of centers. It gets the very same 8 x 8 numbers. And it may say `?`
# when it is not sure.

# %%
reader = load("digits")
answers = reader.predict(pad, reject=True)
plot_images(pad[:30], answers[:30], n_columns=10, title="Read by the reader that ships")
# %% [markdown]
# **Task 18.** How many of the drawings does it answer (not `?`), and how many of these answers are wrong?

# %% task
# solution
is_answered = answers != "?"
n_answered = is_answered.sum()
n_wrong = (answers != drawn_truths)[is_answered].sum()
# blank
# | n_answered = ...
# | n_wrong = ...
# end

# %% check
lab.check_rejects(n_answered, n_wrong, answers, drawn_truths)

# %% [markdown]
# **The handwriting of the class.** Did your teacher keep the drawings of all? Put that file (its name ends in `.ink`)
# beside this notebook and run the cell: ten centers of your own class, and how the reader does on it.

# %%
for path in sorted(set(Path().glob("*.ink")) - {Path("few-labels.ink")}):
    with Project.open(path, read_only=True) as kept:
        shown, drawn = kept.glyphs, kept.truths
        read = reader.predict(list(kept.images), reject=True)
    centers = KMeans(min(10, len(shown)), random_state=my_seed).fit(shown.reshape(len(shown), -1))
    plot_centers(centers, title=f"Centers of {len(shown)} drawings of the class")
    if drawn is not None:
        is_answered = read != "?"
        print(f"{path}: answered {is_answered.mean():.0%}, right of these {(read == drawn)[is_answered].mean():.0%}")

# %% [markdown]
# *To think about:* a machine that reads amounts of money says `?`. What should happen then? What does it cost, and what
# does a wrong answer cost?
#
# **Where do you stand?** The table has every task.

# %%
lab.overview()

# %% [markdown]
# **Go further**
#
# - Draw your name, ten times each letter, on the page, and cluster that: nothing here knows what a digit is.
# - Change one thing in chapter 11: twice as many mistakes, or 100 training images. Guess first where the best k moves.
# - Fit `KMeans` on `images` and on `glyphs` with k = 60, and compare the accuracies of chapter 9. What did the
#   normalizer bring?
