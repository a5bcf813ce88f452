#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// Something that a scenario may name.
struct CatalogueEntry {
  std::string_view name, doc, source;

  bool operator==(const CatalogueEntry&) const = default;
};

/// Names of one sort: "kinds", "policies", "distributions"; by table and key where they have no
/// name of their own, as "replication.protocol".
struct CatalogueFamily {
  std::string name;
  std::string_view doc;
  std::vector<CatalogueEntry> entries;
};

/// Everything that can be named, from the field tables and the catalogues of the models.
std::vector<CatalogueFamily> catalogue();

}  // namespace headroom
