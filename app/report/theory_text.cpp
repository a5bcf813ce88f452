#include "app/report/theory_text.hpp"

#include <fmt/format.h>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

std::string further_theory_text(const std::vector<HeldTheory>& held) {
  std::string text;
  std::vector<std::string> reasons;
  for (const auto& [theory, agrees] : held) {
    if (theory.model.empty()) {
      reasons.push_back(fmt::format("{} ({})", theory.service, theory.why_not));
    } else if (theory.hit_ratio || theory.loss) {
      const char* verdict = !agrees   ? "no interval to hold it against"
                            : *agrees ? "the run agrees"
                                      : "the run DISAGREES";
      text += wrapped(fmt::format("Theory: {} is {}, {} of {}; {}.", theory.service, theory.model,
                                  theory.hit_ratio ? "hits" : "a loss",
                                  number_text(theory.hit_ratio.value_or(theory.loss.value_or(0)),
                                              Measure::share),
                                  verdict),
                      2) +
              "\n";
    }
  }
  if (reasons.empty()) return text;
  return text + wrapped(fmt::format("No closed form: {}.", fmt::join(reasons, ", ")), 2) + "\n";
}

void add_further_theory(const std::vector<HeldTheory>& held, nlohmann::ordered_json& summary) {
  auto& reasons = summary["no_theory"] = nlohmann::ordered_json::object();
  for (const auto& [theory, agrees] : held) {
    if (theory.model.empty()) {
      reasons[theory.service] = theory.why_not;
      continue;
    }
    auto& one = summary["theory"][theory.service];
    one["model"] = theory.model;
    if (theory.hit_ratio) one["hit_ratio"] = *theory.hit_ratio;
    if (theory.loss) one["loss"] = *theory.loss;
    one["agrees"] = agrees ? nlohmann::ordered_json(*agrees) : nlohmann::ordered_json(nullptr);
  }
}

}  // namespace headroom
