#pragma once
// clang-format off
//
// HOW TO DECLARE WHAT A SCENARIO MAY SAY
//
// A component has a plan struct (plain data, default constructible) and one field table. From the
// table come the reader, all error texts, the resolved scenario, the schema and the reference page.
//
//   enum class Crash : uint8_t { reset, silent };  // numbered from 0, in the order of its choices
//   Choices choices_of(Crash);                     // returns a static constexpr Choice[]
//   struct ServerPlan {
//     uint32_t concurrency = 0;                    // required: the initialiser is not used
//     std::optional<uint32_t> cores;               // optional: absent stays nullopt
//     Limit queue_limit{1000};                     // with_default: the initialiser IS the default
//     Distribution service_time;
//     Crash crash = Crash::reset;
//     Named<std::vector<Step>> endpoints;          // an object by name, in the order of the file
//   };
//   const FieldTable& fields_of(const ServerPlan*);  // in plan.hpp, before any table uses the type
//
//   const FieldTable& fields_of(const ServerPlan*) {  // in fields.cpp
//     using P = ServerPlan;
//     static const auto table =
//         FieldTable::of<P>("server", "A tier that holds a slot from start to reply.")
//             .required("concurrency", &P::concurrency, "Slots.", example("64"), between(1, 1e6))
//             .optional("cores", &P::cores, "Cores.", at_least(1), absent_means("one a slot"))
//             .with_default("queue_limit", &P::queue_limit, "Requests that may wait.")
//             .required("service_time", &P::service_time, "Work.", example(R"({"exp": "6ms"})"))
//             .with_default("crash", &P::crash, "What callers see when it crashes.")
//             .with_default("endpoints", &P::endpoints, "Steps by endpoint.", plain_names())
//             .inlined(&P::common)       // a struct whose keys stand in this same object
//             .at_most_one_of({"a", "b"})  // also exactly_one_of; their fields may be absent
//             .check([](const P& plan, Findings& findings) {  // runs when all fields were read
//               if (plan.cores > plan.concurrency) findings.warning("cores", "more than slots");
//             });
//     return table;
//   }
//
// Types: sim::Duration, Rate, Bytes, Bandwidth, Ratio (0 to 1 unless bounded otherwise),
// Percentile, Limit, integers, double, bool, std::string, enums with choices_of, Distribution (of
// times, or with `sizes()` or `counts()`), Ref<kind>, CallTarget, structs with fields_of, your own
// one-string types with text_form_of(const T*), and std::optional, std::vector, Named and
// std::variant ("a time or a percentile": told apart by what reads) of all of these. Numbers are
// never negative unless bounded otherwise. Bounds are in the field's type:
// at_least(sim::Duration::ms(1)); in a list, distribution or variant they hold for each value.
// A policy that is a std::string: one_of_names(&catalogue).
//
// Tagged alternatives are std::variants of structs, each with its table:
//   .one_of("step", &Step::what, "..")  by key: exactly one alternative's first key is present, as
//       in {"cpu": ..} or {"call": .., "op": ..}; its other keys stand beside it, and so may keys
//       of the outer table ("at", "for"). With std::monostate first there may be none.
//   .with_default("a <-> b", &P::links, "..", other_keys()): a Named list of the keys that no other
//       field of this object has.
//   .by_kind("kind", &ServicePlan::own, "..")  by value: the name of the alternative's table; its
//       fields stand beside the key.
// Recursion is fine (Step -> CallStep -> std::vector<Step>): tables refer to one another lazily.
//
// clang-format on

#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>

#include "models/field_types.hpp"

namespace headroom {

/// What a rule over several fields found. `key` is a key of the object, a path below it
/// ("replication/R", "legs/0") or empty for the object itself.
struct Finding {
  bool is_warning = false;
  std::string key, message, hint;
};

class Findings {
 public:
  void error(std::string key, std::string message, std::string hint = {});
  void warning(std::string key, std::string message, std::string hint = {});
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

/// The unit of the values of a distribution.
enum class Unit : std::uint8_t { time, bytes, count };

/// Bounds in the base unit: nanoseconds, events per second, bytes, bytes per second, 1.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;  ///< the bound itself is not allowed

  bool contains(double value) const;
};

/// One row of a table.
struct Field {
  enum class Role : std::uint8_t {
    plain,    ///< a key and its value
    inlined,  ///< the keys of another table in this same object
    one_of,   ///< alternatives told apart by which first key is present; `key` is what to call them
    by_kind,  ///< alternatives told apart by the value of `key`
  };
  enum class Presence : std::uint8_t { required, with_default, optional };

  std::string_view key, doc;
  Role role = Role::plain;
  Presence presence = Presence::optional;
  const FieldType* type = nullptr;
  std::size_t offset = 0;  ///< of the member in its plan struct

  std::string_view example, absent_means;
  Range range;
  Unit unit = Unit::time;
  Choices (*choices)() = nullptr;  ///< a text that must be one of these
  enum class Names : std::uint8_t { safe, plain, any } names = Names::safe;
  bool is_name = false;      ///< a text that obeys the rule of `names`
  bool sums_to_one = false;  ///< a named list of ratios that must sum to 1
  bool other_keys = false;   ///< a named list of all keys of the object that no field has
  std::size_t fewest = 0;    ///< of a list or named list

  const void* member(const void* object) const { return static_cast<const char*>(object) + offset; }
  void* member(void* object) const { return static_cast<char*>(object) + offset; }
};

/// Keys of which exactly one (or at most one) may be given.
struct Exclusion {
  std::vector<std::string_view> keys;
  bool one_required = false;
};

template <class T>
class TableBuilder;

struct FieldTable {
  std::string_view name, doc, origin = {};  ///< `origin`: the paper an algorithm comes from
  std::vector<Field> fields;
  std::vector<Exclusion> exclusions;
  std::vector<std::function<void(const void*, Findings&)>> checks;
  std::shared_ptr<const void> pristine;  ///< a default-constructed plan, which holds the defaults
  std::shared_ptr<void> (*make)() = nullptr;  ///< another one

  template <class T>
  static TableBuilder<T> of(std::string_view name, std::string_view doc);

  /// The plain or by_kind field of that key in this table or one inlined in it; null when none.
  const Field* find(std::string_view key) const;
  /// The key that tells this alternative from its siblings in a `one_of`.
  std::string_view tag() const { return fields.front().key; }
};

// ---- options of a field ------------------------------------------------------------------------

constexpr double in_base_unit(sim::Duration d) {
  return static_cast<double>(d.count_ns());
}
constexpr double in_base_unit(Rate r) {
  return r.per_s;
}
constexpr double in_base_unit(Bytes b) {
  return static_cast<double>(b.count);
}
constexpr double in_base_unit(Bandwidth b) {
  return b.bytes_per_s;
}
constexpr double in_base_unit(Ratio r) {
  return r.value;
}
constexpr double in_base_unit(double number) {
  return number;
}

/// How a user would write a value, in JSON; a bare word needs no quotes: example("5ms").
inline auto example(std::string_view text) {
  return [=](Field& field) { field.example = text; };
}
/// What absence of an optional field stands for, in a few words.
inline auto absent_means(std::string_view text) {
  return [=](Field& field) { field.absent_means = text; };
}
auto at_least(auto low) {
  return [=](Field& field) { field.range.low = in_base_unit(low); };
}
auto at_most(auto high) {
  return [=](Field& field) { field.range.high = in_base_unit(high); };
}
auto above(auto low) {
  return [=](Field& field) {
    field.range.low = in_base_unit(low);
    field.range.low_open = true;
  };
}
auto below(auto high) {
  return [=](Field& field) {
    field.range.high = in_base_unit(high);
    field.range.high_open = true;
  };
}
auto between(auto low, auto high) {
  return [=](Field& field) { field.range = {in_base_unit(low), in_base_unit(high), false, false}; };
}
/// The distribution is of sizes in bytes.
inline auto sizes() {
  return [](Field& field) { field.unit = Unit::bytes; };
}
/// The distribution is of plain numbers.
inline auto counts() {
  return [](Field& field) { field.unit = Unit::count; };
}
/// The text must be a name of this catalogue.
inline auto one_of_names(Choices (*choices)()) {
  return [=](Field& field) { field.choices = choices; };
}
/// Names of letters, digits, '_' and '-' only: what targets and references can name.
inline auto plain_names() {
  return [](Field& field) {
    field.names = Field::Names::plain;
    field.is_name = true;
  };
}
/// The named list holds what stands under keys of no other field, beside them in the same object;
/// the field's own key is only what to call those keys. One a table.
inline auto other_keys() {
  return [](Field& field) {
    field.names = Field::Names::any;
    field.other_keys = true;
  };
}
/// The text is a name that reports will print.
inline auto a_name() {
  return [](Field& field) { field.is_name = true; };
}
/// The ratios of a named list must sum to 1, to within rounding.
inline auto sums_to_one() {
  return [](Field& field) { field.sums_to_one = true; };
}
inline auto at_least_items(std::size_t fewest) {
  return [=](Field& field) { field.fewest = fewest; };
}

// ---- the builder
// ---------------------------------------------------------------------------------

template <class T>
class TableBuilder : public FieldTable {
 public:
  TableBuilder(std::string_view table_name, std::string_view table_doc) {
    name = table_name;
    doc = table_doc;
    make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); };
    pristine = make();
  }

  template <class M, class Class, class... Options>
  TableBuilder& required(std::string_view key, M Class::*member, std::string_view says,
                         Options... options) {
    return add(Field::Role::plain, Field::Presence::required, key, member, says, options...);
  }
  /// The default is the member's initialiser.
  template <class M, class Class, class... Options>
  TableBuilder& with_default(std::string_view key, M Class::*member, std::string_view says,
                             Options... options) {
    return add(Field::Role::plain, Field::Presence::with_default, key, member, says, options...);
  }
  template <class M, class Class, class... Options>
  TableBuilder& optional(std::string_view key, std::optional<M> Class::*member,
                         std::string_view says, Options... options) {
    return add(Field::Role::plain, Field::Presence::optional, key, member, says, options...);
  }
  template <HasTable M, class Class>
  TableBuilder& inlined(M Class::*member) {
    return add(Field::Role::inlined, Field::Presence::required, {}, member, {});
  }
  template <class... Ts, class Class>
  TableBuilder& one_of(std::string_view label, std::variant<Ts...> Class::*member,
                       std::string_view says) {
    static_assert(((HasTable<Ts> || std::same_as<Ts, std::monostate>)&&...));
    return add(Field::Role::one_of, Field::Presence::required, label, member, says);
  }
  template <HasTable... Ts, class Class, class... Options>
  TableBuilder& by_kind(std::string_view key, std::variant<Ts...> Class::*member,
                        std::string_view says, Options... options) {
    return add(Field::Role::by_kind, Field::Presence::required, key, member, says, options...);
  }

  /// The paper or system the algorithm comes from.
  TableBuilder& source(std::string_view origin_text) {
    origin = origin_text;
    return *this;
  }
  TableBuilder& exactly_one_of(std::initializer_list<std::string_view> keys) {
    exclusions.push_back({keys, true});
    return *this;
  }
  TableBuilder& at_most_one_of(std::initializer_list<std::string_view> keys) {
    exclusions.push_back({keys, false});
    return *this;
  }
  /// `rule(const T&, Findings&)`; runs only when the object itself was read without error.
  template <class Rule>
  TableBuilder& check(Rule rule) {
    checks.push_back([rule](const void* plan, Findings& findings) {
      rule(*static_cast<const T*>(plan), findings);
    });
    return *this;
  }

 private:
  template <class M, class Class, class... Options>
  TableBuilder& add(Field::Role role, Field::Presence presence, std::string_view key,
                    M Class::*member, std::string_view says, Options... options) {
    const T& object = *static_cast<const T*>(pristine.get());
    Field field;
    field.key = key;
    field.doc = says;
    field.role = role;
    field.presence = presence;
    field.type = &field_type<M>;
    field.offset = static_cast<std::size_t>(reinterpret_cast<const char*>(&(object.*member)) -
                                            reinterpret_cast<const char*>(&object));
    (options(field), ...);
    fields.push_back(field);
    return *this;
  }
};

template <class T>
TableBuilder<T> FieldTable::of(std::string_view name, std::string_view doc) {
  return TableBuilder<T>(name, doc);
}

}  // namespace headroom
