#pragma once

#include <vector>

#include "app/report/cap_text.hpp"
#include "app/report/result_files.hpp"

namespace headroom {

/// report.html of a study of protocols: the charts of latency in calm, of who was answered while
/// the network was cut, both against each other (PACELC), tables, and the counterexamples drawn;
/// each of these as anomaly-N.svg too. `document`: what --json prints.
void add_cap_files(std::vector<ResultFile>& files, const CapStudy& study,
                   const nlohmann::ordered_json& document);

}  // namespace headroom
