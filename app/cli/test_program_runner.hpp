#pragma once

#include <string>
#include <vector>

namespace headroom {

/// What the built program answered.
struct Answer {
  int code = -1;
  std::string out, err;
};

/// Runs the built program in `folder` with nothing on standard input. For tests.
Answer run_headroom(const std::vector<std::string>& words, const std::string& folder = {});

/// A new empty directory that is removed with everything in it. For tests.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// How many entries it holds.
  std::size_t size() const;

 private:
  std::string path_;
};

/// One server at `load` of its capacity of 100/s; quick to run.
std::string small_scenario(double load, const std::string& requirement = "p99 < 10s");

}  // namespace headroom
