#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// Something that a scenario may name.
struct CatalogueEntry {
  std::string_view name, doc, source;
};

/// Names of one sort: "kinds", "policies", "distributions".
struct CatalogueFamily {
  std::string_view name, doc;
  std::vector<CatalogueEntry> entries;
};

/// Everything that can be named, from the field tables and the catalogues of the models.
std::vector<CatalogueFamily> catalogue();

}  // namespace headroom
