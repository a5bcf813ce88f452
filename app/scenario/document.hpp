#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/diagnostics.hpp"

namespace headroom {

/// A JSON value and where it stands. Members keep the order of the file.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  bool truth = false;
  Place place;                 ///< of the value; of an object or list the opening bracket only
  Place key_place;             ///< of the quoted key, in a member of an object
  std::string key;             ///< in a member of an object
  std::string text;            ///< of a string its value, of a number its literal
  std::vector<Node> children;  ///< members or items

  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  /// Makes `find` fast where there are many members; to be called when all of them are there.
  /// Members may change afterwards.
  void sort_members();
  /// Where an error about this value as a whole should point: its key, where it has one.
  Place heading() const { return key_place.length ? key_place : place; }

 private:
  std::vector<std::uint32_t> by_key_;  ///< Members in the order of their keys, where sorted.
};

/// The node at an RFC 6901 pointer such as "/services/app"; null where there is none.
const Node* at_pointer(const Node& root, std::string_view pointer);
/// A step of a pointer: '~' and '/' escaped.
std::string pointer_step(std::string_view key);
/// "/services/app".
std::string service_pointer(std::string_view service);

/// Where a later pass should point for `pointer`: its key or value, or what of its path exists.
Place place_of(const Node& root, std::string_view pointer);

/// "an object", "the string \"x\"", "the number 10", shortened.
std::string describe(const Node& node);

/// Compact JSON of the node.
std::string to_json_text(const Node& node);

struct DocumentLimits {
  std::size_t bytes = 16 << 20;
  std::size_t depth = 64;
  std::size_t values = 250'000;
};

/// Parses a source. Comments and a UTF-8 byte-order mark are accepted; duplicate keys are errors.
/// Nothing when the text is not JSON at all; a document with other errors is still returned, so
/// that everything wrong with it can be reported together.
std::optional<Node> parse_document(std::uint32_t file, Diagnostics& diagnostics,
                                   const DocumentLimits& limits = {});

/// Reads the file into the sources and parses it; an unreadable file is an error.
std::optional<Node> load_document(const std::string& path, Diagnostics& diagnostics,
                                  const DocumentLimits& limits = {});

}  // namespace headroom
