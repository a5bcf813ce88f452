#include "app/scenario/recorded_trace.hpp"

#include <catch2/catch.hpp>

namespace headroom {

TEST_CASE("records are read in place") {
  const std::string record(
      "\x01\x02\0\0"
      "\xFF\0\0\0\0\0\0\x80"
      "\0\x10\0\0"
      "\x07\0\0\0\0\0\0\0",
      24);
  const RecordedTrace trace(record);
  REQUIRE(trace.size() == 1);
  CHECK(trace.fault().empty());
  CHECK(trace[0].second == 513);
  CHECK(trace[0].object == 0x80000000000000FFu);
  CHECK(trace[0].size == 4096);
  CHECK_FALSE(RecordedTrace(std::string_view(record).substr(1)).fault().empty());
  CHECK_FALSE(RecordedTrace("").fault().empty());
}

}  // namespace headroom
