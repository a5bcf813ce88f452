#include "app/scenario/scenario.hpp"

#include "app/scenario/checks.hpp"
#include "app/scenario/checks_network.hpp"
#include "app/scenario/merge.hpp"
#include "app/scenario/reader.hpp"

namespace headroom {

std::optional<ScenarioPlan> read_scenario(const std::string& path,
                                          std::span<const std::string> settings,
                                          Diagnostics& diagnostics) {
  const auto document = load_scenario(path, settings, diagnostics);
  if (!document) return std::nullopt;
  ReadResult result;
  auto plan = read_plan<ScenarioPlan>(*document, diagnostics, result);
  check_references(*document, result, diagnostics);
  // What follows takes the names for granted: with one wrong name it would complain of much more.
  if (!plan || diagnostics.has_errors()) return std::nullopt;
  read_data_files(*plan, *document, diagnostics);
  check_scenario(*plan, *document, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  check_load({*plan, *document, diagnostics});
  if (diagnostics.has_errors()) return std::nullopt;
  return plan;
}

void check_scenario(const ScenarioPlan& plan, const Node& document, Diagnostics& diagnostics) {
  const Checking checking{plan, document, diagnostics};
  check_calls(checking);
  check_services(checking);
  check_keys(checking);
  check_idle(checking);
  if (plan.network && !diagnostics.has_errors()) check_network_plan(checking);
  check_failures(checking);
  check_slos(checking);
  check_run(checking);
}

}  // namespace headroom
