// Settings that nothing in the scenario looks at. Only what surely does nothing is told.
#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

/// Somebody wrote it, and does not hear that it is for nothing where it says what is so anyway.
void tell_idle(const Checking& checking, const std::string& pointer, bool is_changed,
               const std::string& why, const std::string& hint = {}) {
  if (is_changed && checking.is_given(pointer))
    checking.warning(pointer, "does nothing here: " + why, hint);
}

template <class Test>
bool any_service(const ScenarioPlan& plan, Test test) {
  return std::any_of(plan.services.begin(), plan.services.end(),
                     [&](const auto& named) { return test(named.second); });
}

/// What each of many clients would have for itself.
bool has_own_state(const ClientPlan& client) {
  return client.is_guarded() || (client.retry && client.retry->budget) ||
         (client.hedge && std::holds_alternative<Percentile>(client.hedge->after));
}

bool shares_by_client(const ServicePlan& service) {
  const ServerPlan* server = server_of(service);
  return server != nullptr && server->discipline == Discipline::fair &&
         server->fair_by == FairBy::client;
}

bool looks_at_sessions(const ServicePlan& service) {
  if (shares_by_client(service)) return true;
  if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
    return balancer->sticky == StickyBy::session;
  if (const auto* store = std::get_if<DatabasePlan>(&service.kind))
    return store->kept_operations() > 0;
  const ServerPlan* server = server_of(service);
  return server != nullptr && server->state == ServerState::session;
}

bool looks_at_keys(const ServicePlan& service) {
  const auto* balancer = std::get_if<BalancerPlan>(&service.kind);
  if (balancer == nullptr) return server_of(service) == nullptr;
  return balancer->sticky == StickyBy::key || goes_by_key(*balancer);
}

/// Requests wait for a slot there, some time or other.
bool has_queue(const ServicePlan& service) {
  if (is_broker(service)) return false;  // what is published waits for the broker
  const auto tier = tier_of(service);
  return tier && !tier->concurrency.is_unlimited() && tier->queue_limit.count > 0;
}

bool keeps_by_bytes(const ServicePlan* service) {
  const auto* log = service ? std::get_if<LogPlan>(&service->kind) : nullptr;
  return log && log->retention && std::holds_alternative<Bytes>(*log->retention);
}

/// A size that is not the usual one, nothing.
bool has_bytes(const std::optional<Distribution>& size) {
  return size && (size->kind != Distribution::Kind::constant || size->a != 0);
}

class IdleSettings {
 public:
  explicit IdleSettings(const Checking& checking)
      : checking_(checking),
        plan_(checking.plan),
        carries_(plan_.network && plan_.network->has_links()) {}

  void look() const {
    for (const auto& [name, workload] : plan_.workloads)
      look_at(workload, "/workloads" + pointer_step(name));
    for (const auto& [name, service] : plan_.services)
      look_at(service, name, service_pointer(name));
    const bool is_any_open =
        std::any_of(plan_.workloads.begin(), plan_.workloads.end(), [](const auto& named) {
          return !std::holds_alternative<ClosedPlan>(named.second.arrivals.process);
        });
    tell_idle(checking_, "/run/load", plan_.run.load != 1 && !is_any_open,
              "it multiplies open arrivals, and every workload is closed",
              "the \"users\" of a closed workload are its load");
    if (any_service(plan_, [](const ServicePlan& service) {
          return std::holds_alternative<CachePlan>(service.kind) ||
                 std::holds_alternative<DatabasePlan>(service.kind);
        }))
      return;
    for (const auto& [name, space] : plan_.keys)
      tell_idle(checking_, "/keys" + pointer_step(name) + "/value_size", true,
                "no cache and no database holds a value");
  }

 private:
  void look_at(const WorkloadPlan& workload, const std::string& at) const {
    const ServicePlan* target = plan_.behind(workload.target.service);
    look_at_sizes(workload.size, workload.reply_size, target, at);
    tell_idle(checking_, at + "/clients",
              workload.clients > 1 && !has_own_state(workload.client) &&
                  !any_service(plan_, shares_by_client),
              "clients have no state to have each for itself",
              "it belongs to a rate_limit, circuit_breaker or bulkhead, a retry budget, a hedge "
              "after a percentile, or a server that is fair by client");
    const bool are_dealt_out = workload.clients > 1 && has_own_state(workload.client);
    tell_idle(checking_, at + "/sessions", !are_dealt_out && !any_service(plan_, looks_at_sessions),
              "nothing looks at sessions",
              "a balancer does with \"sticky\": \"session\", a server with \"state\": \"session\", "
              "a database whose history is kept");
    tell_idle(checking_, at + "/key", !any_service(plan_, looks_at_keys), "nothing looks at keys",
              "caches, databases and brokers do, and balancers that go by key");
    tell_idle(checking_, at + "/patience", target != nullptr && !has_queue(*target),
              fmt::format("nobody ever waits at \"{}\"", workload.target.service));
    const bool has_end = workload.client.timeout || workload.client.deadline;
    tell_idle(checking_, at + "/propagate_deadline", workload.client.propagate_deadline && !has_end,
              "there is no deadline to pass on", "give it a \"deadline\" or a \"timeout\"");
    if (workload.fallback) look_at_calls(*workload.fallback, at + "/fallback", false);
  }

  /// What is sent to `target`, and what comes back, has a size at `at`.
  void look_at_sizes(const std::optional<Distribution>& size,
                     const std::optional<Distribution>& reply_size, const ServicePlan* target,
                     const std::string& at) const {
    if (carries_) return;
    const char* why = "without links of a network nothing takes time by its size";
    tell_idle(checking_, at + "/size", has_bytes(size) && !keeps_by_bytes(target), why);
    tell_idle(checking_, at + "/reply_size", has_bytes(reply_size), why);
  }

  /// Whether one of them may be left out.
  bool look_at_calls(const Steps& steps, const std::string& pointer, bool is_spared) const {
    bool any = false;
    for_each_call(steps, pointer, [&](const CallStep& step, const std::string& at) {
      const std::string here = at.substr(0, at.rfind('/'));
      look_at_sizes(step.size, step.reply_size, plan_.behind(step.target.service), here);
      tell_idle(checking_, here + "/optional", step.optional && !is_spared,
                "only a server with a \"brownout\" leaves calls out");
      any = any || step.optional;
    });
    return any;
  }

  void look_at(const ServicePlan& service, const std::string& name, const std::string& at) const {
    if (const auto tier = tier_of(service))
      tell_idle(checking_, at + "/queue_limit",
                tier->concurrency.is_unlimited() &&
                    tier->queue_limit.count != ServerPlan().queue_limit.count,
                "nobody waits for one of unlimited slots");
    const auto* store = std::get_if<DatabasePlan>(&service.kind);
    tell_idle(checking_, at + "/moves", store && !service.autoscale && store->moves != MovePlan(),
              "nothing adds or removes shards by itself", "an \"autoscale\" does");
    if (service.autoscale && service.autoscale->min == service.autoscale->most() &&
        service.autoscale->scheduled.empty())
      checking_.warning(
          at + "/autoscale/max",
          fmt::format("is \"min\" as well: there are always {} instances", service.autoscale->min));
    if (const ServerPlan* server = server_of(service)) look_at(*server, service, at);
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
      tell_idle(checking_, at + "/slow_start",
                !balancer->health_check && !balancer->outlier_ejection &&
                    !plan_.members_change(balancer->to.name),
                "no replica is known to come, or to come back",
                "replicas come with an \"autoscale\", a deploy or a drain, and come back with a "
                "\"health_check\" or an \"outlier_ejection\"");
    if (const auto* queue = std::get_if<QueuePlan>(&service.kind)) look_at(*queue, name, at);
    if (const auto* log = std::get_if<LogPlan>(&service.kind)) {
      look_at_dead_letters(*log, name, at);
      look_at_copies(*log, at);
    }
  }

  void look_at(const ServerPlan& server, const ServicePlan& service, const std::string& at) const {
    const bool waits = has_queue(service);
    tell_idle(checking_, at + "/discipline",
              !waits && server.discipline != Discipline::fifo &&
                  server.discipline != Discipline::processor_sharing,
              "nobody ever waits for a slot");
    tell_idle(checking_, at + "/fair_by",
              server.discipline != Discipline::fair && server.fair_by != FairBy::workload,
              "nobody takes turns", R"(it belongs to "discipline": "fair")");
    if (server.admission) {
      const std::string why = "nobody ever waits for a slot";
      tell_idle(checking_, at + "/admission/codel", !waits, why);
      tell_idle(checking_, at + "/admission/priority_shed", !waits, why);
    }
    bool may_spare = false;
    for (const auto& [endpoint, steps] : server.endpoints)
      may_spare |= look_at_calls(steps, at + "/endpoints" + pointer_step(endpoint),
                                 server.brownout.has_value());
    tell_idle(checking_, at + "/brownout", !may_spare, "none of its calls is \"optional\"");
  }

  void look_at(const QueuePlan& queue, const std::string& name, const std::string& at) const {
    look_at_copies(queue, at);
    if (queue.ack != QueueAck::at_once) return look_at_dead_letters(queue, name, at);
    const QueuePlan usual;
    const std::string why = "with \"ack\": \"auto\" nothing is handed out again";
    tell_idle(checking_, at + "/redeliver_after", queue.redeliver_after != usual.redeliver_after,
              why);
    tell_idle(checking_, at + "/heartbeat", queue.heartbeat != usual.heartbeat, why);
    tell_idle(checking_, at + "/max_deliveries", true, why);
    tell_idle(checking_, at + "/dead_letter", true, why);
  }

  void look_at_dead_letters(const BrokerPlan& broker, const std::string& name,
                            const std::string& at) const {
    const auto workers = plan_.workers_of(name);
    const bool are_put_aside =
        broker.max_deliveries || std::any_of(workers.begin(), workers.end(), [](const auto& named) {
          return named.second->on_error == OnError::dead_letter;
        });
    tell_idle(checking_, at + "/dead_letter", !are_put_aside, "no message is ever put aside",
              "give it \"max_deliveries\", or its worker \"on_error\": \"dead_letter\"");
  }

  void look_at_copies(const BrokerPlan& broker, const std::string& at) const {
    tell_idle(checking_, at + "/replica_timeout",
              broker.replicas == 1 && broker.replica_timeout != BrokerPlan().replica_timeout,
              "there is one copy, which waits for no other");
  }

  const Checking& checking_;
  const ScenarioPlan& plan_;
  bool carries_;
};

}  // namespace

void check_idle(const Checking& checking) {
  IdleSettings(checking).look();
}

}  // namespace headroom
