"""Prints what rliable finds in the scores on standard input: points and intervals, as one JSON document.

The argument says what is wanted. The request holds `scores` (one matrix [run, task], or two where
they are compared), `repetitions`, `confidence`, `seed`, and for a profile `thresholds`.
"""

import json
import sys

import numpy as np
from rliable import library, metrics


def aggregates(scores):
    """Computes IQM, mean, median and optimality gap."""
    return np.array([
        metrics.aggregate_iqm(scores),
        metrics.aggregate_mean(scores),
        metrics.aggregate_median(scores),
        metrics.aggregate_optimality_gap(scores),
    ])


def improvement(x, y):
    """Computes the probability that X improves on Y."""
    return np.array([metrics.probability_of_improvement(x, y)])


def estimates(wanted, request):
    """Estimates points, and the lower and upper ends of their intervals."""
    # rliable 1.2.0 takes a random state and passes it on to arch, but draws its resamples from NumPy's
    # global generator. That one alone decides on the intervals.
    np.random.seed(request["seed"])
    sampling = {"reps": request["repetitions"], "confidence_interval_size": request["confidence"]}
    scores = [np.array(matrix) for matrix in request["scores"]]
    if wanted == "aggregates":
        points, intervals = library.get_interval_estimates({"of": scores[0]}, aggregates, **sampling)
    elif wanted == "improvement":
        points, intervals = library.get_interval_estimates({"of": scores}, improvement, **sampling)
    elif wanted == "profile":
        thresholds = np.array(request["thresholds"])
        points, intervals = library.create_performance_profile({"of": scores[0]}, thresholds, **sampling)
    else:
        sys.exit(f"error: {wanted} is none of aggregates, improvement, profile")
    lower, upper = intervals["of"]
    return {"points": points["of"].tolist(), "lower": lower.tolist(), "upper": upper.tolist()}


if __name__ == "__main__":
    json.dump(estimates(sys.argv[1], json.load(sys.stdin)), sys.stdout)
