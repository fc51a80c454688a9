"""Faults in the kernels and plans of whole models, which the emulated device has to notice."""

import ptx
from models import ragged_models
from ptx import mutate_models

COUNT = 1000


def test_faults_are_noticed():
    total = ptx.Report()
    for name in ragged_models.MODELS:
        with mutate_models.open_survey(name) as (survey, error):
            assert error <= 1e-5
            assert min(survey.most_blocks.values()) >= 3
            count = COUNT // len(ragged_models.MODELS)
            survey.report(ptx.choose_evenly(survey.faults(), count, seed=1), total)
    others = {"short-buffer", "overlay", "overwrite"}
    assert set(total.killed) == {*ptx.OPERATORS, *others}
    assert all(total.share(name) >= mutate_models.SHARE for name in total.killed), str(total)
    known = mutate_models.read_equivalents()
    for fault in (each for survivors in total.survivors.values() for each in survivors):
        assert any(each.describes(fault) for each in known), str(fault)
