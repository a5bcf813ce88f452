#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scenario/document.hpp"
#include "models/fields.hpp"

namespace headroom {

/// A name in the file that must exist elsewhere.
struct FoundReference {
  RefKind kind{};
  std::string name, endpoint;  ///< `endpoint` of a call target, else empty
  Place place;
  std::string pointer;
};

/// What a scenario refers to, gathered while it is read.
struct ReadResult {
  std::vector<FoundReference> references;
};

/// Reads `node` into the plan at `object`, which is default-constructed and of the type of `table`.
/// Reports every error with its place; true when there was none.
bool read_object(const FieldTable& table, const Node& node, void* object, Diagnostics& diagnostics,
                 ReadResult& result, const std::string& pointer);

/// The same for a plan struct with a table; nothing when there were errors.
template <HasTable T>
std::optional<T> read_plan(const Node& node, Diagnostics& diagnostics, ReadResult& result,
                           const std::string& pointer = {}) {
  T plan{};
  const FieldTable& table = fields_of(static_cast<const T*>(nullptr));
  if (!read_object(table, node, &plan, diagnostics, result, pointer)) return std::nullopt;
  return plan;
}

/// True when every default and every example of the table and of those it refers to reads as its
/// own field; `why` says which does not. For tests of tables.
bool table_is_sound(const FieldTable& table, std::string& why);

}  // namespace headroom
