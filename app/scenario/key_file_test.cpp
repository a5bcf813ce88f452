#include "app/scenario/key_file.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace headroom;

using Items = std::vector<std::uint64_t>;

TEST_CASE("a list of keys is numbered as they first appear", "[keys]") {
  const KeyFile file = read_key_list("key\nb\na\n# note\n\nb\r\nc c\n");
  CHECK(file.why.empty());
  CHECK(file.items == Items{0, 1, 0, 2});
  CHECK(file.count == 3);
  CHECK(file.sizes.empty());
}

TEST_CASE("keys with sizes", "[keys]") {
  const KeyFile file = read_key_list("a,100\nb, 2kB\na,100");
  CHECK(file.why.empty());
  CHECK(file.sizes == std::vector<std::int64_t>{100, 2000, 100});
  for (const char* wrong : {"", "# nothing\n", "a,1\nb\n", "a\nb,1\n", ",5\n", "a,x\n", "a,-1\n"})
    CHECK_FALSE(read_key_list(wrong).why.empty());
  const KeyFile refused = read_key_list("a,1\nb,many\n");
  CHECK(refused.offset == 6);
  CHECK(refused.length == 4);
}

TEST_CASE("records of a trace", "[keys]") {
  std::string bytes;
  for (const char object : {'\x05', '\x01', '\x05'})
    bytes += std::string("\1\0\0\0", 4) + object + std::string(7, '\0') +
             std::string("\0\2\0\0", 4) + std::string(8, '\xFF');
  CHECK(looks_like_trace(bytes));
  CHECK_FALSE(looks_like_trace("a\nb\n"));
  const KeyFile file = read_key_trace(bytes);
  CHECK(file.items == Items{0, 1, 0});
  CHECK(file.sizes == std::vector<std::int64_t>{512, 512, 512});
  CHECK_FALSE(read_key_trace(bytes.substr(1)).why.empty());
  CHECK_FALSE(read_key_trace("").why.empty());
}

TEST_CASE("a recorded trace has the objects its makers count", "[keys]") {
  const char* folder = std::getenv("HEADROOM_DATA");
  std::ifstream stream(
      std::string(folder != nullptr ? folder : "") + "/cloudPhysicsIO.oracleGeneral.bin",
      std::ios::binary);
  if (!stream) {
    WARN("skipped: HEADROOM_DATA names no folder with cloudPhysicsIO.oracleGeneral.bin");
    return;
  }
  std::stringstream bytes;
  bytes << stream.rdbuf();
  const KeyFile file = read_key_trace(bytes.str());
  CHECK(file.items.size() == 113'872);
  CHECK(file.count == 48'974);
  std::int64_t sum = 0;
  for (const auto size : file.sizes)
    sum += size;
  CHECK(sum == 4'368'040'448);
}
