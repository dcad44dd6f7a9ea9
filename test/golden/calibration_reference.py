"""Writes calibration.json. Run, with scikit-learn and imbalanced-learn: python calibration_reference.py > calibration.json"""

import json
import platform

import imblearn
import numpy as np
import sklearn
from imblearn.under_sampling import EditedNearestNeighbours, TomekLinks
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(20261126)

scores = np.round(rng.uniform(0, 1, 120), 2)  # two digits, so that some are tied
labels = (rng.uniform(size=120) < scores**2).astype(int)
at = np.round(np.linspace(-0.1, 1.1, 41), 3)
isotonic = IsotonicRegression(out_of_bounds="clip").fit(scores, labels)

margins = np.round(rng.normal(-1, 2, 150), 4)
outcomes = (rng.uniform(size=150) < 1 / (1 + np.exp(-(0.6 * margins - 0.5)))).astype(int)
platt = _SigmoidCalibration().fit(margins, outcomes)

X = np.round(rng.normal(size=(60, 3)), 4)
y = (X[:, 0] + rng.normal(size=60) > 0.4).astype(int)
minority = np.flatnonzero(y == 1)
# imbalanced-learn's SMOTE asks for one neighbour more and leaves out the first, the row itself
_, found = NearestNeighbors(n_neighbors=6).fit(X[minority]).kneighbors(X[minority])

said = np.round(rng.choice([0.05, 0.1, 0.2, 0.35, 0.5, 0.8], 400), 2)
came = (rng.uniform(size=400) < said * 0.9 + 0.02).astype(int)
mean = came.mean()
bins = [(said == value, value) for value in np.unique(said)]

print(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}, imbalanced-learn {imblearn.__version__}, numpy {np.__version__}, "
            f"Python {platform.python_version()}",
            "command": "python test/golden/calibration_reference.py > test/golden/calibration.json",
            "kind": "reference",
            "relativeTolerance": {"isotonic": 1e-9, "platt": 1e-4, "murphy": 1e-10},
            "isotonic": {
                "scores": scores.tolist(),
                "labels": labels.tolist(),
                "at": at.tolist(),
                "values": isotonic.predict(at).tolist(),
            },
            # scikit-learn's probability is 1 / (1 + exp(a * score + b))
            "platt": {
                "scores": margins.tolist(),
                "labels": outcomes.tolist(),
                "slope": float(-platt.a_),
                "intercept": float(-platt.b_),
            },
            "neighbours": {
                "X": X.tolist(),
                "y": y.tolist(),
                "minority": minority.tolist(),
                "nearest": minority[found[:, 1:]].tolist(),
                "withoutTomekLinks": TomekLinks(sampling_strategy="all").fit(X, y).fit_resample(X, y)[0].tolist(),
                "withoutMisplaced": EditedNearestNeighbours(sampling_strategy="all", kind_sel="mode")
                .fit_resample(X, y)[0]
                .tolist(),
            },
            # Murphy (1973) by its definition, over the distinct probabilities
            "murphy": {
                "probabilities": said.tolist(),
                "labels": came.tolist(),
                "brier": float(np.mean((said - came) ** 2)),
                "reliability": float(sum(some.sum() * (value - came[some].mean()) ** 2 for some, value in bins) / 400),
                "resolution": float(sum(some.sum() * (came[some].mean() - mean) ** 2 for some, _ in bins) / 400),
                "uncertainty": float(mean * (1 - mean)),
                "expectedCalibrationError": float(
                    sum(some.sum() * abs(value - came[some].mean()) for some, value in bins) / 400
                ),
            },
        },
        indent=1,
    )
)
