#include "models/network/flow_simgrid.hpp"

#include <xbt/log.h>

#include <cmath>
#include <csignal>

namespace headroom::flow {

std::int64_t in_ns(double seconds) {
  const double ns = seconds * 1e9;
  const double nearest = std::nearbyint(ns);
  const bool is_whole = std::fabs(ns - nearest) <= 1e-6 + ns * 8 * 0x1p-53;
  return static_cast<std::int64_t>(is_whole ? nearest : std::ceil(ns));
}

namespace {

std::vector<std::string> settings_of(FlowModel model) {
  std::vector<std::string> settings{"headroom", "--log=root.thresh:critical",
                                    "--cfg=debug/verbose-exit:no"};
  const auto set = [&](const char* setting) {
    settings.push_back(std::string("--cfg=network/") + setting);
  };
  switch (model) {
    case FlowModel::LV08:
      set("model:LV08");
      break;
    case FlowModel::CM02:
      set("model:CM02");
      break;
    case FlowModel::exact:
      set("model:CM02");
      set("TCP-gamma:0");
      set("crosstraffic:0");
      set("weight-S:0");
      break;
  }
  return settings;
}

}  // namespace

std::unique_ptr<s4u::Engine> engine_of(FlowModel model) {
  auto settings = settings_of(model);
  std::vector<char*> words;
  for (std::string& setting : settings)
    words.push_back(setting.data());
  words.push_back(nullptr);
  int count = static_cast<int>(settings.size());
  auto engine = std::make_unique<s4u::Engine>(&count, words.data());
  for (const int signal : {SIGINT, SIGSEGV, SIGABRT, SIGFPE, SIGBUS})
    std::signal(signal, SIG_DFL);  // An interrupted worker ends; others die as they would have.
  return engine;
}

}  // namespace headroom::flow
