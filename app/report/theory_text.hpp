#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/study/theories.hpp"

namespace headroom {

/// What of theory the summary has no place for: shares of hits by Che beside those measured, shares
/// lost, and for every other service why no closed form is known.
std::string further_theory_text(const std::vector<HeldTheory>& held);
/// Into "theory" of the summary, and into "no_theory" the reasons by service.
void add_further_theory(const std::vector<HeldTheory>& held, nlohmann::ordered_json& summary);

}  // namespace headroom
