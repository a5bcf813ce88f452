#pragma once

#include <optional>
#include <string>

#include "app/scenario/diagnostics.hpp"
#include "models/consistency/states.hpp"

namespace headroom {

/// A history that was read, and what its file says about it.
struct HistoryFile {
  consistency::History history;
  consistency::Question question;
};

/// What the command line says about a history: both win over the file.
struct HistoryHints {
  std::optional<std::string> model, initial;
};

/// Reads a recorded history: JSON lines in Jepsen's vocabulary (process, type, f, key, value,
/// time), or tab-separated lines of `id process f key args result call ret` below "#model",
/// "#initial". The model is guessed from the operations where nothing says it. Nothing when the
/// file is at fault; the diagnostics then say where.
std::optional<HistoryFile> read_history(const std::string& path, const HistoryHints& hints,
                                        Diagnostics& diagnostics);

/// "register", "cas-register" and so on; nothing for another name.
std::optional<consistency::Model> model_named(const std::string& name);
std::string name_of(consistency::Model model);
/// All names, for messages.
std::string model_names();

}  // namespace headroom
