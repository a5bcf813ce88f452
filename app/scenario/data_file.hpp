#pragma once

#include <algorithm>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace headroom {

/// Why a file of data cannot be used, and where in it; `why` is empty where it can.
struct DataFileFault {
  std::string why, hint;
  std::size_t offset = 0, length = 0;  ///< Of what is wrong, in the text.
  bool is_text = true;                 ///< Whether `offset` means a line and a column.

  /// `word` is a part of `text`.
  void refuse(std::string_view text, std::string_view word, std::string because,
              std::string suggestion) {
    offset = static_cast<std::size_t>(word.data() - text.data());
    length = word.empty() ? 1 : word.size();
    why = std::move(because);
    hint = std::move(suggestion);
  }
};

/// The lines of a text one after the other, without their ends and without a byte order mark.
class Lines {
 public:
  explicit Lines(std::string_view text)
      : text_(text), at_(text.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}
  /// False after the last.
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

}  // namespace headroom
