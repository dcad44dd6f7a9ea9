"""Writes scikit-learn.json: inputs and what scikit-learn makes of them. Run: python scikit_learn_reference.py > scikit-learn.json"""

import json
import platform

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261101)


def metrics_case(name, y, p):
    return {
        "name": name,
        "y": [int(v) for v in y],
        "p": [float(v) for v in p],
        "rocAuc": roc_auc_score(y, p),
        "averagePrecision": average_precision_score(y, p),
        "brier": brier_score_loss(y, p),
        "logLoss": log_loss(y, p),
    }


p = np.round(rng.uniform(0.01, 0.99, 60), 4)
y = (rng.uniform(size=60) < p).astype(int)
tied_p = np.round(rng.uniform(0.1, 0.9, 80), 1)
tied_y = (rng.uniform(size=80) < 0.3).astype(int)
cases = [
    metrics_case("distinct probabilities", y, p),
    metrics_case("many ties", tied_y, tied_p),
    metrics_case("the same probability for all", tied_y, np.full(80, 0.3)),
    metrics_case("certain and wrong twice", np.array([0, 1, 1, 0, 1]), np.array([0.0, 0.0, 1.0, 1.0, 0.6])),
]

X = np.round(np.column_stack([rng.normal(5, 2, 50), rng.uniform(0, 1000, 50), rng.integers(0, 2, 50)]), 3)
margin = 0.8 * (X[:, 0] - 5) - 0.003 * (X[:, 1] - 500) + X[:, 2] - 0.5
labels = (rng.uniform(size=50) < 1 / (1 + np.exp(-margin))).astype(int)
Z = StandardScaler().fit_transform(X)
model = LogisticRegression(C=1.0, tol=1e-14, max_iter=10000, solver="newton-cholesky").fit(Z, labels)

print(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, Python {platform.python_version()}",
            "command": "python test/golden/scikit_learn_reference.py > test/golden/scikit-learn.json",
            "kind": "reference",
            "relativeTolerance": {"metrics": 1e-12, "logisticRegression": 1e-6},
            "metrics": cases,
            "logisticRegression": {
                "l2": 1,
                "X": X.tolist(),
                "y": labels.tolist(),
                "intercept": float(model.intercept_[0]),
                "coefficients": model.coef_[0].tolist(),
                "probabilities": model.predict_proba(Z)[:, 1].tolist(),
            },
        },
        indent=1,
    )
)
