#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scenario/diagnostics.hpp"
#include "models/consistency/guarantees.hpp"

namespace headroom {

/// A small history of registers that begin with 0, and which guarantees it is said to keep.
struct Litmus {
  std::string name;
  std::uint32_t line = 0;
  consistency::History history;
  std::vector<consistency::Holds> stated;  ///< By column; unknown where nothing is said.
};

struct LitmusFile {
  std::vector<std::string> columns;  ///< As the file calls them: "SC".
  std::vector<consistency::Guarantee> guarantees;
  std::vector<Litmus> rows;
};

/// Whether it is a file of litmus histories: tab-separated, the first columns "name" and "history".
bool is_litmus(const std::string& path);

/// Below its heading each line has a name, a history such as "w(x,1) r(y,0) | w(y,1) r(x,0)" (what
/// processes did, each in its order; of the order between them nothing is said) and a yes or NO for
/// each guarantee. Nothing when the file is at fault; the diagnostics then say where.
std::optional<LitmusFile> read_litmus(const std::string& path, Diagnostics& diagnostics);

}  // namespace headroom
