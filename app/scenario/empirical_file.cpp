#include "app/scenario/empirical_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <utility>
#include <vector>

#include "models/text.hpp"

namespace headroom {

namespace {

constexpr std::size_t largest_table = 16 << 20;

/// A value with a unit, or bare in SI units.
ParsedQuantity parse_value(Quantity quantity, std::string_view text) {
  const ParsedQuantity bare = parse_quantity(Quantity::number, text);
  if (!bare.value) return parse_quantity(quantity, text);
  if (quantity == Quantity::time) return parse_quantity(quantity, std::string(text) + "s");
  if (quantity == Quantity::bytes) return parse_quantity(quantity, std::string(text) + "B");
  return bare;
}

/// The words of a line, parted by commas or by white space.
std::vector<std::string_view> words_of(std::string_view line) {
  const bool commas = line.find(',') != std::string_view::npos;
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end =
        std::min(commas ? line.find(',') : line.find_first_of(" \t"), line.size());
    const std::string_view word = trimmed(line.substr(0, end));
    if (commas || !word.empty()) words.push_back(word);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

/// Begins with a letter or a quotation mark and is no number, as "nan" and "inf" are. Anything else
/// in the first line that is no value is a slip, which a heading would hide.
bool is_heading(std::string_view line, std::string_view word) {
  const auto first = static_cast<unsigned char>(line[0]);
  const bool is_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') ||
                         (first >= 0xC3 && first <= 0xF4);  // of other alphabets, in UTF-8
  if (!is_letter && first != '"' && first != '\'') return false;
  double number = 0;
  const char* end = word.data() + word.size();
  return std::from_chars(word.data(), end, number).ptr != end;
}

struct Row {
  double value = 0, weight = 1;
};

/// Between two rows of a listing of percentiles all values are taken to be as likely.
std::vector<Row> filled(const std::vector<Row>& rows) {
  constexpr int parts = 16;  // Chosen: steps of less than a per cent where HdrHistogram lists.
  std::vector<Row> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].value == rows[i - 1].value) {
      all.push_back(rows[i]);
      continue;
    }
    const Row low = rows[i - 1], high = rows[i];
    for (int part = 0; part < parts; ++part) {
      const double middle = (part + 0.5) / parts, end = (part + 1.0) / parts;
      all.push_back({low.value + middle * (high.value - low.value),
                     low.weight + end * (high.weight - low.weight)});
    }
  }
  return all;
}

bool finish(std::vector<Row> rows, bool cumulative, Distribution& d, std::string& why) {
  if (rows.empty()) {
    why = "the file holds no values";
    return false;
  }
  if (!cumulative) {
    std::stable_sort(rows.begin(), rows.end(), [](Row a, Row b) { return a.value < b.value; });
    for (std::size_t i = 1; i < rows.size(); ++i)
      rows[i].weight += rows[i - 1].weight;
  }
  const double total = rows.back().weight;
  if (!(total > 0) || !std::isfinite(total)) {
    why = "the weights sum to nothing";
    return false;
  }
  d.values.clear();
  d.weights.clear();
  for (const Row& row : rows) {
    if (!d.values.empty() && d.values.back() == row.value) {
      d.weights.back() = row.weight / total;
      continue;
    }
    d.values.push_back(row.value);
    d.weights.push_back(row.weight / total);
  }
  return true;
}

}  // namespace

bool read_empirical_text(std::string_view text, Quantity quantity, Distribution& d,
                         std::string& why) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Row> rows;
  bool is_listing = false, heading_allowed = true;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const auto words = words_of(line);
    if (heading_allowed && words[0] == "Value" && words.size() > 1 && words[1] == "Percentile") {
      is_listing = true;
      heading_allowed = false;
      continue;
    }
    const ParsedQuantity value = parse_value(quantity, words[0]);
    ParsedQuantity weight;
    weight.value = 1;
    if (words.size() > 1) weight = parse_quantity(Quantity::number, words[1]);
    const bool is_row = value.value && weight.value && *value.value >= 0 && *weight.value >= 0;
    if (std::exchange(heading_allowed, false) && !is_row && is_heading(line, words[0])) continue;
    const bool falls = is_listing && !rows.empty() && is_row &&
                       (*weight.value < rows.back().weight || *value.value < rows.back().value);
    if (!is_row || falls || (is_listing && words.size() < 2)) {
      why = fmt::format("line {} of the file: {}", number,
                        falls           ? "percentiles and values must rise"
                        : !value.value  ? value.message
                        : !weight.value ? weight.message
                                        : std::string("values and weights must not be negative"));
      return false;
    }
    rows.push_back({*value.value, *weight.value});
  }
  if (is_listing) rows = filled(rows);
  return finish(std::move(rows), is_listing, d, why);
}

bool read_empirical_file(const std::string& path, Quantity quantity, Distribution& d,
                         std::string& why) {
  std::ifstream stream(path, std::ios::binary);
  std::string text, chunk(1 << 16, '\0');
  while (stream && text.size() <= largest_table) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.is_open() || stream.bad()) {
    why = fmt::format("cannot read the file \"{}\"", path);
    return false;
  }
  if (text.size() > largest_table) {
    why = fmt::format("the file is longer than {} bytes", largest_table);
    return false;
  }
  return read_empirical_text(text, quantity, d, why);
}

}  // namespace headroom
