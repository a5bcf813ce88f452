#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/report/paint.hpp"

namespace headroom {

/// Characters of a line: fewer on a narrower terminal, which the console finds out at the start.
inline std::size_t text_width = 100;

/// Aligned columns: the first to the left, the others to the right unless said otherwise. Columns
/// that do not fit the width go on in a second block below, which repeats the first column.
class TextTable {
 public:
  enum class Align : std::uint8_t { left, right };
  using Tint = std::string (Paint::*)(std::string_view) const;

  struct Cell {
    Cell(std::string content = {}, Tint painted = nullptr)
        : text(std::move(content)), tint(painted) {}
    Cell(const char* content) : text(content) {}
    std::string text;
    Tint tint = nullptr;  ///< Applied after alignment, so that colours do not count as width.
  };

  void column(std::string heading, Align align = Align::right);
  /// As many cells as columns, or fewer.
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string text(const Paint& paint, std::size_t width = text_width) const;

 private:
  struct Column {
    std::string heading;
    Align align;
  };
  std::vector<std::size_t> widths() const;
  std::string block(const Paint& paint, const std::vector<std::size_t>& widths, std::size_t first,
                    std::size_t last) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Breaks prose into lines of at most `width` characters; lines after the first are indented. The
/// first comes after `used` characters that are already on the line. A unit stays with its number.
std::string wrapped(const std::string& text, std::size_t indent = 0, std::size_t width = text_width,
                    std::size_t used = 0);

}  // namespace headroom
