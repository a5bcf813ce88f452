#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/report/paint.hpp"
#include "app/study/capacity.hpp"
#include "app/study/joint_search.hpp"

namespace headroom {

/// The cheapest combination of several counts that meets every SLO.
struct JointAnswer {
  std::string scenario;
  std::vector<std::string> paths;
  struct Trial {
    JointSearch::Counts at;
    double cost = 0;
    CapacityTrial trial;
  };
  std::vector<Trial> trials;  ///< As they were tried.
  std::optional<JointSearch::Counts> counts;
  double cost = 0;
  bool is_sure = true;     ///< No cheaper one was left undecided.
  bool exhausted = false;  ///< Ended at the limit of trials.
  bool interrupted = false;
};

/// The answer in a sentence, every trial in a table.
std::string joint_text(const JointAnswer& answer, const Paint& paint);
/// What `capacity --find A,B --json` prints.
nlohmann::ordered_json joint_json(const JointAnswer& answer);

}  // namespace headroom
