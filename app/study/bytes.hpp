#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "app/study/members.hpp"
#include "app/study/run.hpp"

namespace headroom {

template <typename T>
inline constexpr bool is_wide = std::is_same_v<T, __int128> || std::is_same_v<T, unsigned __int128>;
template <typename T>
concept Whole = std::is_integral_v<T> || is_wide<T>;

/// Numbers take as many groups of seven bits as they need; signed ones alternate about zero.
class ByteWriter {
 public:
  std::string take() { return std::move(bytes_); }

  void number(unsigned __int128 value) {
    for (; value >= 128; value >>= 7)
      bytes_ += static_cast<char>(static_cast<unsigned char>(value) | 128);
    bytes_ += static_cast<char>(value);
  }
  template <Whole T>
  void put(const T& value) {
    const auto wide = static_cast<__int128>(value);
    number((static_cast<unsigned __int128>(wide) << 1) ^
           static_cast<unsigned __int128>(wide >> 127));
  }
  template <typename T>
  requires std::is_enum_v<T>
  void put(const T& value) { put(static_cast<std::underlying_type_t<T>>(value)); }
  void put(const double& value) { put(std::bit_cast<std::uint64_t>(value)); }
  void put(const std::string& text) {
    number(text.size());
    bytes_ += text;
  }
  void put(const sim::Duration& duration) { put(duration.count_ns()); }
  void put(const sim::Time& time) { put(time.count_ns()); }
  void put(const sim::Histogram& histogram) {
    const auto buckets = histogram.buckets();
    put(buckets);
    if (buckets.empty()) return;
    put(histogram.min());
    put(histogram.max());
    put(histogram.sum());
  }
  void put(const sim::SampleSeries& series) {
    put(series.windows());
    for (std::size_t window = 0; window < series.size(); ++window)
      put(series[window]);
    put(series.keeps_histograms());
    for (std::size_t window = 0; series.keeps_histograms() && window < series.size(); ++window)
      put(series.histogram(window));
  }
  void put(const sim::LevelSeries& series) {
    put(series.windows());
    for (std::size_t window = 0; window < series.size(); ++window)
      put(series[window]);
  }
  void put(const WorkloadSeries& series) {
    put(series.latency);
    put(series.issued);
    put(series.not_ok);
    put(series.in_time);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    number(values.size());
    for (const T& value : values)
      put(value);
  }
  template <typename T, std::size_t N>
  void put(const std::array<T, N>& values) {
    for (const T& value : values)
      put(value);
  }
  template <typename K, typename V>
  void put(const std::map<K, V>& values) {
    number(values.size());
    for (const auto& value : values)
      put(value);
  }
  template <typename... T>
  void put(const std::variant<T...>& value) {
    number(value.index());
    std::visit([this](const auto& held) { put(held); }, value);
  }
  template <typename A, typename B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <typename T>
  requires std::is_aggregate_v<T>
  void put(const T& value) {
    for_each_member(value, [this](const auto& member) { put(member); });
  }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote. After the first fault everything is empty and `good` is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  bool good() const { return good_; }
  bool at_end() const { return good_ && at_ == bytes_.size(); }

  unsigned __int128 number() {
    unsigned __int128 value = 0;
    for (int shift = 0; good_ && shift < 128; shift += 7) {
      if (at_ == bytes_.size()) break;
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<unsigned __int128>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    good_ = false;
    return 0;
  }
  /// A count of things that take at least one byte each.
  std::size_t size() {
    const auto count = number();
    if (count > bytes_.size() - at_) good_ = false;
    return good_ ? static_cast<std::size_t>(count) : 0;
  }
  template <Whole T>
  void get(T& value) {
    const unsigned __int128 zigzag = number();
    const auto wide = static_cast<__int128>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
    value = static_cast<T>(wide);
    if (static_cast<__int128>(value) != wide) good_ = false;
  }
  template <typename T>
  requires std::is_enum_v<T>
  void get(T& value) {
    std::underlying_type_t<T> number{};
    get(number);
    value = static_cast<T>(number);
  }
  void get(double& value) {
    std::uint64_t bits = 0;
    get(bits);
    value = std::bit_cast<double>(bits);
  }
  void get(std::string& text) {
    const std::size_t length = size();
    text = bytes_.substr(at_, length);
    at_ += length;
  }
  void get(sim::Duration& duration) {
    std::int64_t ns = 0;
    get(ns);
    duration = sim::Duration::ns(ns);
  }
  void get(sim::Time& time) {
    std::int64_t ns = 0;
    get(ns);
    time = sim::Time::at_ns(ns);
  }
  void get(sim::Histogram& histogram) {
    std::vector<sim::Histogram::Bucket> buckets;
    std::int64_t min = 0, max = 0;
    unsigned __int128 sum = 0;
    get(buckets);
    if (!buckets.empty()) {
      get(min);
      get(max);
      get(sum);
    }
    if (!good_) return;
    auto restored = sim::Histogram::restored(buckets, min, max, sum);
    good_ = restored.has_value();
    if (good_) histogram = std::move(*restored);
  }
  template <typename Series>
  std::pair<sim::Windows, std::vector<typename Series::Window>> windows() {
    sim::Windows windows;
    get(windows);
    if (windows.count > bytes_.size() - at_ || windows.width <= sim::Duration()) good_ = false;
    std::vector<typename Series::Window> totals(good_ ? windows.count : 0);
    for (auto& window : totals)
      get(window);
    return {windows, std::move(totals)};
  }
  void get(sim::SampleSeries& series) {
    auto [range, totals] = windows<sim::SampleSeries>();
    bool keeps = false;
    get(keeps);
    std::vector<sim::Histogram> histograms(good_ && keeps ? totals.size() : 0);
    for (auto& histogram : histograms)
      get(histogram);
    if (good_)
      series = sim::SampleSeries::restored(range, std::move(totals), std::move(histograms));
  }
  void get(sim::LevelSeries& series) {
    auto [range, totals] = windows<sim::LevelSeries>();
    if (good_) series = sim::LevelSeries::restored(range, std::move(totals));
  }
  void get(WorkloadSeries& series) {
    get(series.latency);
    get(series.issued);
    get(series.not_ok);
    get(series.in_time);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool has = false;
    get(has);
    value.reset();
    if (has) get(value.emplace(blank<T>()));
  }
  template <typename T>
  void get(std::vector<T>& values) {
    const std::size_t count = size();
    values.clear();
    for (std::size_t i = 0; good_ && i < count; ++i)
      get(values.emplace_back(blank<T>()));
  }
  template <typename T, std::size_t N>
  void get(std::array<T, N>& values) {
    for (T& value : values)
      get(value);
  }
  template <typename K, typename V>
  void get(std::map<K, V>& values) {
    const std::size_t count = size();
    for (std::size_t i = 0; good_ && i < count; ++i) {
      auto value = std::pair(blank<K>(), blank<V>());
      get(value.first);
      get(value.second);
      values.insert(std::move(value));
    }
  }
  template <typename... T>
  void get(std::variant<T...>& value) {
    const auto index = number();
    std::size_t each = 0;
    const auto get_if_chosen = [&]<typename Held>(Held held) {
      if (each++ != index) return;
      get(held);
      value = std::move(held);
    };
    (get_if_chosen(blank<T>()), ...);
    if (index >= sizeof...(T)) good_ = false;
  }
  template <typename A, typename B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <typename T>
  requires std::is_aggregate_v<T>
  void get(T& value) {
    for_each_member(value, [this](auto& member) { get(member); });
  }

 private:
  /// To be read into; a series cannot be without windows.
  template <typename T>
  static T blank() {
    constexpr bool of_windows = std::is_same_v<T, sim::LevelSeries> ||
                                std::is_same_v<T, sim::SampleSeries> ||
                                std::is_same_v<T, WorkloadSeries>;
    if constexpr (of_windows) {
      return T(sim::Windows());
    } else if constexpr (std::is_same_v<T, WorkloadResult>) {
      return WorkloadResult{{}, {}, WorkloadSeries(sim::Windows()), {}, {}};
    } else {
      return T();
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace headroom
