#include "app/cli/commands/litmus.hpp"

#include <fmt/format.h>

#include "app/cli/exit_code.hpp"
#include "app/history/litmus_file.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

using consistency::Finding;
using consistency::Holds;

/// What a cell says, as the file writes it, and what it should have said.
TextTable::Cell litmus_cell(Holds found, Holds stated) {
  const auto word = [](Holds holds) {
    return holds == Holds::yes ? "yes" : holds == Holds::no ? "NO" : "?";
  };
  if (stated == Holds::unknown || found == stated) return word(found);
  return {fmt::format("{}, not {}", word(found), word(stated)), &Paint::red};
}

}  // namespace

int verify_litmus(Session& session) {
  if (session.model || session.initial || session.drawing)
    return session.console.error(exit_bad_input,
                                 "litmus histories are of registers that begin "
                                 "with 0, and none of them is drawn",
                                 "without --model, --initial and --svg");
  Diagnostics diagnostics;
  const auto file = read_litmus(session.history, diagnostics);
  if (!file) return session.console.errors(diagnostics);
  nlohmann::ordered_json document{{"headroom", 1}};
  auto& histories = document["histories"] = nlohmann::ordered_json::array();
  TextTable table;
  table.column("history");
  for (const auto& column : file->columns)
    table.column(column);
  std::size_t verdicts = 0, others = 0, open = 0;
  for (const Litmus& litmus : file->rows) {
    std::vector<TextTable::Cell> row{visible(litmus.name)};
    nlohmann::ordered_json each{{"name", litmus.name}, {"line", litmus.line}};
    for (std::size_t i = 0; i < file->guarantees.size(); ++i) {
      const auto guarantee = file->guarantees[i];
      const Holds holds =
          consistency::check(guarantee, litmus.history, {consistency::Model::value_register, 0, {}})
              .holds;
      const Holds stated = litmus.stated[i];
      ++verdicts;
      const bool differs = stated != Holds::unknown && holds != stated;
      if (differs) ++(holds == Holds::unknown ? open : others);
      row.push_back(litmus_cell(holds, stated));
      each[consistency::name_of(guarantee)] = consistency::name_of(holds);
      if (differs) each["differs"].push_back(consistency::name_of(guarantee));
    }
    table.row(std::move(row));
    histories.push_back(std::move(each));
  }
  document["verdicts"] = verdicts;
  document["not_as_stated"] = others + open;
  if (session.console.json()) {
    session.console.answer(document);
  } else {
    session.console.answer(
        table.text(session.console.paint()) + "\n" +
        fmt::format("{} histories, {} verdicts: {}\n", file->rows.size(), verdicts,
                    others + open == 0 ? "all as the file states them"
                                       : fmt::format("{} not as the file states", others + open)));
  }
  return others > 0 ? exit_missed : open > 0 ? exit_undecided : exit_met;
}

}  // namespace headroom
