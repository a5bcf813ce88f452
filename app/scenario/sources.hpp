#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace headroom {

/// A run of bytes in one of the `Sources`.
struct Place {
  std::uint32_t file = 0, offset = 0, length = 0;
};

/// Where a place is for a person: line and column count from 1, columns in characters.
struct Location {
  std::string_view file;
  std::uint32_t line = 1, column = 1;
  std::string_view line_text;        ///< without its line end
  std::uint32_t offset_in_line = 0;  ///< in bytes
};

/// Texts that diagnostics point into: scenario files and the arguments of --set.
class Sources {
 public:
  /// `directory` is what relative paths in the text start from; empty: the current one.
  std::uint32_t add(std::string name, std::string text, std::string directory = {});
  std::string_view name(std::uint32_t file) const { return texts_[file].name; }
  std::string_view text(std::uint32_t file) const { return texts_[file].text; }
  const std::string& directory(std::uint32_t file) const { return texts_[file].directory; }
  std::string_view text(Place place) const {
    return text(place.file).substr(place.offset, place.length);
  }
  Location locate(Place place) const;

  /// `path` as written in `file`, seen from the current directory.
  std::string path_from(std::uint32_t file, std::string_view path) const;

 private:
  struct Text {
    std::string name, text, directory;
  };
  std::deque<Text> texts_;  // views of earlier texts stay valid
};

/// Code points in a text of UTF-8; a byte that is not UTF-8 counts as one.
std::uint32_t count_characters(std::string_view text);

}  // namespace headroom
