// Every single field of every scenario of the gallery, spoilt in every way a person or a script
// might: what is wrong must be refused, and the answer must name the place.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/bad_inputs/reading.hpp"

using bad_inputs::Folder;
using bad_inputs::Said;
using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

namespace {

struct Spoilt {
  Json document;
  std::string what;
  bool must_be_refused = true;
};

/// Texts that may be anything at all.
bool is_free_text(const std::string& pointer) {
  return pointer == "/description" || pointer == "/$schema" || pointer == "/name";
}

/// Keys that are names of the author's own choice, perhaps with nothing that refers to them.
bool is_free_name(const std::string& parent) {
  return parent == "/slos" || parent == "/workloads" || parent == "/network/bulk" ||
         parent.ends_with("/endpoints");
}

/// All names and texts in a value.
std::vector<std::string> words_of(const Json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  std::vector<std::string> words;
  for (const auto& [key, part] : value.items()) {
    if (value.is_object()) words.push_back(key);
    if (!part.is_structured() && !part.is_string()) continue;
    for (auto& word : words_of(part))
      words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> pointers_of(const Json& document) {
  std::vector<std::string> pointers;
  const std::function<void(const Json&, const std::string&)> walk = [&](const Json& node,
                                                                        const std::string& at) {
    if (!at.empty()) pointers.push_back(at);
    if (node.is_array())
      for (std::size_t i = 0; i < node.size(); ++i)
        walk(node[i], at + "/" + std::to_string(i));
    if (node.is_object())
      for (const auto& [key, value] : node.items())
        walk(value, at + headroom::pointer_step(key));
  };
  walk(document, "");
  return pointers;
}

/// What no field of that kind may be.
std::vector<Json> wrong_values(const Json& value, const std::string& pointer) {
  std::vector<Json> wrong{nullptr, Json{{"zzz", 1}}};
  if (!value.is_boolean()) wrong.push_back(true);
  if (value.is_object() || value.is_array()) {
    wrong.insert(wrong.end(), {"zzz zzz", "", 7, -1});
  } else if (value.is_string() && !is_free_text(pointer)) {
    wrong.insert(wrong.end(), {"", " ", "NaN", "nanms", "infs", "-3ms", "5", "5 m", "\x01", -1,
                               Json::array({"a", 5})});
  } else if (value.is_number()) {
    wrong.insert(wrong.end(), {"zzz", "", "NaN", Json::array()});
    if (!pointer.ends_with("/priority")) wrong.push_back(-1);
    if (value.is_number_integer() && !pointer.ends_with("/factor") && !pointer.ends_with("/cv") &&
        !pointer.ends_with("/zipf") && !pointer.ends_with("/multiplier"))
      wrong.push_back(2.5);
  } else if (value.is_boolean()) {
    wrong.insert(wrong.end(), {"true", 1, Json::array()});
  }
  return wrong;
}

/// What may be wrong or may not, but must do no harm.
std::vector<Json> odd_values(const Json& value) {
  std::vector<Json> odd{0,
                        1e30,
                        1e308,
                        18446744073709551615u,
                        "0s",
                        "1e30s",
                        "292000d",
                        "0%",
                        "120%",
                        "0/s",
                        "1e30/s",
                        "<script>",
                        "=cmd()",
                        "../..",
                        std::string(5000, 'x')};
  if (value.is_array()) odd.push_back(Json::array());
  if (value.is_object()) odd.push_back(Json::object());
  return odd;
}

Json replaced(Json document, const std::string& pointer, const Json& value) {
  document[Pointer(pointer)] = value;
  return document;
}

/// The same with the key at `pointer` misspelt, in the same place.
Json misspelt(const Json& document, const std::string& pointer) {
  const Pointer at(pointer);
  const std::string key = at.back();
  Json parent = Json::object();
  for (const auto& [name, value] : document[at.parent_pointer()].items())
    parent[name == key ? key + "q" : name] = value;
  Json changed = document;
  changed[at.parent_pointer()] = parent;
  return changed;
}

Json without(Json document, const std::string& pointer) {
  const Pointer at(pointer);
  Json& parent = document[at.parent_pointer()];
  if (parent.is_array())
    parent.erase(std::stoul(at.back()));
  else
    parent.erase(at.back());
  return document;
}

std::vector<Spoilt> all_spoilt(const Json& document, const std::string& pointer) {
  std::vector<Spoilt> all;
  const Pointer at(pointer);
  const Json& value = document[at];
  for (const Json& wrong : wrong_values(value, pointer))
    // In a file that extends another, null takes a key of the other away.
    all.push_back({replaced(document, pointer, wrong), "is " + wrong.dump(),
                   !wrong.is_null() || !document.contains("extends")});
  for (const Json& odd : odd_values(value))
    all.push_back({replaced(document, pointer, odd), "is " + odd.dump(), false});
  all.push_back({without(document, pointer), "is gone", false});
  // Nobody calls a worker, so its name is its author's.
  const bool is_worker = value.is_object() && value.contains("kind") && value["kind"] == "worker";
  if (document[at.parent_pointer()].is_object())
    all.push_back({misspelt(document, pointer), "is misspelt",
                   !is_worker && !is_free_name(at.parent_pointer().to_string())});
  return all;
}

/// One of the errors points at the field, at something in it or at what it is in; or it names the
/// field, as one does that refers to what is gone.
bool names_the_place(const Said& said, const Json& document, const std::string& pointer) {
  const Json& old = document[Pointer(pointer)];
  std::vector<std::string> words{Pointer(pointer).back()};
  if (old.is_structured() || old.is_string())
    for (auto& word : words_of(old))
      words.push_back(std::move(word));
  for (const auto& each : said.diagnostics.all()) {
    const bool below = each.pointer.starts_with(pointer);
    const bool above = !each.pointer.empty() && pointer.starts_with(each.pointer);
    const std::string text = each.message + each.hint;
    const bool by_name = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
    if (below || above || by_name) return true;
  }
  return false;
}

/// The files of which mutants are made.
std::vector<std::filesystem::path> gallery() {
  std::vector<std::filesystem::path> files{HEADROOM_SOURCE_DIR "/tests/bad_inputs/mm1.json"};
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(HEADROOM_SOURCE_DIR "/scenarios", none))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Data files that scenarios name stand beside them.
void copy_data(const Folder& folder) {
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(HEADROOM_SOURCE_DIR "/scenarios", none))
    if (entry.is_regular_file())
      std::filesystem::copy_file(entry.path(), folder.path() / entry.path().filename(), none);
}

}  // namespace

TEST_CASE("every scenario of the gallery is accepted") {
  for (const auto& file : gallery()) {
    const Said said = bad_inputs::said_of_file(file.string());
    INFO(said.text());
    CHECK(said.accepted);
  }
}

TEST_CASE("no single spoilt field passes unnoticed or without its place") {
  const Folder folder;
  copy_data(folder);
  std::size_t tried = 0, refused = 0;
  for (const auto& file : gallery()) {
    const Json document = Json::parse(bad_inputs::contents(file.string()), nullptr, true, true);
    for (const std::string& pointer : pointers_of(document)) {
      for (const Spoilt& spoilt : all_spoilt(document, pointer)) {
        ++tried;
        const Said said = bad_inputs::said_of(folder, spoilt.document.dump(1));
        const bool is_honest = said.accepted != said.diagnostics.has_errors();
        const bool is_noticed = !said.accepted || !spoilt.must_be_refused;
        // What a scenario extends is all there is of it: without it nearly everything is missing.
        const bool is_placed =
            said.accepted || pointer == "/extends" || names_the_place(said, document, pointer);
        refused += !said.accepted;
        if (is_honest && is_noticed && is_placed) continue;
        FAIL_CHECK(file.filename().string() << ": " << pointer << " " << spoilt.what.substr(0, 60)
                                            << (is_noticed ? "" : " is accepted")
                                            << (is_placed ? "" : " is refused elsewhere") << "\n"
                                            << said.text().substr(0, 600));
      }
    }
  }
  INFO(tried << " mutants, " << refused << " refused");
  CHECK(refused > tried / 2);
}
