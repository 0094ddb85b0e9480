"""What counts as the wanted arguments."""

from evals.understanding.compare import args_fit, fits


def test_only_what_is_wanted_is_compared() -> None:
    assert args_fit("power_flow", {"top": 5}, {"top": 5, "method": "dc"})
    assert not args_fit("power_flow", {"top": 5}, {"top": 6})


def test_an_argument_left_out_is_the_default() -> None:
    assert args_fit("contingency_analysis", {"level": 1}, {})
    assert not args_fit("contingency_analysis", {"level": 2}, {})


def test_lists_have_no_order_and_names_no_case() -> None:
    assert fits(["HV1 Line 1", "hv1 line 2"], ["HV1 Line 2", "HV1 Line 1"])
    assert not fits(["HV1 Line 1"], ["HV1 Line 1", "HV1 Line 2"])


def test_two_equal_wanted_items_need_two() -> None:
    assert not fits([{"kind": "open"}, {"kind": "open"}], [{"kind": "open", "element": "a"}])


def test_objects_by_the_wanted_keys() -> None:
    assert fits([{"kind": "set_p", "p_mw": 40}], [{"kind": "set_p", "element": "x", "p_mw": 40.0}])
    assert not fits([{"kind": "set_p", "p_mw": 40}], [{"kind": "set_p", "element": "x", "p_mw": 41.0}])


def test_a_word_is_no_number() -> None:
    assert not fits(1, "1")
    assert not fits("1", 1)
