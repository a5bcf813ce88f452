#include "models/store/stamps.hpp"

#include <algorithm>

namespace headroom {

void Stamps::take(std::uint64_t item, std::uint32_t version, std::int64_t stamp_ns) {
  if (!is_used_) return;
  std::vector<Stamp>& stamps = items_.at(item);
  stamps.push_back({stamp_ns, version});
  if (stamps.size() <= kept) return;
  stamps.erase(std::min_element(stamps.begin(), stamps.end(), [](const Stamp& a, const Stamp& b) {
    return a.ns != b.ns ? a.ns < b.ns : a.version < b.version;
  }));
}

const Stamps::Stamp* Stamps::find(std::uint64_t item, std::uint32_t version) const {
  const std::vector<Stamp>* stamps = items_.find(item);
  if (stamps == nullptr) return nullptr;
  const auto at = std::find_if(stamps->begin(), stamps->end(),
                               [&](const Stamp& each) { return each.version == version; });
  return at == stamps->end() ? nullptr : &*at;
}

bool Stamps::is_later(std::uint64_t item, std::uint32_t a, std::uint32_t b) const {
  if (siblings_) return siblings_->has_more(item, a, b);
  if (!is_used_ || a == 0 || b == 0 || a == b) return a > b;
  const Stamp* of_a = find(item, a);
  const Stamp* of_b = find(item, b);
  if (of_a == nullptr && of_b == nullptr) return a > b;
  if (of_a == nullptr || of_b == nullptr) return of_a != nullptr;
  return of_a->ns != of_b->ns ? of_a->ns > of_b->ns : a > b;
}

}  // namespace headroom
