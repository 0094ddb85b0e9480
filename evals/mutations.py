"""The breaks that `make mutate` makes, as a literal table. Each promise of the product has one; each must fail a test."""

from evals.mutation import Edit, Mutation
from evals.mutations_of_documents import OF_DOCUMENTS
from evals.mutations_of_rules import OF_RULES

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "no N-1 check in the gate",
        (
            Edit(
                "guardrails/gate.py",
                "for rule in self.pack.of_gate(gate) ",
                'for rule in self.pack.of_gate(gate) if not rule.check.startswith("n1_") ',
            ),
        ),
        ("tests/evals/test_mutation_targets.py::test_a_change_that_only_an_outage_makes_dangerous_is_blocked",),
    ),
    Mutation(
        "a language model is offered the writing tool whatever the mood",
        (Edit("agent/brains/ollama/router.py", "if not tool.writes or reading.may_write", "if True"),),
        ("tests/agent/brains/ollama/test_orders.py",),
    ),
    Mutation(
        "a language model that has proposed is asked again",
        (Edit("agent/brains/ollama/brain.py", "if any(call.tool in self._writing for call in turn.calls)", "if False"),),
        ("tests/agent/brains/ollama/test_orders.py",),
    ),
    Mutation(
        "the embedded brain does not step in",
        (Edit("agent/brains/ollama/client.py", "raise ModelFailed(reason(", "raise RuntimeError(reason("),),
        ("tests/agent/brains/ollama/test_failures.py",),
    ),
    Mutation(
        "a proposer may approve",
        (
            Edit(
                "guardrails/authority.py",
                '    if person_key(person.name) == person_key(proposal.requested_by):\n        return f"{person.name} requested',
                '    if False:\n        return f"{person.name} requested',
            ),
        ),
        ("tests/guardrails/test_ledger.py",),
    ),
    Mutation(
        "scopes are not judged",
        (Edit("guardrails/authority.py", "found = outside(person.scope, touched)", "found = None"),),
        ("tests/guardrails/test_scoped_people.py",),
    ),
    Mutation(
        "an unknown voltage lies inside every range",
        (Edit("guardrails/scope.py", "return kv is not None and (self.min_kv", "return kv is None or (self.min_kv"),),
        ("tests/guardrails/test_scope.py",),
    ),
    Mutation(
        "rights are not judged again at the claim",
        (Edit("guardrails/execution.py", "elif (lost := _rights_lost(session, proposal, plant)) is not None:", 'elif lost := "":'),),
        ("tests/guardrails/test_scoped_people.py",),
    ),
    Mutation(
        "anybody adds people although there is an administrator",
        (Edit("guardrails/people.py", "if _has_administrator(session) else by", "if False else by"),),
        ("tests/guardrails/test_personnel.py",),
    ),
    Mutation(
        "a removed person keeps every right",
        (Edit("guardrails/people.py", "if session.get(RemovalRow, row.key) is not None:", "if False:"),),
        ("tests/guardrails/test_personnel.py", "tests/agent/test_identity.py"),
    ),
    Mutation(
        "writes go on without a reason",
        (Edit("guardrails/kill_switch.py", "if not stopped and not told:", "if False:"),),
        ("tests/guardrails/test_kill_switch.py",),
    ),
    Mutation(
        "no re-validation at execution",
        (Edit("guardrails/execution.py", "moved = _moved(proposal, fresh, tolerances)", "moved = None"),),
        ("tests/guardrails/test_execution.py",),
    ),
    Mutation(
        "no tolerance: what was beyond its limit before blocks",
        (
            Edit(
                "guardrails/checks/comparison.py",
                "worse = beyond_after - beyond_before > tolerance + NOISE",
                "worse = np.ones_like(violated)",
            ),
        ),
        ("tests/evals/test_mutation_targets.py::test_what_was_beyond_its_limit_before_does_not_block_a_remedy",),
    ),
    Mutation(
        "a tap without effect",
        (Edit("grid_models/twin/state.py", "branches.tap_offset + self.tap -", "branches.tap_offset + self.model.start.tap -"),),
        ("tests/grid_models/test_apply.py",),
    ),
    Mutation(
        "no grounding",
        (Edit("agent/grounded_turn.py", "        if grounded.doubts:\n", "        if False:\n"),),
        ("tests/evals/test_scripted_liar.py",),
    ),
    Mutation(
        "an island's lost load is not counted",
        (
            Edit(
                "grid_models/contingency/losses.py",
                "_at(bus[model.loads.bus], state.load_drawn_mw, size)",
                "_at(bus[model.loads.bus], 0 * state.load_drawn_mw, size)",
            ),
        ),
        ("tests/grid_models/contingency/test_by_hand.py::test_a_chain_loses_what_lies_behind_the_line",),
    ),
    Mutation(
        "a total loss of supply is reported as failed",
        (Edit("grid_models/contingency/alone.py", "    if not after.infeed_on.any():", "    if False:"),),
        ("tests/grid_models/contingency/test_screening.py::test_losing_the_only_infeed_is_total_loss_not_divergence",),
    ),
    Mutation(
        "a study cannot be stopped",
        (Edit("grid_models/contingency/screening.py", "if cancelled is not None and cancelled():", "if False:"),),
        ("tests/tools/test_contingency_by_hand.py::test_progress_and_cancel_reach_the_solver",),
    ),
    Mutation(
        "a change is compared with itself",
        (
            Edit(
                "tools/contingency_analysis.py",
                "before = _studied(args, ctx.state, ctx,",
                "before = _studied(args, state, ctx,",
            ),
        ),
        ("tests/tools/test_contingency_by_hand.py::test_relief_is_compared",),
    ),
    Mutation(
        "a placeholder counts as a rating",
        (Edit("grid_models/intake/ratings.py", "bad = missing | marked | beyond", "bad = missing"),),
        ("tests/grid_models/intake/test_ratings.py::test_a_placeholder_is_found",),
    ),
    Mutation(
        "shares forget the transit",
        (Edit("grid_models/causes/shares.py", "end.flow_mw(solve(scaled(state, 0.0)))", "0.0"),),
        ("tests/grid_models/causes/test_shares.py::test_transit_between_two_infeeds_needs_no_injection",),
    ),
    Mutation(
        "one of two parallel circuits is a bridge",
        (
            Edit("grid_models/structure/graph.py", "nx.bridges(graph))", "nx.bridges(nx.Graph(graph)))"),
            Edit(
                "grid_models/structure/graph.py",
                "int(next(iter(graph[one][other]))) for one, other in pairs",
                "int(row) for one, other in pairs for row in graph[one][other]",
            ),
        ),
        ("tests/grid_models/structure/test_bridges.py::test_bridges_equal_brute_force[training]",),
    ),
    Mutation(
        "a what-if changes the state it started from",
        (
            Edit("grid_models/twin/state.py", "getattr(self, name).flags.writeable = False", "getattr(self, name).flags.writeable = True"),
            Edit(
                "grid_models/twin/apply.py",
                "    switch_closed = state.switch_closed.copy()\n    movable",
                "    switch_closed = state.switch_closed\n    movable",
            ),
        ),
        ("tests/grid_models/test_apply.py::test_every_kind_of_action_moves_the_solved_state",),
    ),
    Mutation(
        "the kind word of a phrase is ignored",
        (Edit("grid_models/twin/phrase.py", "if element.kind not in self.kinds or not trait_of", "if not trait_of"),),
        ("tests/grid_models/twin/test_resolve_phrases.py::test_phrase_on_the_training_substation",),
    ),
    Mutation(
        "the pair formula has no determinant",  # last: the compiled loops are compiled anew
        (Edit("grid_models/contingency/pair_kernel.py", "determinant = 1.0 - onto_l * onto_k", "determinant = 1.0"),),
        ("tests/grid_models/contingency/test_pairs.py::test_all_pairs_of_case39_equal_new_solutions",),
    ),
    Mutation(
        "a state that contradicts its measurements is believed",
        (Edit("grid_models/live/conclusion.py", "return self.state is not None and not self.doubts", "return self.state is not None"),),
        ("tests/agent/test_live_plant.py::test_what_cannot_be_believed_is_neither_studied_nor_acted_on",),
    ),
    Mutation(
        "bad data stays in the estimate",
        (
            Edit(
                "grid_models/estimation/bad_data.py",
                "while present.row_normalised.max(initial=0.0) > limit and",
                "while False and present.row_normalised.max(initial=0.0) > limit and",
            ),
        ),
        ("tests/grid_models/estimation/test_bad_data.py",),
    ),
    Mutation(
        "a meter that could be wrong instead is not named",
        (Edit("grid_models/estimation/bad_data.py", "    twins[row] = False", "    twins[:] = False"),),
        ("tests/grid_models/estimation/test_matpower_14bus.py",),
    ),
    Mutation(
        "a wrong breaker passes for bad meters",
        (Edit("grid_models/estimation/diagnosis.py", "not present.sound or present.crowded)", "not present.sound)"),),
        ("tests/grid_models/live/test_twin.py",),
    ),
    Mutation(
        "old measurements are let in",
        (
            Edit(
                "grid_models/telemetry/door.py",
                "    reason = first_reason(came)\n",
                "    reason = first_reason(came)\n    reason[reason == Reason.STALE] = 0\n",
            ),
        ),
        ("tests/grid_models/telemetry/test_door.py",),
    ),
    Mutation(
        "the read-back looks at what was known before",
        (
            Edit(
                "agent/live_plant.py",
                "        found = self.look()\n        if found is not None",
                "        found = self.twin.last\n        if found is not None",
            ),
        ),
        ("tests/agent/test_live_plant.py",),
    ),
    Mutation(
        "an alarm vanishes without being cleared",
        (Edit("grid_models/alerting/judge.py", "            cleared.append(alarm)", "            pass"),),
        ("tests/grid_models/test_alarms.py",),
    ),
    Mutation(
        "zero injections cost no degree of freedom",
        (
            Edit(
                "grid_models/estimation/layout.py",
                "        weight[self.saddle.node >= 0] = ",
                "        weight[self.saddle.node >= 0] = 0.0 * ",
            ),
        ),
        ("tests/grid_models/estimation/test_saddle.py",),
    ),
    Mutation(
        "a forecast knows one step that has not been yet",
        (Edit("grid_models/forecasting/known.py", "end = max(0, steps_before(at))", "end = max(0, steps_before(at) + 1)"),),
        ("tests/grid_models/test_forecast.py",),
    ),
    Mutation(
        "insulation ages by a rule of 7 K",
        (Edit("grid_models/heating/ageing.py", "_DOUBLING * (hot_spot - 98.0) / 6.0", "_DOUBLING * (hot_spot - 98.0) / 7.0"),),
        ("tests/grid_models/heating/test_ageing.py",),
    ),
    Mutation(
        "the winding overshoots with k22 = 1",
        (Edit("grid_models/heating/iec_library.py", '"winding_const_k22": params.k22', '"winding_const_k22": 1.0'),),
        ("tests/tools/test_thermal_published.py::test_the_iec_step_example",),
    ),
    Mutation(
        "without fans it carries its full rating",
        (
            Edit(
                "grid_models/heating/cooling_stages.py",
                "rated_share=forced.rated_share * share",
                "rated_share=forced.rated_share",
            ),
        ),
        ("tests/tools/test_thermal_published.py::test_clause_7_without_fans_is_that_of_natural_cooling",),
    ),
    Mutation(
        "a negative load is calculated with",
        (Edit("grid_models/heating/series.py", 'load, load < 0, "a thermal', 'load, load < -np.inf, "a thermal'),),
        ("tests/tools/test_thermal_bad_input.py",),
    ),
    Mutation(
        "a gap in the load is calculated with",
        (Edit("grid_models/heating/series.py", '"load [pu]", load, ~np.isfinite(load)', '"load [pu]", load, np.isinf(load)'),),
        ("tests/tools/test_thermal_bad_input.py",),
    ),
    Mutation(
        "the errors forecasts made are known one step early",
        (Edit("grid_models/forecasting/errors_made.py", "history_before(grid.profiles, at)", "history_before(grid.profiles, at + STEP)"),),
        ("tests/grid_models/forecasting/test_errors_made.py", "tests/grid_models/life/test_ahead.py"),
    ),
    Mutation(
        "the temperatures of now know the next day",
        (
            Edit(
                "grid_models/life/ahead.py",
                "history_before(grid.profiles, at, days)",
                "history_before(grid.profiles, at + timedelta(days=1), days)",
            ),
        ),
        ("tests/grid_models/life/test_ahead.py",),
    ),
    Mutation(
        "the shares of the causes do not add up",
        (Edit("grid_models/life/why.py", "factorial(size) * factorial(n - size - 1) / factorial(n)", "1.0 / n"),),
        ("tests/tools/test_thermal_outlook.py::test_an_outage_and_more_wind_overheat_the_twin",),
    ),
    Mutation(
        "constants that nobody has read pass for read ones",
        (Edit("tools/thermal_given.py", "dict.fromkeys(t for t in told if t)", "dict.fromkeys(t for t in told if not t)"),),
        ("tests/tools/test_thermal_given.py::test_what_is_unverified_or_assumed_is_said",),
    ),
    Mutation(
        "an argument that nobody reads is accepted",
        (Edit("tools/thermal_rul.py", "    refuse_conflicts(args)\n", ""),),
        ("tests/tools/test_thermal_bad_input.py",),
    ),
    Mutation(
        "an island without a machine that holds voltage lives",
        (
            Edit(
                "grid_models/cascade/island_frequency.py",
                "table.holds_voltage & np.isfinite(table.p_max_mw) & ",
                "np.isfinite(table.p_max_mw) & ",
            ),
        ),
        ("tests/grid_models/cascade/test_by_hand.py",),
    ),
    Mutation(
        "stages of shedding never act",
        (Edit("grid_models/cascade/balance.py", "if at_s <= found.lost_at_s and mw.sum() > 0.0:", "if at_s < 0.0 and mw.sum() > 0.0:"),),
        ("tests/grid_models/cascade/test_by_hand.py",),
    ),
    Mutation(
        "a reserve is given again at every step",
        (Edit("grid_models/cascade/balance.py", "np.minimum(table.p_max_mw, scheduled_mw +", "np.minimum(table.p_max_mw, now +"),),
        ("tests/grid_models/cascade/test_by_hand.py::test_a_reserve_and_a_stage_are_given_once",),
    ),
    Mutation(
        "a relay forgets what it has counted when another trips",
        (
            Edit(
                "grid_models/cascade/relays.py",
                "progress=integrating.advanced(self.progress, operating, seconds, reset)",
                "progress=0.0 * integrating.advanced(self.progress, operating, seconds, reset)",
            ),
        ),
        ("tests/grid_models/cascade/test_inverse_relays.py",),
    ),
    Mutation(
        "hidden failures know no seed",
        (Edit("grid_models/cascade/risk.py", "np.random.default_rng((seed, i))", "np.random.default_rng()"),),
        ("tests/grid_models/cascade/test_hidden_failures_spread.py",),
    ),
    Mutation(
        "an action that changes nothing is claimed to stop a cascade",
        (Edit("grid_models/cascade/stops.py", "(stop.trips < trips and", "(stop.trips <= trips and"),),
        ("tests/grid_models/cascade/test_stops_show.py",),
    ),
    *OF_RULES,
    *OF_DOCUMENTS,
)
