#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/report/result_files.hpp"

namespace headroom {

/// The directory of -o: written as a whole or not at all. Everything is written into a sibling
/// first, which then takes the name.
class ResultDirectory {
 public:
  explicit ResultDirectory(std::string path) : path_(std::move(path)) {}

  /// Why the results of this study cannot be written here; empty when they can. Finds before a run:
  /// a place that cannot be written, a disk too full, a directory that holds something else or the
  /// results of another study: a scenario.resolved.json that is not `study`, to the byte. Leaves
  /// nothing behind.
  std::string obstacle(const std::string& study) const;

  /// Writes the files; why it failed, or empty. After a failure the directory is as it was.
  std::string write(const std::vector<ResultFile>& files) const;

 private:
  std::string path_;
};

/// Writes one file as a whole or not at all; why it failed, or empty.
std::string write_file(const std::string& path, const std::string& content);

/// The bytes of a file; false with the reason in `why`.
bool read_file(const std::string& path, std::string& content, std::string& why);

}  // namespace headroom
