#include "app/report/text_table.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "app/scenario/sources.hpp"

namespace headroom {

namespace {

constexpr std::string_view gap = "  ";

std::string padded(const std::string& text, std::size_t width, TextTable::Align align) {
  const std::size_t length = count_characters(text);
  const std::string space(width > length ? width - length : 0, ' ');
  return align == TextTable::Align::left ? text + space : space + text;
}

void end_line(std::string& text) {
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  text += '\n';
}

bool is_unit(std::string_view word) {
  while (!word.empty() && std::string_view(".,;:)").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  constexpr std::array<std::string_view, 9> units{"/s", "%",   "s", "ms", "us",
                                                  "ns", "min", "h", "d"};
  return std::find(units.begin(), units.end(), word) != units.end();
}

std::vector<std::string> unbroken_words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    if (!words.empty() && is_unit(word)) {
      words.back() += ' ' + word;
    } else {
      words.push_back(word);
    }
  }
  return words;
}

}  // namespace

void TextTable::column(std::string heading, Align align) {
  if (columns_.empty()) align = Align::left;
  columns_.push_back({std::move(heading), align});
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_)
    widths.push_back(count_characters(column.heading));
  for (const auto& row : rows_) {
    for (std::size_t cell = 0; cell < row.size(); ++cell) {
      widths[cell] = std::max<std::size_t>(widths[cell], count_characters(row[cell].text));
    }
  }
  return widths;
}

std::string TextTable::block(const Paint& paint, const std::vector<std::size_t>& widths,
                             std::size_t first, std::size_t last) const {
  std::string text;
  const auto line = [&](auto cell_text) {
    std::string row = cell_text(0);
    for (std::size_t column = first; column < last; ++column) {
      row += gap;
      row += cell_text(column);
    }
    end_line(row);
    text += row;
  };
  line([&](std::size_t column) {
    return paint.dim(padded(columns_[column].heading, widths[column], columns_[column].align));
  });
  for (const auto& row : rows_) {
    line([&](std::size_t column) {
      const Cell cell = column < row.size() ? row[column] : Cell();
      const std::string shown = padded(cell.text, widths[column], columns_[column].align);
      return cell.tint ? (paint.*cell.tint)(shown) : shown;
    });
  }
  return text;
}

std::string TextTable::text(const Paint& paint, std::size_t width) const {
  const std::vector<std::size_t> all = widths();
  std::string text;
  std::size_t first = 1;
  do {
    std::size_t used = all[0];
    std::size_t last = first;
    while (last < all.size() && (last == first || used + gap.size() + all[last] <= width)) {
      used += gap.size() + all[last++];
    }
    if (!text.empty()) text += '\n';
    text += block(paint, all, first, last);
    first = last;
  } while (first < all.size());
  return text;
}

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width,
                    std::size_t used) {
  std::string result;
  for (const std::string& word : unbroken_words(text)) {
    const std::size_t length = count_characters(word);
    if (!result.empty() && used + 1 + length > width) {
      result += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++used;
    }
    result += word;
    used += length;
  }
  return result;
}

}  // namespace headroom
