"""All cases, in the order of VALIDATION.md within each file."""
import cases_balancing
import cases_brokers
import cases_caches
import cases_failures
import cases_networks
import cases_queueing
import cases_sharding
import cases_stores


def all_cases():
    for area in (cases_queueing, cases_networks, cases_balancing, cases_failures, cases_caches,
                 cases_sharding, cases_stores, cases_brokers):
        yield from area.cases()
