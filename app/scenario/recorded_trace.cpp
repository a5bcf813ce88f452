#include "app/scenario/recorded_trace.hpp"

#include <fmt/format.h>

namespace headroom {

namespace {

template <class Number>
Number little_endian(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<Number>(value);
}

}  // namespace

TraceRecord RecordedTrace::operator[](std::size_t i) const {
  const std::string_view record = bytes_.substr(i * record_bytes, record_bytes);
  return {.second = little_endian<std::uint32_t>(record, 0),
          .object = little_endian<std::uint64_t>(record, 4),
          .size = little_endian<std::uint32_t>(record, 12)};
}

std::string RecordedTrace::fault() const {
  if (bytes_.empty()) return "the trace is empty";
  const std::size_t rest = bytes_.size() % record_bytes;
  if (rest == 0) return {};
  return fmt::format(
      "the trace is cut off: its last record starts at byte {} and has {} of {} bytes",
      size() * record_bytes, rest, record_bytes);
}

}  // namespace headroom
