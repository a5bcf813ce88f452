#pragma once

#include <catch2/catch.hpp>

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

/// A part of a good scenario with what takes its place, and what is said of it.
struct Row {
  std::string part, with;
  std::string pointer, says, hint;
};

/// One message at that place has those words, and the scenario is accepted unless they are errors.
inline void check_row(const Folder& folder, const Row& row, const std::string& text,
                      bool are_errors) {
  const Said said = said_of(folder, text);
  INFO(row.part << "  =>  " << row.with << "\n" << said.text());
  CHECK(said.accepted != are_errors);
  CHECK(said.diagnostics.has_errors() == are_errors);
  bool is_told = false;
  for (const auto& each : said.diagnostics.all()) {
    is_told = is_told ||
              (each.pointer == row.pointer && each.message.find(row.says) != std::string::npos &&
               each.hint.find(row.hint) != std::string::npos);
  }
  CHECK(is_told);
}

/// `text` with the first place of the row's part changed; it must be there.
inline std::string changed_by(const Row& row, std::string text) {
  const auto at = text.find(row.part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, row.part.size(), row.with);
}

}  // namespace bad_inputs
