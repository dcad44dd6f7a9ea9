"""Writes btyd-mpmath.json: closed forms of the papers at 60 digits. Run: python btyd_reference.py > btyd-mpmath.json"""

import json
import platform

import mpmath
from mpmath import hyp2f1, log, mp, mpf, psi, quad

mp.dps = 60


def while_active(shape, rate, a, b, t):
    """(a+b-1)/(a-1) [1 - (1-z)^r 2F1(r, b; a+b-1; z)], its removable singularities approached to 1e-25."""
    shape, rate, a, b, t = map(mpf, (shape, rate, a, b, t))
    if a == 1:
        a += mpf(10) ** -25
    if a + b == 1:
        b += mpf(10) ** -25
    z = t / (rate + t)
    return (a + b - 1) / (a - 1) * (1 - (1 - z) ** shape * hyp2f1(shape, b, a + b - 1, z))


def log_lomax(m, p, n, q, length):
    m, p, n, q, length = map(mpf, (m, p, n, q, length))
    scale = m**-p * n**-q
    steps = [length * mpf(2) ** -k for k in range(40, -1, -1)]
    return log(quad(lambda u: (m + u) ** -p * (n + u) ** -q / scale, [0, *steps])) + log(scale)


active = [
    ("0.2425945", "4.4136019", "0.7929199", "2.4258881", "78"),
    ("2.2425945", "43.2736019", "0.7929199", "4.4258881", "39"),
    ("1500.2425945", "43.2736019", "0.7929199", "1502.4258881", "39"),
    ("0.3", "43.86", "0.4", "0.3", "39"),
    ("0.3", "43.86", "0.4", "0.6", "39"),
    ("0.5", "10", "1", "2", "52"),
    ("0.5", "10", "1", "0.25", "52"),
    ("3.5", "0.5", "2.5", "0.9", "500"),
    ("200", "300", "0.8", "2.4", "52"),
    ("5000", "5000", "0.3", "9", "12"),
    ("80", "20", "1", "3", "30"),
    ("60", "20", "0.2", "0.3", "5"),
    ("1.5", "30", "50", "900", "52"),
    ("0.0625", "0.001", "0.03125", "4", "365"),
]
lomax = [
    ("10.57768", "0.55328", "11.66873", "1.60624", "38.86"),
    ("41.01", "2.55328", "42.1", "1.60624", "8.43"),
    ("49.4", "1500.55", "50.5", "1.6", "0.06"),
    ("49.4", "1500.55", "50.5", "1.6", "300"),
    ("0.01", "0.05", "20", "1.3", "300"),
    ("20", "0.5", "0.001", "1.01", "300"),
    ("0.5", "3", "800", "700", "40"),
    ("5", "40", "5", "1.2", "1000"),
    ("1", "0.25", "100000", "2", "1"),
]

print(
    json.dumps(
        {
            "source": f"mpmath {mpmath.__version__} at {mp.dps} digits, Python {platform.python_version()}",
            "command": "python test/golden/btyd_reference.py > test/golden/btyd-mpmath.json",
            "kind": "reference",
            "digamma": [[x, float(psi(0, mpf(x)))] for x in (0.0009765625, 0.25, 1, 1.5, 2.5, 9.75, 100.5, 1e6)],
            "expectedWhileActive": [
                {**dict(zip(("shape", "rate", "a", "b", "horizon"), map(float, row))), "value": float(while_active(*row))}
                for row in active
            ],
            "logLomaxIntegral": [
                {**dict(zip(("m", "p", "n", "q", "length"), map(float, row))), "value": float(log_lomax(*row))}
                for row in lomax
            ],
        },
        indent=2,
    )
)
