#pragma once

#include "app/cli/session.hpp"

namespace headroom {

// Each declares its words and what it does.
void add_init(Session& session);
void add_check(Session& session);
/// Runs the scenario and holds it against the baseline of --against.
int check_against(Session& session, const ScenarioPlan& plan, const Diagnostics& diagnostics);
void add_run(Session& session);
void add_sweep(Session& session);
void add_capacity(Session& session);
/// Whether capacity is asked for the least cost of several counts together.
bool is_joint(const Session& session);
int find_together(Session& session);
void add_compare(Session& session);
void add_explain(Session& session);
void add_stability(Session& session);
void add_replay(Session& session);
void add_report(Session& session);
void add_list(Session& session);
void add_schema(Session& session);
void add_completion(Session& session);
void add_cap(Session& session);
void add_trace(Session& session);
void add_verify(Session& session);
void add_version(Session& session);
void add_worker(Session& session);

}  // namespace headroom
