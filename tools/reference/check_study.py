"""Opens the journal of a search in Optuna and compares it with the search's own table: check_study.py FOLDER.

FOLDER is what `heddle search` wrote: journal.jsonl and trials.json.
"""

import json
import math
import pathlib
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

folder = pathlib.Path(sys.argv[1])
table = json.loads((folder / "trials.json").read_text())
space = json.loads((folder / "study.json").read_text())["space"]
storage = JournalStorage(JournalFileBackend(str(folder / "journal.jsonl")))
study = optuna.load_study(study_name=None, storage=storage)


def distribution(parameter):
    if parameter["type"] == "choice":
        return CategoricalDistribution([simple(value) for value in parameter["values"]])
    low, high = parameter["low"], parameter["high"]
    if parameter["type"] == "integer":
        return IntDistribution(low, high, log=parameter["log"], step=parameter["step"])
    return FloatDistribution(low, high, log=parameter["type"] == "log-uniform")


def simple(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"))
    return value


def same(a, b):
    return a == b or (isinstance(a, float) and math.isnan(a) and b is None)


STATES = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL", "running": "RUNNING"}
assert study.direction.name.lower() == table["direction"], study.direction
assert study.metric_names == [table["metric"]], study.metric_names
assert len(study.trials) == len(table["trials"])
for ours, theirs in zip(table["trials"], study.trials, strict=True):
    assert theirs.number == ours["number"]
    assert theirs.state.name == STATES[ours["state"]], (theirs, ours)
    assert theirs.params == {key: simple(value) for key, value in ours["parameters"].items()}, (theirs, ours)
    assert theirs.distributions == {key: distribution(value) for key, value in space.items()}
    assert same(theirs.value, ours.get("value")), (theirs, ours)
    reports = {each["step"]: each["value"] for each in ours["reports"]}
    assert theirs.intermediate_values.keys() == reports.keys()
    assert all(same(theirs.intermediate_values[step], value) for step, value in reports.items())
    if ours["state"] != "running":
        assert theirs.datetime_complete >= theirs.datetime_start
    if "error" in ours:
        assert theirs.user_attrs["error"] == ours["error"]
best = table["best"]
assert best is None or study.best_trial.value == table["trials"][best]["value"]
# What others do with a study: a data frame, importances, and a sampler that goes on from it.
frame = study.trials_dataframe()
assert len(frame) == len(study.trials)
if best is not None:
    print(optuna.importance.get_param_importances(study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()))
copy = optuna.create_study(direction=study.direction.name.lower())
copy.add_trials([trial for trial in study.trials if trial.state.is_finished()])
print(copy.ask({key: distribution(value) for key, value in space.items()}).params)
states = {name: sum(trial.state.name == name for trial in study.trials) for name in STATES.values()}
print(f"optuna {optuna.__version__} reads {len(study.trials)} trials as they are: {states}")
