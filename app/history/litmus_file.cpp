#include "app/history/litmus_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "app/report/result_directory.hpp"
#include "app/scenario/data_file.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

using consistency::Guarantee;
using consistency::Holds;

constexpr std::string_view heading = "name\thistory";

constexpr std::pair<std::string_view, Guarantee> litmus_columns[] = {
    {"SC", Guarantee::sequential},
    {"COH", Guarantee::coherent},
    {"PRAM", Guarantee::pram},
    {"CC", Guarantee::causal},
    {"CM", Guarantee::causal_memory},
    {"CCv", Guarantee::causal_convergence},
    {"RYW", Guarantee::read_your_writes},
    {"MR", Guarantee::monotonic_reads},
    {"MW", Guarantee::monotonic_writes},
    {"WFR", Guarantee::writes_follow_reads}};

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(std::min(end + 1, text.size()))) {
    end = text.find(separator);
    parts.push_back(text.substr(0, end));
  }
  return parts;
}

/// "w(x,1)"; false where it is no such thing.
bool read_operation(std::string_view word, consistency::History& history,
                    consistency::Operation& operation) {
  const std::size_t comma = word.find(',');
  const bool is_call = word.size() > 5 && word[1] == '(' && word.back() == ')' &&
                       comma != word.npos && comma > 2 && (word[0] == 'w' || word[0] == 'r');
  if (!is_call) return false;
  const std::string key(word.substr(2, comma - 2));
  const char* last = word.data() + word.size() - 1;
  const auto [end, error] = std::from_chars(word.data() + comma + 1, last, operation.value);
  if (error != std::errc() || end != last) return false;
  auto& names = history.key_names;
  const auto known = std::find(names.begin(), names.end(), key);
  operation.key = static_cast<std::uint64_t>(known - names.begin());
  if (known == names.end()) names.push_back(key);
  operation.f = word[0] == 'w' ? Function::write : Function::read;
  return true;
}

class LitmusReading {
 public:
  LitmusReading(std::uint32_t source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  std::optional<LitmusFile> run() {
    Lines lines(diagnostics_.sources.text(source_));
    std::string_view line;
    for (std::uint32_t number = 1; lines.next(line); ++number) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      const auto cells = split_at(line, '\t');
      if (number == 1)
        take_heading(cells);
      else
        take_row(line, cells, number);
      if (number == 1 ? diagnostics_.has_errors()
                      : diagnostics_.error_count() >= Diagnostics::shown_at_most)
        break;
    }
    if (diagnostics_.has_errors()) return std::nullopt;
    return std::move(file_);
  }

 private:
  void take_heading(const std::vector<std::string_view>& cells) {
    for (std::size_t i = 2; i < cells.size(); ++i) {
      const auto found = std::find_if(std::begin(litmus_columns), std::end(litmus_columns),
                                      [&](const auto& each) { return each.first == cells[i]; });
      if (found == std::end(litmus_columns)) {
        std::vector<std::string_view> names;
        for (const auto& [name, guarantee] : litmus_columns)
          names.push_back(name);
        refuse(cells[i], fmt::format("\"{}\" is no guarantee", cells[i]),
               suggestion(cells[i], names));
        continue;
      }
      file_.columns.emplace_back(found->first);
      file_.guarantees.push_back(found->second);
    }
  }

  void take_row(std::string_view line, const std::vector<std::string_view>& cells,
                std::uint32_t number) {
    const std::size_t wanted = 2 + file_.columns.size();
    if (cells.size() != wanted)
      return refuse(line, fmt::format("there are {} columns, not the {} of the heading",
                                      cells.size(), wanted));
    Litmus& litmus = file_.rows.emplace_back();
    litmus.name = cells[0];
    litmus.line = number;
    std::uint32_t process = 0;
    for (const std::string_view word : split_at(cells[1], ' ')) {
      if (word == "|") ++process;
      if (word.empty() || word == "|") continue;
      consistency::Operation each;
      if (!read_operation(word, litmus.history, each))
        return refuse(word, fmt::format("\"{}\" is no operation", word), "w(x,1) or r(x,0)");
      each.process = process;
      each.call = each.ret = each.place =
          static_cast<std::uint32_t>(litmus.history.operations.size());
      litmus.history.operations.push_back(each);
    }
    for (std::size_t i = 2; i < cells.size(); ++i) {
      const bool is_no = cells[i] == "NO" || cells[i] == "no";
      if (!is_no && cells[i] != "yes" && cells[i] != "?")
        return refuse(cells[i], fmt::format("\"{}\" is no verdict", cells[i]), "yes, NO or ?");
      litmus.stated.push_back(is_no ? Holds::no : cells[i] == "yes" ? Holds::yes : Holds::unknown);
    }
  }

  void refuse(std::string_view where, std::string why, std::string hint = {}) {
    const auto offset = where.data() - diagnostics_.sources.text(source_).data();
    diagnostics_.error({source_, static_cast<std::uint32_t>(offset),
                        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(where.size()))},
                       {}, std::move(why), std::move(hint));
  }

  std::uint32_t source_;
  Diagnostics& diagnostics_;
  LitmusFile file_;
};

}  // namespace

bool is_litmus(const std::string& path) {
  // A pipe cannot be read twice.
  if (std::error_code ignored; !std::filesystem::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string begin(heading.size(), ' ');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin == heading;
}

std::optional<LitmusFile> read_litmus(const std::string& path, Diagnostics& diagnostics) {
  std::string text, why;
  const bool is_there = read_file(path, text, why);
  const std::uint32_t source = diagnostics.sources.add(path, std::move(text));
  if (is_there) return LitmusReading(source, diagnostics).run();
  diagnostics.error(Place{source, 0, 0}, {}, why);
  return std::nullopt;
}

}  // namespace headroom
