#include "telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

#include "telemetry/process_metrics.hpp"
#include "telemetry/status_metrics.hpp"

namespace oes {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::Registry;
using buckets = Histogram::BucketBoundaries;

constexpr std::array endpoints{"network", "market", "facility", "facilities", "me"};
constexpr std::array request_outcomes{"ok",        "not_yet",           "limit_reached", "rate_limited",  "bad_key",
                                      "rejected",  "server_error",      "unreachable",   "network_error", "timed_out",
                                      "malformed", "unexpected_labels", "too_large"};
// What a cycle may fail of and be tried again: an outcome of its request, or Kafka.
constexpr std::array retry_reasons{"limit_reached", "rate_limited",      "bad_key",       "rejected",
                                   "server_error",  "unreachable",       "network_error", "timed_out",
                                   "malformed",     "unexpected_labels", "too_large",     "not_committed",
                                   "kafka_refused", "kafka_unavailable"};
constexpr std::array transaction_outcomes{"committed", "not_committed", "outcome_unknown",
                                          "fenced",    "kafka_refused", "kafka_unavailable",
                                          "too_large", "refused",       "stopped"};
constexpr auto* other = "other";  // none of the list: a code that is new

// From an answer out of a cache to the total timeout (five minutes).
buckets request_seconds() { return {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300}; }

// From a few records at the live edge (20 ms) to the deadline: a transaction may stay open for 30 s.
buckets transaction_seconds() { return {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}; }

// Up to the cap of one transaction.
buckets transaction_sizes() { return {1, 10, 100, 500, 1000, 5000, 10000, 25000, 50000}; }

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }

template <class List>
std::string one_of(const List& known, std::string_view word) {
  const bool is_known = std::find(known.begin(), known.end(), word) != known.end();
  return is_known ? std::string(word) : other;
}

}  // namespace

struct metrics::machinery {
  std::string deployment;
  Registry registry;
  process_metrics process;

  Family<Counter>& requests = counter("openelectricity_api_requests_total",
                                      "Requests to the OpenElectricity API, by outcome (ok, or why not).");
  Family<Histogram>& request_duration = histogram("openelectricity_api_request_duration_seconds",
                                                  "Time from sending a request to the end of its answer, in seconds.");
  Family<Counter>& received =
      counter("openelectricity_api_received_bytes_total", "Bytes of answers received from the API, as they were read.");
  Family<Counter>& retries =
      counter("openelectricity_api_retries_total", "Cycles that failed and are tried again, by reason.");
  Family<Counter>& transactions =
      counter("openelectricity_kafka_transactions_total", "Transactions ended, by outcome.");
  Histogram& transaction_duration = histogram("openelectricity_kafka_transaction_duration_seconds",
                                              "Time from the beginning of a transaction to its known end, in seconds.")
                                        .Add({}, transaction_seconds());
  Histogram& transaction_records =
      histogram("openelectricity_kafka_transaction_records", "Data records in a transaction that was committed.")
          .Add({}, transaction_sizes());
  Family<Counter>& leaderships =
      counter("openelectricity_leadership_changes_total",
              "How often this instance gained leadership, and lost it otherwise than by a stop.");
  Counter& lines_dropped = counter("openelectricity_log_lines_dropped_total",
                                   "Log lines that nobody took: stderr is closed, or its reader does not read.")
                               .Add({});

  explicit machinery(std::string name) : deployment(std::move(name)) {
    for (const auto* endpoint : endpoints) {
      for (const auto* outcome : request_outcomes) requests.Add({{"endpoint", endpoint}, {"outcome", outcome}});
      request_duration.Add({{"endpoint", endpoint}}, request_seconds());
      received.Add({{"endpoint", endpoint}});
    }
    for (const auto* reason : retry_reasons) retries.Add({{"reason", reason}});
    for (const auto* outcome : transaction_outcomes) transactions.Add({{"outcome", outcome}});
    transactions.Add({{"outcome", other}});
    for (const auto* change : {"gained", "lost"}) leaderships.Add({{"change", change}});
  }

  Family<Counter>& counter(const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Labels({{"deployment", deployment}}).Register(registry);
  }
  Family<Histogram>& histogram(const char* name, const char* help) {
    return BuildHistogram().Name(name).Help(help).Labels({{"deployment", deployment}}).Register(registry);
  }
};

metrics::metrics(std::string deployment) : machinery_(std::make_unique<machinery>(std::move(deployment))) {}
metrics::~metrics() = default;

void metrics::request(std::string_view endpoint, std::string_view outcome, std::chrono::steady_clock::duration took,
                      std::size_t bytes) {
  auto& m = *machinery_;
  const auto where = one_of(endpoints, endpoint);
  m.requests.Add({{"endpoint", where}, {"outcome", one_of(request_outcomes, outcome)}}).Increment();
  m.request_duration.Add({{"endpoint", where}}, request_seconds()).Observe(seconds(took));
  m.received.Add({{"endpoint", where}}).Increment(static_cast<double>(bytes));
}

void metrics::retried(std::string_view reason) {
  machinery_->retries.Add({{"reason", one_of(retry_reasons, reason)}}).Increment();
}

void metrics::transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::int64_t records) {
  auto& m = *machinery_;
  m.transactions.Add({{"outcome", one_of(transaction_outcomes, outcome)}}).Increment();
  m.transaction_duration.Observe(seconds(took));
  if (outcome == "committed") m.transaction_records.Observe(static_cast<double>(records));
}

void metrics::leadership(leadership_change change) {
  machinery_->leaderships.Add({{"change", change == leadership_change::gained ? "gained" : "lost"}}).Increment();
}

void metrics::log_lines_dropped(std::size_t lines) {
  auto& counted = machinery_->lines_dropped;
  counted.Increment(std::max(0.0, static_cast<double>(lines) - counted.Value()));
}

std::string metrics::exposition(const daemon_status& status) const {
  metric_families of_status(machinery_->deployment);
  add_daemon_families(of_status, status);
  add_stream_families(of_status, status);
  auto families = of_status.take();
  for (auto more : {machinery_->registry.Collect(), machinery_->process.Collect()}) {
    families.insert(families.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace oes
