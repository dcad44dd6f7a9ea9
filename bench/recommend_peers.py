"""The same recommenders as one would take them in Python: `recommend_peers.py <ease|neighbours> <directory> <products>`.

EASE as its paper's twenty lines of NumPy; neighbours by `implicit`'s CosineRecommender. Fits to the purchases that our bench left in the
directory, and makes lists of ten for everybody. Prints JSON. Neither says why, fades by age, or compares itself with anything.
"""

import json
import resource
import sys
import time

import numpy
import scipy.sparse

engine, directory, products = sys.argv[1], sys.argv[2], int(sys.argv[3])
starts = numpy.fromfile(f"{directory}/starts.bin", dtype=numpy.uint32).astype(numpy.int64)
items = numpy.fromfile(f"{directory}/items.bin", dtype=numpy.uint32).astype(numpy.int32)
weights = numpy.fromfile(f"{directory}/weights.bin", dtype=numpy.float32)
X = scipy.sparse.csr_matrix((weights, items, starts), shape=(len(starts) - 1, products))

steps = []


def step(name, begin, cpu):
    steps.append({"step": name, "seconds": time.perf_counter() - begin, "cpuSeconds": time.process_time() - cpu})


begin, cpu = time.perf_counter(), time.process_time()
if engine == "ease":
    G = (X.T @ X).toarray().astype(numpy.float64)
    G[numpy.diag_indices(products)] += 6 * numpy.trace(G) / products
    P = numpy.linalg.inv(G)
    B = (P / -numpy.diag(P)).astype(numpy.float32)
    B[numpy.diag_indices(products)] = 0
else:
    from implicit.nearest_neighbours import CosineRecommender

    model = CosineRecommender(K=50)
    model.fit(X, show_progress=False)
step("fit", begin, cpu)

begin, cpu = time.perf_counter(), time.process_time()
count = 0
for first in range(0, X.shape[0], 2000):
    users = numpy.arange(first, min(first + 2000, X.shape[0]))
    own = X[users]
    if engine == "ease":
        scores = own @ B
        scores[own.nonzero()] = -numpy.inf
        top = numpy.argpartition(-scores, 10, axis=1)[:, :10]
        order = numpy.argsort(-numpy.take_along_axis(scores, top, axis=1), axis=1)
        count += numpy.take_along_axis(top, order, axis=1).size
    else:
        count += model.recommend(users, own, N=10, filter_already_liked_items=True)[0].size
step("recommend", begin, cpu)

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"steps": steps, "items": count, "peakMb": peak}))
