"""Writes packages/search/fixtures/parzen.json: densities of Optuna's Parzen estimators, for the test of Heddle's own.

python tools/reference/parzen_densities.py > packages/search/fixtures/parzen.json
"""

import json

import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

PARAMETERS = _ParzenEstimatorParameters(1.0, True, False, default_weights, False)


def densities(distribution, observations, values):
    estimator = _ParzenEstimator(
        {"x": np.array(observations, dtype=float)}, {"x": distribution}, PARAMETERS
    )
    return estimator.log_pdf({"x": np.array(values, dtype=float)}).tolist()


def numbers(parameter, distribution, observations, values):
    return {
        "parameter": parameter,
        "observations": observations,
        "values": values,
        "logDensity": densities(distribution, observations, values),
    }


def choices(names, observations):
    distribution = CategoricalDistribution(names)
    return {
        "parameter": {"type": "choice", "values": names},
        "observations": [names[i] for i in observations],
        "values": names,
        "logDensity": densities(distribution, observations, range(len(names))),
    }


uniform = {"type": "uniform", "low": -1, "high": 3}
many = [round(float(value), 3) for value in np.random.RandomState(0).uniform(0, 10, 40)]
cases = [
    numbers(uniform, FloatDistribution(-1, 3), [0.5], [-1, 0.4, 2.9]),
    numbers(uniform, FloatDistribution(-1, 3), [0.5, 0.55, -0.9, 2.75], [-1, 0.4, 2.9]),
    numbers(
        {"type": "log-uniform", "low": 1e-5, "high": 1},
        FloatDistribution(1e-5, 1, log=True),
        [1e-3, 3e-3, 0.5, 2e-5],
        [1e-5, 1.5e-3, 0.9],
    ),
    numbers(
        {"type": "integer", "low": 2, "high": 20, "step": 3, "log": False},
        IntDistribution(2, 20, step=3),
        [5, 5, 17],
        [2, 5, 20],
    ),
    numbers(
        {"type": "integer", "low": 1, "high": 256, "step": 1, "log": True},
        IntDistribution(1, 256, log=True),
        [16, 64, 70, 200],
        [1, 64, 256],
    ),
    numbers({"type": "uniform", "low": 0, "high": 10}, FloatDistribution(0, 10), many, [0, 3.3, 9.5]),
    choices(["a", "b", "c"], [0, 2, 2, 0, 2]),
]
print("[\n" + ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")
