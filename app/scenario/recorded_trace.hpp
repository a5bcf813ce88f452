#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headroom {

/// One request of a recorded trace.
struct TraceRecord {
  std::uint32_t second = 0;  ///< Since the start of the trace, or of an epoch: as recorded.
  std::uint64_t object = 0;
  std::uint32_t size = 0;  ///< Bytes.
};

/// Records as libCacheSim writes them ("oracleGeneral"), read in place: 24 bytes each, little
/// endian: u32 second, u64 object, u32 size, i64 place of the next request for the same object,
/// which is not used here.
/// Source: Yang et al., libCacheSim, traceReader/customizedReader/oracle/oracleGeneralBin.h.
class RecordedTrace {
 public:
  static constexpr std::size_t record_bytes = 24;

  /// `bytes` outlive it.
  explicit RecordedTrace(std::string_view bytes) : bytes_(bytes) {}

  /// Whole records; what is left at the end is not read.
  std::size_t size() const { return bytes_.size() / record_bytes; }
  TraceRecord operator[](std::size_t i) const;
  /// Why these bytes are no such trace; empty where they are one.
  std::string fault() const;

 private:
  std::string_view bytes_;
};

}  // namespace headroom
