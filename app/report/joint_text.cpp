#include "app/report/joint_text.hpp"

#include <fmt/format.h>

#include "app/report/capacity_text.hpp"
#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string sentence(const JointAnswer& answer) {
  if (!answer.counts) {
    if (answer.exhausted) return "The search ended at its limit of trials without an answer.";
    return "Even the most of everything does not meet the SLOs: " +
           answer.trials.front().trial.because + ".";
  }
  std::string text = "The cheapest that meets every SLO:";
  for (std::size_t i = 0; i < answer.paths.size(); ++i)
    text += fmt::format("{} {} {}", i ? "," : "", answer.paths[i], (*answer.counts)[i]);
  text += fmt::format(", at a cost of {}.", number_text(answer.cost, Measure::number));
  if (!answer.is_sure) text += " Some that are cheaper could not be decided.";
  return text;
}

}  // namespace

std::string joint_text(const JointAnswer& answer, const Paint& paint) {
  std::string text = title_text(answer.scenario, paint);
  text += wrapped(sentence(answer), 2) + "\n\n";
  TextTable table;
  for (const std::string& path : answer.paths)
    table.column(path);
  table.column("cost");
  table.column("verdict", TextTable::Align::left);
  table.column("because", TextTable::Align::left);
  for (const auto& [at, cost, trial] : answer.trials) {
    std::vector<TextTable::Cell> row;
    for (const std::uint64_t count : at)
      row.emplace_back(count_text(count));
    row.emplace_back(number_text(cost, Measure::number));
    row.push_back(verdict_cell(trial));
    row.emplace_back(trial.because);
    table.row(std::move(row));
  }
  text += table.text(paint) + "\n";
  text += wrapped(
              "More of anything is taken to do no harm: what has no more of anything than a "
              "combination that failed is not tried. Each verdict is at 95 %, an undecided one "
              "after four times as many replications. Costs are those of the instances, where "
              "the scenario gives them, else 1 each.",
              2) +
          "\n";
  if (answer.interrupted) text += "PARTIAL: interrupted.\n";
  return text;
}

Json joint_json(const JointAnswer& answer) {
  Json json{{"headroom", 1}, {"scenario", answer.scenario}};
  if (answer.interrupted) json["partial"] = true;
  Json& body = json["capacity"];
  body["paths"] = answer.paths;
  body["looked_for"] = "cheapest";
  body["value"] = or_null(answer.counts);
  body["cost"] = answer.counts ? Json(answer.cost) : Json(nullptr);
  body["sure"] = answer.is_sure;
  body["trials"] = Json::array();
  for (const auto& [at, cost, trial] : answer.trials) {
    Json each{{"at", at}, {"cost", cost}};
    add_trial(each, trial);
    body["trials"].push_back(std::move(each));
  }
  return json;
}

}  // namespace headroom
