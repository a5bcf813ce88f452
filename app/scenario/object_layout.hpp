#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/scenario/reading.hpp"

namespace headroom {

/// Which keys an object may hold, once the alternatives that its own keys choose are known.
class ObjectLayout {
 public:
  struct Row {
    const Field* field = nullptr;
    void* object = nullptr;  ///< the plan struct the field is a member of
    bool chooses = false;    ///< a by_kind key: read when the layout was made
  };
  struct Part {
    const FieldTable* table = nullptr;
    void* object = nullptr;
  };

  /// Chooses alternatives (and makes them current in the plan) by what `node` holds.
  ObjectLayout(Reading& reading, const FieldTable& table, const Node& node, void* object);

  const Row* find(std::string_view key) const;
  /// The key belongs to an alternative of a choice that already failed: nothing to say about it.
  bool is_excused(std::string_view key) const;
  /// Names of alternatives not chosen that would allow the key.
  std::vector<std::string_view> others_with(std::string_view key) const;
  /// Every key that may stand here, for suggestions.
  std::vector<std::string_view> keys() const;

  /// Reports a one_of without any alternative, unless an unknown key may be meant for it.
  void report_missing_choices(const std::vector<std::string_view>& unknown);

  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<Part>& parts() const { return parts_; }
  bool is_good() const { return good_; }
  /// "database", "poisson arrivals": what the object is, after its choices.
  const std::string& label() const { return label_; }

 private:
  void collect(const FieldTable& table, void* object);
  void choose_by_key(const Field& field, void* object);
  void choose_by_kind(const Field& field, void* object);
  void take(const Field& field, void* object, std::size_t index);
  void excuse_all(const Field& field);

  Reading& reading_;
  const Node& node_;
  std::vector<Row> rows_;
  std::vector<Part> parts_;
  std::vector<const FieldTable*> others_, excused_;
  std::vector<const Field*> missing_;
  std::string label_;
  bool named_ = false, good_ = true;
  bool anything_goes_ = false;  // a kind is unknown, and so is what it would allow
};

/// Every key a table may hold under any of its alternatives.
void all_keys(const FieldTable& table, std::vector<std::string_view>& keys);

}  // namespace headroom
