#include "app/study/run_bytes.hpp"

#include "app/study/bytes.hpp"

namespace headroom {

std::string run_bytes(const RunResult& run) {
  ByteWriter writer;
  writer.put(run);
  return writer.take();
}

std::optional<RunResult> run_of_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  RunResult run;
  reader.get(run);
  if (!reader.at_end()) return std::nullopt;
  return run;
}

}  // namespace headroom
