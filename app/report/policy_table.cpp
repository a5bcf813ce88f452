#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

std::string policy_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  table.column("POLICIES");
  table.column("in each run", TextTable::Align::left);
  table.column("mean");
  bool any = false;
  const auto add = [&](std::string owner, const auto& policies) {
    for (const auto& [name, figure] : policies) {
      const bool is_time = name.ends_with("_s");
      table.row({owner, name_in_words(is_time ? name.substr(0, name.size() - 2) + " for" : name),
                 figure_text(figure, is_time ? Measure::seconds : Measure::number)});
      owner.clear();
      any = true;
    }
  };
  for (const auto& workload : summary.workloads)
    add(workload.name, workload.policies);
  for (const auto& service : summary.services)
    add(service.name, service.policies);
  return any ? table.text(paint) : std::string();
}

}  // namespace headroom
