#include "app/report/theory_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

/// "a, b and 5 more"
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;  // Chosen: two lines.
  const std::size_t shown = names.size() > most + 1 ? most : names.size();
  std::string text = fmt::format(
      "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

}  // namespace

std::string further_theory_text(const std::vector<HeldTheory>& held) {
  std::string text;
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;  // why, and of which
  for (const auto& [theory, agrees] : held) {
    if (theory.model.empty()) {
      const auto same = std::find_if(reasons.begin(), reasons.end(), [&](const auto& each) {
        return each.first == theory.why_not;
      });
      if (same == reasons.end())
        reasons.push_back({theory.why_not, {theory.service}});
      else
        same->second.push_back(theory.service);
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
  std::vector<std::string> told;
  for (const auto& [why, services] : reasons)
    told.push_back(fmt::format("{} ({})", listed(services), why));
  return text + wrapped(fmt::format("No closed form: {}.", fmt::join(told, "; ")), 2) + "\n";
}

void add_further_theory(const std::vector<HeldTheory>& held, nlohmann::ordered_json& summary) {
  // Of thousands of services a look-up of each would be slow: those that are there stand in the
  // order of `held`.
  using Members = nlohmann::ordered_json::object_t;
  summary["no_theory"] = nlohmann::ordered_json::object();
  auto& reasons = summary["no_theory"].get_ref<Members&>();
  auto& theories = summary["theory"].get_ref<Members&>();
  const std::size_t there = theories.size();
  std::size_t next = 0;
  for (const auto& [theory, agrees] : held) {
    if (theory.model.empty()) {
      reasons.emplace_back(theory.service, theory.why_not);
      continue;
    }
    const bool is_there = next < there && (theories.begin() + next)->first == theory.service;
    if (!is_there) theories.emplace_back(theory.service, nlohmann::ordered_json::object());
    auto& one = (is_there ? theories.begin() + next++ : theories.end() - 1)->second;
    one["model"] = theory.model;
    if (theory.hit_ratio) one["hit_ratio"] = *theory.hit_ratio;
    if (theory.loss) one["loss"] = *theory.loss;
    one["agrees"] = agrees ? nlohmann::ordered_json(*agrees) : nlohmann::ordered_json(nullptr);
  }
}

}  // namespace headroom
