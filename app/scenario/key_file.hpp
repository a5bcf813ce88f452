#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// What a file of keys holds, or why it is none.
struct KeyFile {
  std::vector<std::uint64_t> items;  ///< By request; numbered from 0 as they first appear.
  std::vector<std::int64_t> sizes;   ///< Bytes, by request; empty where the file tells none.
  std::uint64_t count = 0;           ///< Different items.
  std::string why, hint;
  std::size_t offset = 0, length = 0;  ///< Of what is wrong, in the text.
  bool is_text = true;                 ///< Whether `offset` means a line and a column.
};

/// One key a line, of any characters but commas; after a comma the size of its value, with a unit
/// or as a number of bytes. Empty lines and lines that start with '#' are skipped, and so is a
/// first line "key" or "key,size".
KeyFile read_key_list(std::string_view text);

/// A trace in the oracleGeneral format: little-endian records of 24 bytes, which are a u32 of
/// seconds, a u64 object, a u32 size and an i64 next access.
/// Source: libCacheSim, the oracleGeneral trace reader.
KeyFile read_key_trace(std::string_view bytes);

/// Whether these bytes are no text: a trace, whatever the file is called.
bool looks_like_trace(std::string_view bytes);

}  // namespace headroom
