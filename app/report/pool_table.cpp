#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

std::string pool_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  table.column("POOLS");
  table.column("in each run", TextTable::Align::left);
  table.column("mean");
  bool any = false;
  for (const auto& service : summary.services) {
    std::string name = service.name;
    const auto add = [&](const std::string& what, const Figure& figure) {
      table.row({name, what, figure_text(figure, Measure::number)});
      name.clear();
      any = true;
    };
    if (!service.counts.empty() && service.kind != "load_balancer")
      add("instances", service.instances);
    for (const auto& [count, figure] : service.counts)
      add(name_in_words(count), figure);
  }
  return any ? table.text(paint) : std::string();
}

}  // namespace headroom
