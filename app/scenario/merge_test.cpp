#include "app/scenario/merge.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace headroom;

namespace {

/// Files in a folder of their own, removed at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "headroom_merge_test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_ / "sub");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string add(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

struct Loaded {
  Diagnostics diagnostics;
  std::optional<Node> node;
  std::string json() const { return node ? to_json_text(*node) : ""; }
};

Loaded load(const std::string& path, const std::vector<std::string>& settings = {}) {
  Loaded loaded;
  loaded.node = load_scenario(path, settings, loaded.diagnostics);
  return loaded;
}

}  // namespace

TEST_CASE("extends merges key by key, null removes, lists are replaced", "[merge]") {
  const Folder folder;
  folder.add("base.json", R"({"a": {"x": 1, "y": 2}, "list": [1, 2], "gone": 5})");
  folder.add("sub/middle.json", R"({"extends": "../base.json", "a": {"z": 3}})");
  const std::string top = folder.add(
      "top.json", R"({"extends": "sub/middle.json", "a": {"y": 9}, "list": [3], "gone": null})");
  const Loaded loaded = load(top);
  INFO(loaded.diagnostics.text());
  CHECK(loaded.json() == R"({"a":{"x":1,"y":9,"z":3},"list":[3]})");
  const Node& y = *at_pointer(*loaded.node, "/a/y");
  CHECK(loaded.diagnostics.sources.name(y.place.file) == top);
  CHECK(loaded.diagnostics.sources.locate(at_pointer(*loaded.node, "/a/x")->place)
            .file.ends_with("base.json"));
}

TEST_CASE("faults of extends are told", "[merge]") {
  using Catch::Contains;
  const Folder folder;
  folder.add("a.json", R"({"extends": "b.json"})");
  const std::string circle = folder.add("b.json", R"({"extends": "a.json"})");
  CHECK_THAT(load(circle).diagnostics.text(), Contains("in a circle"));
  CHECK_THAT(load(folder.add("c.json", R"({"extends": "none.json"})")).diagnostics.text(),
             Contains("there is no file"));
  CHECK_THAT(load(folder.add("d.json", R"({"extends": 5})")).diagnostics.text(),
             Contains("found the number 5"));
  CHECK_THAT(load("/nowhere/x.json").diagnostics.text(), Contains("cannot read the file"));
  CHECK_THAT(load(folder.add("sub/e.json", "[]")).diagnostics.text(), Contains("found a list"));
  const auto in_folder = load(folder.add("g.json", R"({"extends": "."})")).diagnostics.text();
  CHECK_THAT(in_folder, Contains("g.json:1:13: error") && Contains("is a directory"));
  folder.add("base.json", R"({"replicas": 1})");
  CHECK_THAT(
      load(folder.add("f.json", R"({"extends": "base.json", "replcas": null})")).diagnostics.text(),
      Contains("did you mean \"replicas\"?"));
  CHECK(load(std::filesystem::temp_directory_path().string()).diagnostics.has_errors());
}

TEST_CASE("--set changes, adds and removes", "[merge]") {
  const Folder folder;
  const std::string path = folder.add(
      "s.json",
      R"({"a": {"rate": "5/s", "n": 1}, "list": [{"at": "1s"}, {"at": "2s"}], "p9.9": {"k": 1}})");
  const Loaded loaded =
      load(path, {"a.rate=10/s", "a.n=null", "list[1].at=9s", "p9\\.9.k={\"exp\": \"5ms\"}",
                  "new.deep.key=true", "text=a=b"});
  INFO(loaded.diagnostics.text());
  CHECK(
      loaded.json() ==
      R"({"a":{"rate":"10/s"},"list":[{"at":"1s"},{"at":"9s"}],"p9.9":{"k":{"exp":"5ms"}},"new":{"deep":{"key":true}},"text":"a=b"})");
  const Node& mean = *at_pointer(*loaded.node, "/p9.9/k/exp");
  CHECK(loaded.diagnostics.sources.text(mean.place) == "\"5ms\"");
  CHECK(loaded.diagnostics.sources.name(mean.place.file) == "--set");
}

TEST_CASE("both places of a key given twice are those of the --set", "[merge]") {
  const Folder folder;
  const std::string path = folder.add("s.json", R"({"a": {"list": [{"n": 1}]}})");
  const Loaded loaded = load(path, {R"(a.list[0]={"exp":"1ms","exp":"2ms"})"});
  CHECK(loaded.diagnostics.text() ==
        "--set:1:24: error: duplicate key \"exp\"\n"
        "  1 | a.list[0]={\"exp\":\"1ms\",\"exp\":\"2ms\"}\n"
        "    |                        ^^^^^ first given at 1:12\n"
        "    at /a/list/0/exp\n");
}

TEST_CASE("faults of --set point into the argument", "[merge]") {
  const Folder folder;
  const std::string path = folder.add("s.json", R"({"a": {"n": 1}, "list": [1]})");
  const auto [argument, expected] = GENERATE(table<std::string, std::string>({
      {"a", "PATH=VALUE"},
      {"=5", "ends where a key should follow"},
      {"a..n=5", "empty step"},
      {"a.=5", "ends where a key should follow"},
      {"list[x]=5", "an index is a number"},
      {"list[4]=5", "the list has 1 items"},
      {"a[0]=5", "an index needs a list"},
      {"a.n.k=5", "the number 1 has no key \"k\""},
      {"list.k=5", "an item of a list is written [0]"},
      {"a.m=null", "there is no \"m\" to remove"},
      {"a={\"k\": }", "not JSON"},
  }));
  const Loaded loaded = load(path, {argument});
  INFO(argument);
  CHECK_THAT(loaded.diagnostics.text(), Catch::StartsWith("--set:1:") && Catch::Contains(expected));
}
