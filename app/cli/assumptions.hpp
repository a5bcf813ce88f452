#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/progress.hpp"
#include "app/cli/session.hpp"

namespace headroom {

/// Where the numbers of a scenario come from, as its "x-provenance" tells: path of the command line
/// to "measured", "fitted" or "assumed".
struct Provenance {
  std::vector<std::string> measured, fitted, assumed;
};
/// Nothing, with the reason in `why`, where it is told wrongly; empty where nothing is told.
std::optional<Provenance> provenance_of(const std::string& file,
                                        const std::vector<std::string>& settings,
                                        const ScenarioPlan& plan, std::string& why);

/// How far one assumed number may be off.
struct Assumption {
  std::string path, now;       ///< As it is written.
  std::optional<double> more;  ///< From so many times as much on the verdict is another.
  std::optional<double> less;  ///< The same downwards; below 1.
  std::string verdict_more, verdict_less;
  /// The smaller of the two moves, as a factor of at least 1; none where neither flips it.
  std::optional<double> nearest() const;
};

/// Runs the scenario with every assumed number changed, both ways, up to four times as much, on the
/// same random numbers; the ones that are nearest to another verdict first. Nothing where it was
/// interrupted or a run failed: `code` tells.
std::optional<std::vector<Assumption>> assumptions_tried(Session& session, const ScenarioPlan& plan,
                                                         Verdict verdict,
                                                         const std::vector<std::string>& assumed,
                                                         Progress& progress, int& code);

std::string assumptions_text(const std::vector<Assumption>& assumptions, Verdict verdict,
                             const Paint& paint);
nlohmann::ordered_json assumptions_json(const std::vector<Assumption>& assumptions);

/// The value with every quantity in it so many times as large: "6ms", {"exp": "6ms"}; shapes and
/// shares within a distribution stay. Null where there is nothing to change.
nlohmann::ordered_json scaled_value(const nlohmann::ordered_json& value, double factor);

}  // namespace headroom
