#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "models/distribution.hpp"
#include "models/quantities.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

struct FieldTable;

/// One valid name of a closed list: an enumerator or a policy of a catalogue.
struct Choice {
  std::string_view name, doc, source = {};
};
using Choices = std::span<const Choice>;

/// How a type of your own is written as one string. `parse` says in `why` what is wrong.
struct TextForm {
  std::string_view expects;  ///< "a target such as \"app[0]\""
  bool (*parse)(std::string_view text, void* value, std::string& why);
  std::string (*print)(const void* value);
};

enum class FieldKind : std::uint8_t {
  duration,
  rate,
  bytes,
  bandwidth,
  ratio,
  percentile,
  count,
  limit,
  number,
  boolean,
  text,
  choice,
  distribution,
  reference,
  call_target,
  form,
  table,
  list,
  named,
  optional,
  either,
};

/// What the reader, the schema and the reference know of a C++ type. Which members mean something
/// follows from `kind`. `holder` points at the optional, list, named list or variant itself.
struct FieldType {
  FieldKind kind{};
  std::uint8_t integer_bytes = 0;  // count
  bool integer_signed = false;
  RefKind reference{};                     // reference
  const FieldTable& (*table)() = nullptr;  // table
  const TextForm& (*form)() = nullptr;     // form
  Choices (*choices)() = nullptr;          // choice
  void (*store_choice)(void* value, std::size_t index) = nullptr;
  std::size_t (*load_choice)(const void* value) = nullptr;
  const FieldType* element = nullptr;                   // optional, list, named
  std::span<const FieldType* const> alternatives = {};  // either; null for std::monostate
  /// Optional: creates the value. List: appends one. Either: makes alternative `index` current.
  void* (*make)(void* holder, std::size_t index) = nullptr;
  void* (*make_named)(void* holder, std::string name) = nullptr;
  void (*clear)(void* holder) = nullptr;  // list, named
  /// Optional: 0 or 1. List, named: how many. Either: which alternative is current.
  std::size_t (*size)(const void* holder) = nullptr;
  const void* (*at)(const void* holder, std::size_t index) = nullptr;
  const std::string& (*name_at)(const void* holder, std::size_t index) = nullptr;
};

template <class T>
concept HasTable = requires(const T* t) {
  { fields_of(t) } -> std::same_as<const FieldTable&>;
};
template <class T>
concept HasTextForm = requires(const T* t) {
  { text_form_of(t) } -> std::same_as<const TextForm&>;
};
template <class T>
concept HasChoices = std::is_enum_v<T> && requires(T t) {
  { choices_of(t) } -> std::convertible_to<Choices>;
};

template <class T>
struct FieldTypeOf;
/// The description of T; a compile error where a scenario has no way to write a T.
template <class T>
inline constexpr const FieldType& field_type = FieldTypeOf<T>::value;

constexpr FieldType scalar(FieldKind kind) {
  return {.kind = kind};
}

template <class T>
constexpr FieldType simple_type() {
  if constexpr (HasTable<T>)
    return {.kind = FieldKind::table, .table = []() -> const FieldTable& {
              return fields_of(static_cast<const T*>(nullptr));
            }};
  else if constexpr (HasTextForm<T>)
    return {.kind = FieldKind::form, .form = []() -> const TextForm& {
              return text_form_of(static_cast<const T*>(nullptr));
            }};
  else if constexpr (HasChoices<T>)
    return {.kind = FieldKind::choice,
            .choices = []() -> Choices { return choices_of(T{}); },
            .store_choice = [](void* v, std::size_t i) { *static_cast<T*>(v) = static_cast<T>(i); },
            .load_choice =
                [](const void* v) { return static_cast<std::size_t>(*static_cast<const T*>(v)); }};
  else if constexpr (std::same_as<T, bool>)
    return scalar(FieldKind::boolean);
  else if constexpr (std::integral<T>)
    return {.kind = FieldKind::count,
            .integer_bytes = sizeof(T),
            .integer_signed = std::signed_integral<T>};
  else if constexpr (std::same_as<T, double>)
    return scalar(FieldKind::number);
  else if constexpr (std::same_as<T, std::string>)
    return scalar(FieldKind::text);
  else if constexpr (std::same_as<T, sim::Duration>)
    return scalar(FieldKind::duration);
  else if constexpr (std::same_as<T, Rate>)
    return scalar(FieldKind::rate);
  else if constexpr (std::same_as<T, Bytes>)
    return scalar(FieldKind::bytes);
  else if constexpr (std::same_as<T, Bandwidth>)
    return scalar(FieldKind::bandwidth);
  else if constexpr (std::same_as<T, Ratio>)
    return scalar(FieldKind::ratio);
  else if constexpr (std::same_as<T, Percentile>)
    return scalar(FieldKind::percentile);
  else if constexpr (std::same_as<T, Limit>)
    return scalar(FieldKind::limit);
  else if constexpr (std::same_as<T, Distribution>)
    return scalar(FieldKind::distribution);
  else if constexpr (std::same_as<T, CallTarget>)
    return scalar(FieldKind::call_target);
  else
    static_assert(HasTable<T>,
                  "no way to write this type in a scenario: declare fields_of(const T*), "
                  "text_form_of(const T*) or choices_of(T) before its first use in a table");
}

template <class T>
struct FieldTypeOf {
  static constexpr FieldType value = simple_type<T>();
};

template <RefKind ref>
struct FieldTypeOf<Ref<ref>> {
  static constexpr FieldType value{.kind = FieldKind::reference, .reference = ref};
};

template <class T>
struct FieldTypeOf<std::optional<T>> {
  using Holder = std::optional<T>;
  static constexpr FieldType value{
      .kind = FieldKind::optional,
      .element = &field_type<T>,
      .make = [](void* h, std::size_t) -> void* { return &static_cast<Holder*>(h)->emplace(); },
      .size = [](const void* h) -> std::size_t {
        return static_cast<const Holder*>(h)->has_value();
      },
      .at = [](const void* h, std::size_t) -> const void* {
        return &**static_cast<const Holder*>(h);
      }};
};

template <class T>
struct FieldTypeOf<std::vector<T>> {
  static_assert(!std::same_as<T, bool>);
  using Holder = std::vector<T>;
  static constexpr FieldType value{
      .kind = FieldKind::list,
      .element = &field_type<T>,
      .make = [](void* h, std::size_t) -> void* {
        return &static_cast<Holder*>(h)->emplace_back();
      },
      .clear = [](void* h) { static_cast<Holder*>(h)->clear(); },
      .size = [](const void* h) { return static_cast<const Holder*>(h)->size(); },
      .at = [](const void* h, std::size_t i) -> const void* {
        return &(*static_cast<const Holder*>(h))[i];
      }};
};

/// Entries by name, each of which a table of T describes. `Holder` has what `Named<T>` has.
template <class T, class Holder>
struct NamedFieldType {
  static constexpr FieldType value{
      .kind = FieldKind::named,
      .element = &field_type<T>,
      .make_named = [](void* h, std::string name) -> void* {
        return &static_cast<Holder*>(h)->add(std::move(name));
      },
      .clear = [](void* h) { static_cast<Holder*>(h)->entries.clear(); },
      .size = [](const void* h) { return static_cast<const Holder*>(h)->size(); },
      .at = [](const void* h, std::size_t i) -> const void* {
        return &static_cast<const Holder*>(h)->entries[i].second;
      },
      .name_at = [](const void* h, std::size_t i) -> const std::string& {
        return static_cast<const Holder*>(h)->entries[i].first;
      }};
};
template <class T>
struct FieldTypeOf<Named<T>> : NamedFieldType<T, Named<T>> {};

template <class T>
constexpr const FieldType* alternative_type() {
  if constexpr (std::same_as<T, std::monostate>)
    return nullptr;
  else
    return &field_type<T>;
}

template <class... Ts>
struct FieldTypeOf<std::variant<Ts...>> {
  using Holder = std::variant<Ts...>;
  static constexpr std::array<const FieldType*, sizeof...(Ts)> types{alternative_type<Ts>()...};

  static void* make(void* holder, std::size_t index) {
    auto& variant = *static_cast<Holder*>(holder);
    return [&]<std::size_t... is>(std::index_sequence<is...>) {
      void* made = nullptr;
      ((is == index ? void(made = &variant.template emplace<is>()) : void()), ...);
      return made;
    }
    (std::index_sequence_for<Ts...>());
  }
  static const void* at(const void* holder, std::size_t index) {
    const auto& variant = *static_cast<const Holder*>(holder);
    return [&]<std::size_t... is>(std::index_sequence<is...>) {
      const void* found = nullptr;
      ((is == index ? void(found = std::get_if<is>(&variant)) : void()), ...);
      return found;
    }
    (std::index_sequence_for<Ts...>());
  }
  static constexpr FieldType value{
      .kind = FieldKind::either,
      .alternatives = types,
      .make = &make,
      .size = [](const void* h) { return static_cast<const Holder*>(h)->index(); },
      .at = &at};
};

}  // namespace headroom
