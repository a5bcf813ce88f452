#include "app/scenario/arrival_file.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace headroom;

namespace {

std::vector<std::int64_t> ns_of(const ArrivalFile& file) {
  std::vector<std::int64_t> all;
  for (const auto time : file.times)
    all.push_back(time.count_ns());
  return all;
}

std::string record(std::uint32_t second) {
  std::string bytes(24, '\0');
  for (int i = 0; i < 4; ++i)
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(second >> (8 * i));
  return bytes;
}

}  // namespace

TEST_CASE("arrival lists: bare seconds, units, headings, comments, columns") {
  const auto file = read_arrival_list(
      "\xEF\xBB\xBF# recorded on Monday\r\ntime,user\r\n0.25,ann\r\n250ms,bob\n\n  1 "
      "eve\n2e0;x\n1min");
  CHECK(file.why == "");
  CHECK(ns_of(file) == std::vector<std::int64_t>{250'000'000, 250'000'000, 1'000'000'000,
                                                 2'000'000'000, 60'000'000'000});
}

TEST_CASE("arrival lists: what is wrong is found where it stands") {
  const auto wrong_at = [](std::string_view text) {
    const auto file = read_arrival_list(text);
    CHECK(file.why != "");
    return std::string(text.substr(file.offset, file.length));
  };
  CHECK(wrong_at("1\n3\n2\n") == "2");
  CHECK(wrong_at("1\nx\n") == "x");
  CHECK(wrong_at("1\n-2\n") == "-2");
  CHECK(wrong_at("5m\n") == "5m");
  CHECK(wrong_at("time\ntime\n1\n") == "time");
  CHECK(wrong_at("1\nnan\n") == "nan");
  CHECK(wrong_at("1\n1e300\n") == "1e300");
  CHECK(read_arrival_list("").why == "the file holds no times");
  CHECK(read_arrival_list("# nothing\nheading\n").why == "the file holds no times");
}

TEST_CASE("traces: the requests of one second are spread over it") {
  const auto file =
      read_arrival_trace(record(7) + record(7) + record(9) + record(9) + record(9) + record(9));
  CHECK(file.why == "");
  CHECK(ns_of(file) == std::vector<std::int64_t>{0, 500'000'000, 2'000'000'000, 2'250'000'000,
                                                 2'500'000'000, 2'750'000'000});
  CHECK(read_arrival_trace(record(7) + record(6)).why.find("byte 24") != std::string::npos);
  CHECK(read_arrival_trace(record(7) + "xyz").why.find("byte 24 and has 3") != std::string::npos);
  CHECK(read_arrival_trace("").why == "the trace is empty");
}

TEST_CASE("traces: a recorded one") {
  const char* folder = std::getenv("HEADROOM_DATA");
  const std::string path = std::string(folder ? folder : "") + "/cloudPhysicsIO.oracleGeneral.bin";
  if (!folder || !std::filesystem::exists(path)) {
    WARN("skipped: HEADROOM_DATA names no folder with cloudPhysicsIO.oracleGeneral.bin");
    return;
  }
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto file = read_arrival_trace(bytes);
  CHECK(file.why == "");
  CHECK(file.times.size() == 113'872);
  CHECK(std::is_sorted(file.times.begin(), file.times.end()));
}
