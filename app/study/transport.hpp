#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "app/study/aggregate.hpp"
#include "models/results.hpp"

namespace headroom {

/// A class that shows all that it is made of.
template <class T>
concept HasParts = requires(T& object) {
  object.parts([](auto&...) {});
};
/// A number, an enumeration or a class of nothing else.
template <class T>
concept IsPlain =
    std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> &&
    (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, __int128> ||
     (std::is_class_v<T> && !std::is_aggregate_v<T> && !std::is_same_v<T, std::string_view>));

/// Something to read into. Most types have a default.
template <class T>
T blank() {
  return T{};
}
template <>
inline sim::SampleSeries blank() {
  return sim::SampleSeries({});
}
template <>
inline sim::LevelSeries blank() {
  return sim::LevelSeries({});
}
template <>
inline WorkloadResult blank() {
  return {.name = {}, .endpoints = {}, .series = WorkloadSeries({}), .by_second = {}};
}

/// Turns results into bytes for another process of the same program on the same machine.
class Packing {
 public:
  std::string bytes;

  template <class T>
  void add(const T& value) {
    if constexpr (IsPlain<T>) {
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (HasParts<T>) {
      const_cast<T&>(value).parts([this](auto&... parts) { (add(parts), ...); });
    } else {
      static_assert(std::is_aggregate_v<T> || !std::is_trivially_copyable_v<T>);
      if constexpr (std::is_same_v<T, WorkloadSeries>) {
        add(value.latency), add(value.issued), add(value.not_ok), add(value.in_time);
      } else {
        with_members(value, [this](const auto&... members) { (add(members), ...); });
      }
    }
  }
  void add(const std::string& text) {
    add(text.size());
    bytes += text;
  }
  template <class T>
  void add(const std::vector<T>& list) {
    add(list.size());
    for (const T& each : list)
      add(each);
  }
  template <class T, std::size_t size>
  void add(const std::array<T, size>& list) {
    for (const T& each : list)
      add(each);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class... Ts>
  void add(const std::variant<Ts...>& value) {
    add(value.index());
    std::visit([this](const auto& each) { add(each); }, value);
  }
  template <class A, class B>
  void add(const std::pair<A, B>& pair) {
    add(pair.first);
    add(pair.second);
  }
  template <class K, class V>
  void add(const std::map<K, V>& map) {
    add(map.size());
    for (const auto& [key, value] : map)
      add(key), add(value);
  }
  void add(const sim::Histogram& histogram) {
    const bool empty = histogram.count() == 0;
    add(histogram.buckets());
    add(empty ? std::int64_t{0} : histogram.min());
    add(empty ? std::int64_t{0} : histogram.max());
    add(static_cast<__int128>(histogram.sum()));
  }
};

/// The way back. Throws where the bytes end too early.
class Unpacking {
 public:
  explicit Unpacking(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T get() {
    T value = blank<T>();
    read(value);
    return value;
  }

 private:
  template <class T>
  void read(T& value) {
    if constexpr (IsPlain<T>) {
      std::memcpy(static_cast<void*>(&value), take(sizeof value).data(), sizeof value);
    } else if constexpr (HasParts<T>) {
      value.parts([this](auto&... parts) { (read(parts), ...); });
    } else if constexpr (std::is_same_v<T, WorkloadSeries>) {
      read(value.latency), read(value.issued), read(value.not_ok), read(value.in_time);
    } else {
      with_members(value, [this](auto&... members) { (read(members), ...); });
    }
  }
  void read(std::string& text) { text = take(get<std::size_t>()); }
  template <class T>
  void read(std::vector<T>& list) {
    list.clear();
    for (std::size_t left = get<std::size_t>(); left > 0; --left)
      list.push_back(get<T>());
  }
  template <class T, std::size_t size>
  void read(std::array<T, size>& list) {
    for (T& each : list)
      read(each);
  }
  template <class T>
  void read(std::optional<T>& value) {
    value.reset();
    if (get<bool>()) value.emplace(get<T>());
  }
  template <class... Ts>
  void read(std::variant<Ts...>& value) {
    const auto index = get<std::size_t>();
    std::size_t each = 0;
    ((each++ == index ? void(value = get<Ts>()) : void()), ...);
  }
  template <class A, class B>
  void read(std::pair<A, B>& pair) {
    read(pair.first);
    read(pair.second);
  }
  template <class K, class V>
  void read(std::map<K, V>& map) {
    map.clear();
    for (std::size_t left = get<std::size_t>(); left > 0; --left) {
      K key = get<K>();
      map.emplace(std::move(key), get<V>());
    }
  }
  void read(sim::Histogram& histogram) {
    const auto buckets = get<std::vector<sim::Histogram::Bucket>>();
    const auto min = get<std::int64_t>(), max = get<std::int64_t>();
    const auto sum = static_cast<unsigned __int128>(get<__int128>());
    auto restored = sim::Histogram::restored(buckets, min, max, sum);
    if (!restored) throw std::runtime_error("a histogram of a worker does not add up");
    histogram = std::move(*restored);
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) throw std::runtime_error("a worker said less than it announced");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

}  // namespace headroom
