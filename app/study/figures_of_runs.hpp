#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/study/summary.hpp"

namespace headroom {

using Runs = std::span<const RunResult>;

/// The mean of one number per run, with its Student interval.
Figure mean_over_runs(Runs runs, const std::function<double(const RunResult&)>& value);

/// Sum over sum, so that each request counts the same; `none` says why where the denominator is 0.
Figure ratio_over_runs(const std::vector<double>& numerators,
                       const std::vector<double>& denominators, const std::string& none);

/// The same for a share of trials, from 0 to 1. Where none or all of them were events, the interval
/// is Wilson's for as many independent trials, whatever the number of runs.
Figure proportion_over_runs(const std::vector<double>& events, const std::vector<double>& trials,
                            const std::string& none);

/// A percentile of times in ns, in seconds: of the pooled samples, its interval over the runs.
Figure percentile_over_runs(const std::vector<const sim::Histogram*>& runs, double percent);

/// The same of one run, from one sample beyond it on: too rough to be reported, good enough to be
/// one of several. Nothing where it would only be the largest sample.
std::optional<double> percentile_of_run(const sim::Histogram& times, double percent);

/// Mean, usual percentiles and largest of times in ns, in seconds.
TimeSummary time_summary(const std::vector<const sim::Histogram*>& runs);

/// The counts and times of both in `total`.
void add(EndpointResult& total, const EndpointResult& more);
/// All endpoints of a workload together.
EndpointResult total_of(const WorkloadResult& workload);

ClientSummary client_summary(const ScenarioPlan& plan, Runs runs, std::size_t workload);
/// Nothing where no traced request ended ok.
std::optional<TimeSpentSummary> time_spent_summary(Runs runs, std::size_t workload);
/// Of a service that is a database in every run; `replicas`: how busy its nodes were, and what came
/// to them.
StoreSummary store_summary(Runs runs, std::size_t service,
                           const std::vector<std::pair<Figure, Figure>>& replicas);
/// Of the change of that number, in the order of the plan.
RebalanceSummary rebalance_summary(Runs runs, std::size_t service, std::size_t number);
MemberChangeSummary member_change_summary(Runs runs, std::size_t service, std::size_t number);
/// One group, or the sum of all of them.
SubscriptionResult together(const std::vector<SubscriptionResult>& groups);
/// Of a service that is a queue or log in every run.
BrokerSummary broker_summary(Runs runs, std::size_t service);
/// Of a service that is a cache in every run.
CacheSummary cache_summary(Runs runs, std::size_t service);
ServiceSummary service_summary(Runs runs, std::size_t service);

/// Of the instances of one service that were up, or of all services where none is given.
Figure cost_per_h(const ScenarioPlan& plan, Runs runs, std::optional<std::size_t> service = {});

/// The same for a statistic of a workload by name: "p99", "mean", "error_rate".
const Figure& figure_for(const ClientSummary& workload, const std::string& metric);

}  // namespace headroom
