#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/document.hpp"
#include "app/scenario/reader.hpp"
#include "models/fields.hpp"

namespace headroom {

/// One pass over a document: where it is, what it found, what it reports to. The functions return
/// true when what they read was without error, and go on after errors to report them all.
class Reading {
 public:
  Reading(Diagnostics& to, ReadResult& into, std::string at)
      : diagnostics(to), result(into), pointer(std::move(at)) {}

  /// `name`: of the object among its siblings, for messages; empty where it has none.
  bool object(const FieldTable& table, const Node& node, void* object, std::string_view name = {});
  bool value(const Field& field, const FieldType& type, const Node& node, void* target);
  /// One more of a named list.
  bool entry(const Field& field, const FieldType& type, const Node& member, void* holder);

  /// Reports an error at the present pointer; always false.
  bool refuse(Place place, std::string message, std::string hint = {}) {
    diagnostics.error(place, pointer, std::move(message), std::move(hint));
    return false;
  }
  bool wrong_type(const Field& field, const FieldType& type, const Node& node,
                  std::string hint = {});

  Diagnostics& diagnostics;
  ReadResult& result;
  std::string pointer;

 private:
  bool list(const Field& field, const FieldType& type, const Node& node, void* holder);
  bool named(const Field& field, const FieldType& type, const Node& node, void* holder);
  bool either(const Field& field, const FieldType& type, const Node& node, void* holder);
};

/// Goes down one step of the pointer for as long as it lives.
class PointerStep {
 public:
  PointerStep(Reading& reading, std::string_view key)
      : pointer_(reading.pointer), length_(pointer_.size()) {
    pointer_ += pointer_step(key);
  }
  PointerStep(Reading& reading, std::size_t index) : PointerStep(reading, std::to_string(index)) {}
  ~PointerStep() { pointer_.resize(length_); }
  PointerStep(const PointerStep&) = delete;
  PointerStep& operator=(const PointerStep&) = delete;

 private:
  std::string& pointer_;
  std::size_t length_;
};

/// Reads a time, a size, a number or a text of one form into a scalar member.
bool read_scalar(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                 void* target);

/// A quantity in base units, within the bounds of the field; `integer` where it is exact.
struct ReadNumber {
  double value = 0;
  std::int64_t integer = 0;
};
bool read_quantity(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                   ReadNumber& number);

/// Of two keys of one object the one that was written over the other's file, else the second.
const Node& later_of(const Reading& reading, const Node& first, const Node& second);
/// What to do where two keys exclude each other: where the first was given, if that is another file
/// that this one extends, and how to take it out, else `otherwise`.
std::string way_out(const Reading& reading, const Node& first, const Node& second,
                    std::string otherwise);

bool read_distribution(Reading& reading, const Field& field, const FieldType& type,
                       const Node& node, Distribution& distribution);

}  // namespace headroom
