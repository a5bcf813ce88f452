// Reads the sources as text and enforces the house rules: who may include whom, which libraries
// stay where, what kernel and models may not use, and how long a file may be.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Source {
  std::string path;  // from the project root
  std::vector<std::string> lines;
};

using Extensions = std::vector<std::string>;
const Extensions code{".cpp", ".hpp"};
const Extensions code_and_scripts{".cpp", ".hpp", ".py", ".sh", ".txt"};

Source source_of(const std::string& path) {
  Source source{path, {}};
  std::ifstream file(fs::path(HEADROOM_SOURCE_DIR) / path);
  for (std::string line; std::getline(file, line);)
    source.lines.push_back(line);
  return source;
}

std::vector<Source> sources_of(const std::vector<std::string>& folders,
                               const Extensions& extensions = code) {
  std::vector<Source> sources;
  const fs::path root = HEADROOM_SOURCE_DIR;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) continue;
      sources.push_back(source_of(fs::relative(entry.path(), root).string()));
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

bool is_test(const std::string& path) {
  return path.find("_test.cpp") != std::string::npos;
}

/// The part before the first slash, and for models the family too.
std::string layer_of(const std::string& path) {
  return path.substr(0, path.find('/'));
}

std::string family_of(const std::string& path) {
  if (layer_of(path) != "models") return {};
  const auto begin = path.find('/') + 1;
  const auto end = path.find('/', begin);
  return end == std::string::npos ? std::string() : path.substr(begin, end - begin);
}

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::ptrdiff_t characters(const std::string& line) {
  return std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

std::string included(const std::string& line) {
  static const std::regex form(R"re(^\s*#\s*include\s*["<]([^">]+)[">])re");
  std::smatch match;
  return std::regex_search(line, match, form) ? match[1].str() : std::string();
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return text.rfind(beginning, 0) == 0; });
}

/// Why this file may not include that; empty when it may.
std::string breach(const std::string& path, const std::string& include) {
  const std::string from = layer_of(path);
  const std::string to = layer_of(include);
  if (from == "sim" && (to == "models" || to == "app")) return "the kernel knows nothing above it";
  if (from == "models" && to == "app") return "models know nothing of files and people";
  const std::string family = family_of(path);
  const std::string other = family_of(include);
  if (from == "models" && !is_test(path) && !other.empty() && family != other)
    return "a family never includes another";
  struct Library {
    std::vector<std::string> headers;
    std::vector<std::string> allowed;
    std::string why;
  };
  static const std::vector<Library> libraries{
      {{"nlohmann/"}, {"app/", "tests/"}, "JSON is seen by app only"},
      {{"CLI/"}, {"app/cli/"}, "CLI11 is seen by app/cli only"},
      {{"Eigen/"}, {"models/analytic/", "sim/stats/"}, "Eigen is seen where something is solved"},
      {{"boost/graph"}, {"models/network/", "app/scenario/"}, "Boost.Graph stays with topology"},
      {{"simgrid/"}, {"models/network/flow_"}, "SimGrid stays in the flow engine"},
      {{"mpi.h"}, {"app/study/mpi_"}, "MPI stays with the ranks"},
      {{"thread", "mutex", "future", "condition_variable", "fstream", "filesystem", "atomic"},
       {"app/", "tests/"},
       "no threads and no files in kernel and models"},
      {{"chrono", "ctime", "time.h", "sys/time.h", "random"},
       {"app/", "tests/"},
       "no wall clock and no std:: random numbers in kernel and models"},
  };
  for (const Library& library : libraries) {
    for (const auto& header : library.headers) {
      const bool is_folder = header.back() == '/' || header.find('/') != std::string::npos;
      const bool hit = is_folder ? include.rfind(header, 0) == 0 : include == header;
      if (hit && !starts_with_any(path, library.allowed)) return library.why;
    }
  }
  return {};
}

/// Every file that a page names in backquotes: `name.hpp`, `folder/name.cpp`.
std::vector<std::string> files_named_in(const Source& page) {
  static const std::regex form(R"(`([\w/]+\.(?:hpp|cpp|py|json|md))`)");
  std::vector<std::string> names;
  for (const std::string& line : page.lines) {
    for (std::sregex_iterator hit(line.begin(), line.end(), form), end; hit != end; ++hit)
      names.push_back((*hit)[1].str());
  }
  return names;
}

bool exists_in(const std::vector<std::string>& folders, const std::string& name) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return fs::exists(fs::path(HEADROOM_SOURCE_DIR) / folder / name);
  });
}

}  // namespace

TEST_CASE("includes keep the layers apart") {
  for (const Source& source : sources_of({"sim", "models", "app"})) {
    for (std::size_t line = 0; line < source.lines.size(); ++line) {
      const std::string include = included(source.lines[line]);
      if (include.empty()) continue;
      const std::string why = breach(source.path, include);
      INFO(source.path << ":" << line + 1 << " includes " << include << ": " << why);
      CHECK(why.empty());
    }
  }
}

TEST_CASE("kernel and models use nothing that makes a run depend on more than its seed") {
  const std::vector<std::pair<std::regex, std::string>> banned{
      {std::regex(R"(\bstd::(mt19937|random_device|uniform_|normal_distribution|exponential_d))"),
       "std:: random numbers differ between libraries"},
      {std::regex(R"(\b(system_clock|steady_clock|high_resolution_clock|gettimeofday|clock\(\)))"),
       "no wall clock"},
      {std::regex(R"(for\s*\([^;)]*:\s*\w*unordered)"), "unordered iteration"},
      {std::regex(R"(\bunordered_(map|set)\b)"), "its order of iteration is not defined"},
      {std::regex(
           R"(\bthread_local\b|^\s*static\s+(?!const|constexpr|inline|_?assert)\w[\w:<>, ]*\s+\w+\s*(=|;))"),
       "no globals"},
      {std::regex(R"(\b(throw|try|catch)\b\s*[({A-Za-z])"), "no exceptions"},
      {std::regex(R"(\bstd::hash\b)"), "differs between libraries"},
  };
  for (const Source& source : sources_of({"sim", "models"})) {
    if (is_test(source.path)) continue;
    for (std::size_t line = 0; line < source.lines.size(); ++line) {
      const std::string code = source.lines[line].substr(0, source.lines[line].find("//"));
      for (const auto& [pattern, why] : banned) {
        INFO(source.path << ":" << line + 1 << ": " << code << ": " << why);
        CHECK_FALSE(std::regex_search(code, pattern));
      }
    }
  }
}

TEST_CASE("a file holds one idea") {
  std::vector<std::size_t> lengths;
  for (const Source& source : sources_of({"tests"}, code_and_scripts)) {
    INFO(source.path << " has " << source.lines.size() << " lines; split it");
    CHECK(source.lines.size() <= 400);
  }
  for (const Source& source : sources_of({"sim", "models", "app"})) {
    INFO(source.path << " has " << source.lines.size() << " lines; split it");
    CHECK(source.lines.size() <= 400);
    lengths.push_back(source.lines.size());
  }
  std::sort(lengths.begin(), lengths.end());
  CHECK(lengths[lengths.size() / 2] <= 160);
}

TEST_CASE("lines fit") {
  for (const Source& source : sources_of({"sim", "models", "app", "tests"})) {
    bool in_text = false;  // of a raw string literal: a scenario or an expected message
    for (std::size_t line = 0; line < source.lines.size(); ++line) {
      const std::string& text = source.lines[line];
      const bool opens = text.find("R\"") != std::string::npos;
      if (!in_text && !opens) {
        INFO(source.path << ":" << line + 1);
        CHECK(characters(text) <= 100);
      }
      if (opens) in_text = true;
      if (text.find(")\"") != std::string::npos || text.find(")json\"") != std::string::npos)
        in_text = false;
    }
  }
}

/// Two of one name are one for the linker, which takes the functions of either.
TEST_CASE("no two headers define a type of the same name") {
  static const std::regex space_form(R"(^namespace ([\w:]+) \{.*)");
  static const std::regex type_form(R"(^(?:struct|class) (\w+)(?: final)?(?: : .*)?(?: \{.*)?$)");
  std::map<std::string, std::string> places;
  for (const Source& source : sources_of({"sim", "models", "app"}, {".hpp"})) {
    std::string space;
    for (const std::string& line : source.lines) {
      std::smatch match;
      if (std::regex_match(line, match, space_form)) space = match[1].str() + "::";
      if (!std::regex_match(line, match, type_form)) continue;
      const auto [place, is_new] = places.emplace(space + match[1].str(), source.path);
      INFO(place->first << " in " << place->second << " and " << source.path);
      CHECK(is_new);
    }
  }
  CHECK(places.size() > 100);
}

TEST_CASE("headers that only tests include are called test_..., and no others are") {
  const auto is_of_tests = [](const std::string& path) {
    return is_test(path) || fs::path(path).filename().string().rfind("test_", 0) == 0;
  };
  const auto sources = sources_of({"models", "app"});
  std::set<std::string> in_use;
  for (const Source& source : sources) {
    if (is_of_tests(source.path)) continue;
    for (const std::string& line : source.lines)
      in_use.insert(included(line));
  }
  for (const Source& source : sources) {
    if (fs::path(source.path).extension() != ".hpp") continue;
    INFO(source.path);
    CHECK(in_use.contains(source.path) != is_of_tests(source.path));
  }
}

TEST_CASE("nothing is left for later") {
  // In two halves, because this file is read too.
  const std::regex unfinished(R"(\b(TO)"
                              R"(DO|FIX)"
                              R"(ME|XX)"
                              R"(X|HA)"
                              R"(CK)\b)");
  CHECK(std::regex_search(std::string("// TO") + "DO: later", unfinished));
  for (const Source& source : sources_of({"sim", "models", "app", "tests"}, code_and_scripts)) {
    for (std::size_t line = 0; line < source.lines.size(); ++line) {
      INFO(source.path << ":" << line + 1);
      CHECK_FALSE(std::regex_search(source.lines[line], unfinished));
      CHECK(source.lines[line].find('\t') == std::string::npos);
    }
  }
}

TEST_CASE("the rules notice what they forbid") {
  CHECK_FALSE(breach("sim/kernel/x.hpp", "models/request.hpp").empty());
  CHECK_FALSE(breach("models/server/x.cpp", "models/balancer/balancer.hpp").empty());
  CHECK_FALSE(breach("models/server/x.cpp", "nlohmann/json.hpp").empty());
  CHECK_FALSE(breach("sim/kernel/x.cpp", "chrono").empty());
  CHECK_FALSE(breach("app/study/x.cpp", "CLI/CLI.hpp").empty());
  CHECK(breach("models/server/x.cpp", "models/request.hpp").empty());
  CHECK(breach("app/study/x.cpp", "models/server/server.hpp").empty());
  CHECK(included("  # include <vector>") == "vector");
}

TEST_CASE("the pages of kernel and models name the files there are") {
  const auto of_kernel = files_named_in(source_of("sim/README.md"));
  for (const std::string& name : of_kernel) {
    INFO("sim/README.md names " << name);
    CHECK(exists_in({"sim/kernel", "sim/stats", "."}, name));
  }
  for (const Source& source : sources_of({"sim"}, {".hpp"})) {
    const std::string name = fs::path(source.path).filename().string();
    if (name.rfind("test_", 0) == 0) continue;
    INFO("sim/README.md does not name " << name);
    CHECK(std::count(of_kernel.begin(), of_kernel.end(), name) > 0);
  }
  for (const std::string& name : files_named_in(source_of("models/README.md"))) {
    // The one that its reader is asked to write.
    if (name == "balancer/policies/weighted_least_outstanding.cpp") continue;
    INFO("models/README.md names " << name);
    CHECK(exists_in({"models", "."}, name));
  }
}
