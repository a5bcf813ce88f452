#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/diagnostics.hpp"
#include "app/scenario/document.hpp"
#include "app/scenario/plan.hpp"
#include "app/scenario/reader.hpp"

namespace headroom {

/// A scenario under check. Pointers are JSON pointers into the document.
struct Checking {
  const ScenarioPlan& plan;
  const Node& document;
  Diagnostics& diagnostics;

  void error(const std::string& pointer, std::string message, std::string hint = {}) const {
    diagnostics.error(place_of(document, pointer), pointer, std::move(message), std::move(hint));
  }
  void warning(const std::string& pointer, std::string message, std::string hint = {}) const {
    diagnostics.warning(place_of(document, pointer), pointer, std::move(message), std::move(hint));
  }
  /// Whether the author wrote something there.
  bool is_given(const std::string& pointer) const {
    return at_pointer(document, pointer) != nullptr;
  }
};

/// Names that must exist elsewhere in the document. Needs no plan, so that a wrong name is told
/// together with other errors.
void check_references(const Node& document, const ReadResult& result, Diagnostics& diagnostics);

/// Which endpoint is called, services that nobody calls, circles of calls. A circle of endpoints is
/// an error even where a `choose` lets it end: each turn holds one more slot, so requests come to
/// wait for slots that are held by requests that wait for them.
void check_calls(const Checking& checking);
/// Who publishes to whom, who consumes what, and in which groups. `live`: services that requests
/// get to.
void check_messages(const Checking& checking, const std::set<std::string>& live);
/// Zones, links, balancers and what they spread over.
void check_services(const Checking& checking);
/// What a service with autoscaling or sessions needs of itself and of the workloads that come to
/// it.
void check_pool(const Checking& checking, const std::string& name, const ServicePlan& service);
/// Key spaces, and what calls and caches do with their keys.
void check_keys(const Checking& checking);
/// Settings that nothing looks at.
void check_idle(const Checking& checking);
/// Failures: whom they hit and when.
void check_failures(const Checking& checking);
/// SLOs: whether what they require can be measured.
void check_slos(const Checking& checking);
/// Warm-up, duration, horizon, stages.
void check_run(const Checking& checking);

/// What arithmetic says before simulating: nothing will ever happen, overload, too many events, too
/// much memory. For a plan without errors whose data files were read.
void check_load(const Checking& checking);

}  // namespace headroom
