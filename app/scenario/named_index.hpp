#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "models/field_types.hpp"
#include "models/quantities.hpp"

namespace headroom {

/// `Named` for what a scenario may have by the thousand: found in logarithmic time.
template <class T>
struct IndexedNamed : Named<T> {
  const T* find(std::string_view name) const {
    const std::size_t at = position(name);
    return at == npos ? nullptr : &this->entries[at].second;
  }
  /// Of the entry of that name; npos when there is none.
  std::size_t position(std::string_view name) const {
    if (index_.size() == this->entries.size()) {
      const auto found = index_.lower_bound(name);  // the first of them
      return found == index_.end() || found->first != name ? npos : found->second;
    }
    for (std::size_t at = 0; at < this->entries.size(); ++at)
      if (this->entries[at].first == name) return at;
    return npos;
  }
  T& add(std::string name, T value = {}) {
    if (index_.size() != this->entries.size()) reindex();
    index_.emplace(name, this->entries.size());
    return Named<T>::add(std::move(name), std::move(value));
  }

  static constexpr std::size_t npos = SIZE_MAX;

 private:
  /// The entries were changed by hand.
  void reindex() {
    index_.clear();
    for (std::size_t at = 0; at < this->entries.size(); ++at)
      index_.emplace(this->entries[at].first, at);
  }

  std::multimap<std::string, std::size_t, std::less<>> index_;
};

template <class T>
struct FieldTypeOf<IndexedNamed<T>> : NamedFieldType<T, IndexedNamed<T>> {};

}  // namespace headroom
