// How many pieces of work of one request can be on cores at once.
#include <algorithm>
#include <limits>

#include "app/scenario/call_graph.hpp"

namespace headroom {

namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// What steps that follow one another come to.
struct AtOnce {
  double pieces = 0;
  bool may_give_up = false;  ///< And so end the wait for branches beside it.
};

AtOnce at_once(const Steps& steps);

struct AtOnceOfStep {
  AtOnce operator()(const CpuStep&) const { return {1, false}; }
  AtOnce operator()(const WaitStep&) const { return {}; }
  AtOnce operator()(const FailStep&) const { return {0, true}; }
  AtOnce operator()(const RepeatStep& step) const { return at_once(step.steps); }
  /// A value may be fetched for a cache while the request goes on.
  AtOnce operator()(const CallStep& step) const {
    const double fetch = step.on_miss ? at_once(*step.on_miss).pieces : 0;
    const double instead = step.fallback ? at_once(*step.fallback).pieces : 0;
    return {fetch > 0 ? no_limit : instead, true};
  }
  AtOnce operator()(const ChooseStep& step) const {
    AtOnce most;
    for (const ChooseBranch& branch : step.branches) {
      const AtOnce one = at_once(branch.steps);
      most.pieces = std::max(most.pieces, one.pieces);
      most.may_give_up = most.may_give_up || one.may_give_up;
    }
    return most;
  }
  /// What is still at work when the request goes on may be joined by any number of others.
  AtOnce operator()(const ParallelStep& step) const {
    AtOnce sum;
    for (const Steps& branch : step.branches) {
      const AtOnce one = at_once(branch);
      sum.pieces += one.pieces;
      sum.may_give_up = sum.may_give_up || one.may_give_up;
    }
    const std::size_t branches = step.branches.size();
    const bool leaves_some = sum.may_give_up || step.need.value_or(branches) < branches;
    if (branches > 1 && sum.pieces > 0 && leaves_some) sum.pieces = no_limit;
    return sum;
  }
};

AtOnce at_once(const Steps& steps) {
  AtOnce most;
  for (const Step& step : steps) {
    const AtOnce one = std::visit(AtOnceOfStep(), step.what);
    most.pieces = std::max(most.pieces, one.pieces);
    most.may_give_up = most.may_give_up || one.may_give_up;
  }
  return most;
}

}  // namespace

double pieces_at_once(const ServerPlan& server) {
  double most = server.service_time ? 1 : 0;
  for (const auto& [name, steps] : server.endpoints)
    most = std::max(most, at_once(steps).pieces);
  return most;
}

}  // namespace headroom
