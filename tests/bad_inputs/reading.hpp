#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "app/scenario/scenario.hpp"

namespace bad_inputs {

/// A folder of its own for the files of one test, gone afterwards.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("headroom_bad_inputs_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string put(const std::string& name, const std::string& text) const {
    const std::string path = (path_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// What reading a scenario said.
struct Said {
  bool accepted = false;
  headroom::Diagnostics diagnostics;
  std::string text() const { return diagnostics.text(); }
  bool says(const std::string& part) const { return text().find(part) != std::string::npos; }
};

inline Said said_of_file(const std::string& path) {
  Said said;
  said.accepted = headroom::read_scenario(path, {}, said.diagnostics).has_value();
  return said;
}

inline Said said_of(const Folder& folder, const std::string& text) {
  return said_of_file(folder.put("s.json", text));
}

}  // namespace bad_inputs
