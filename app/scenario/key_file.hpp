#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/scenario/data_file.hpp"

namespace headroom {

/// What a file of keys holds, or why it is none.
struct KeyFile : DataFileFault {
  std::vector<std::uint64_t> items;  ///< By request; numbered from 0 as they first appear.
  std::vector<std::int64_t> sizes;   ///< Bytes, by request; empty where the file tells none.
  std::uint64_t count = 0;           ///< Different items.
};

/// One key a line, of any characters but commas; after a comma the size of its value, with a unit
/// or as a number of bytes. Empty lines and lines that start with '#' are skipped, and so is a
/// first line "key" or "key,size".
KeyFile read_key_list(std::string_view text);

/// A `RecordedTrace`.
KeyFile read_key_trace(std::string_view bytes);

/// Whether these bytes are no text: a trace, whatever the file is called.
bool looks_like_trace(std::string_view bytes);

}  // namespace headroom
