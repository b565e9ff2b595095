#include "telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "model/version.hpp"
#include "telemetry/process_metrics.hpp"

namespace oes {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using buckets = Histogram::BucketBoundaries;

Family<Counter>& counter(Registry& to, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(to);
}

Family<Gauge>& gauge(Registry& to, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(to);
}

Family<Histogram>& histogram(Registry& to, const char* name, const char* help) {
  return BuildHistogram().Name(name).Help(help).Register(to);
}

// A large answer takes the API 10 s to begin; its timeout is 120 s by default.
buckets request_seconds() { return {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120}; }

// A commit takes some ten milliseconds on a healthy broker; a transaction may stay open for 30 s.
buckets transaction_seconds() { return {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}; }

// Up to the cap of one transaction.
buckets transaction_sizes() { return {1, 10, 100, 500, 1000, 5000, 10000, 25000, 50000}; }

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }

std::string str(std::string_view s) { return std::string(s); }

}  // namespace

struct metrics::machinery {
  Registry registry;
  process_metrics process;
  Family<Counter>& requests = counter(registry, "openelectricity_api_requests_total",
                                      "Requests to the OpenElectricity API, by outcome (ok, or why not).");
  Family<Histogram>& request_duration = histogram(registry, "openelectricity_api_request_duration_seconds",
                                                  "Time from sending a request to the end of its answer, in seconds.");
  Family<Counter>& received = counter(registry, "openelectricity_api_received_bytes_total",
                                      "Bytes of answers received from the API, as they travelled.");
  Family<Counter>& records = counter(registry, "openelectricity_records_published_total",
                                     "Records committed to Kafka (delivered, with at_least_once).");
  Family<Counter>& skipped =
      counter(registry, "openelectricity_points_skipped_total",
              "Points of answers left out because their label cannot be true, by reason; each time they come.");
  Family<Counter>& transactions =
      counter(registry, "openelectricity_kafka_transactions_total", "Transactions ended, by outcome.");
  Family<Histogram>& transaction_duration =
      histogram(registry, "openelectricity_kafka_transaction_duration_seconds",
                "Time from the beginning of a transaction to its known end, in seconds.");
  Family<Histogram>& transaction_records = histogram(registry, "openelectricity_kafka_transaction_records",
                                                     "Data records in a transaction that was committed.");
  Family<Gauge>& newest = gauge(registry, "openelectricity_newest_interval_timestamp_seconds",
                                "Instant of the newest published interval's label, in Unix seconds.");
  Family<Gauge>& lag = gauge(registry, "openelectricity_newest_interval_lag_seconds",
                             "Age of the newest published interval when it was last looked at, in seconds.");
  Family<Gauge>& open_gaps =
      gauge(registry, "openelectricity_open_gaps", "Ranges without data that are still asked for.");
  Family<Gauge>& given_up_gaps =
      gauge(registry, "openelectricity_given_up_gaps", "Ranges without data that are too old to be asked for again.");
  Family<Gauge>& ledger_points =
      gauge(registry, "openelectricity_ledger_points", "Published points that answers are compared with.");
  Family<Gauge>& ledger_bytes =
      gauge(registry, "openelectricity_ledger_bytes", "Memory of the points that answers are compared with.");
  Family<Gauge>& credits_used =
      gauge(registry, "openelectricity_api_credits_used_today", "API credits used in the current credit day.");
  Family<Gauge>& credits_limit =
      gauge(registry, "openelectricity_api_credits_per_day", "API credits the plan grants each day.");
  Gauge& stretched = gauge(registry, "openelectricity_trigger_stretch_ratio",
                           "Factor by which triggers are stretched to make the day's credits last; 1: not at all.")
                         .Add({});
  Gauge& away = gauge(registry, "openelectricity_api_away",
                      "1 while the API cannot be had or refuses the key, and one request at a time tries, else 0.")
                    .Add({});
  Gauge& skew = gauge(registry, "openelectricity_clock_skew_seconds",
                      "The API's clock less this host's, as the Date of its answers tells, in seconds.")
                    .Add({});
  Family<Gauge>& poisonous =
      gauge(registry, "openelectricity_stream_poisonous",
            "1 while the stream is set apart because it ended the process unexpectedly time and again, else 0.");
  Gauge& leads =
      gauge(registry, "openelectricity_leading", "1 while this instance writes, 0 while it stands by.").Add({});
  Gauge& judged =
      gauge(registry, "openelectricity_health", "0: all is well; 1: degraded; 2: failing, not ready.").Add({});
  Family<Gauge>& apart =
      gauge(registry, "openelectricity_stream_set_apart", "1 while Kafka refuses the stream's topic, else 0.");
  Counter& lines_dropped = counter(registry, "openelectricity_log_lines_dropped_total",
                                   "Log lines that nobody took: stderr is closed, or its reader does not read.")
                               .Add({});

  machinery() {
    gauge(registry, "openelectricity_build_info", "Always 1; its labels say what is running.")
        .Add({{"version", std::string(version())}, {"commit", std::string(commit())}}, 1);
  }
};

metrics::metrics() : machinery_(std::make_unique<machinery>()) {}
metrics::~metrics() = default;

void metrics::request(std::string_view stream, std::string_view network, std::string_view outcome,
                      std::chrono::steady_clock::duration took, std::size_t bytes) {
  auto& m = *machinery_;
  const prometheus::Labels who{{"stream", str(stream)}, {"network", str(network)}};
  auto how = who;
  how.emplace("outcome", outcome);
  m.requests.Add(how).Increment();
  m.request_duration.Add(who, request_seconds()).Observe(seconds(took));
  m.received.Add(who).Increment(static_cast<double>(bytes));
}

void metrics::published(std::string_view stream, std::string_view metric, std::int64_t records) {
  machinery_->records.Add({{"stream", str(stream)}, {"metric", str(metric)}}).Increment(static_cast<double>(records));
}

void metrics::points_skipped(std::string_view stream, std::string_view metric, std::string_view reason,
                             std::int64_t points) {
  machinery_->skipped.Add({{"stream", str(stream)}, {"metric", str(metric)}, {"reason", str(reason)}})
      .Increment(static_cast<double>(points));
}

void metrics::transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::int64_t records) {
  auto& m = *machinery_;
  m.transactions.Add({{"outcome", str(outcome)}}).Increment();
  m.transaction_duration.Add({{"outcome", str(outcome)}}, transaction_seconds()).Observe(seconds(took));
  if (outcome == "committed") m.transaction_records.Add({}, transaction_sizes()).Observe(static_cast<double>(records));
}

void metrics::newest_interval(std::string_view stream, std::string_view metric, double unix_seconds,
                              double lag_seconds) {
  const prometheus::Labels which{{"stream", str(stream)}, {"metric", str(metric)}};
  machinery_->newest.Add(which).Set(unix_seconds);
  machinery_->lag.Add(which).Set(lag_seconds);
}

void metrics::gaps(std::string_view stream, std::string_view metric, std::int64_t open, std::int64_t given_up) {
  const prometheus::Labels which{{"stream", str(stream)}, {"metric", str(metric)}};
  machinery_->open_gaps.Add(which).Set(static_cast<double>(open));
  machinery_->given_up_gaps.Add(which).Set(static_cast<double>(given_up));
}

void metrics::ledger(std::string_view stream, std::string_view metric, std::size_t points, std::size_t bytes) {
  const prometheus::Labels which{{"stream", str(stream)}, {"metric", str(metric)}};
  machinery_->ledger_points.Add(which).Set(static_cast<double>(points));
  machinery_->ledger_bytes.Add(which).Set(static_cast<double>(bytes));
}

void metrics::credits(std::int64_t used_today, std::int64_t per_day) {
  machinery_->credits_used.Add({}).Set(static_cast<double>(used_today));
  if (per_day > 0) machinery_->credits_limit.Add({}).Set(static_cast<double>(per_day));
}

void metrics::stretch(double factor) { machinery_->stretched.Set(factor); }

void metrics::poisonous(std::string_view stream, std::string_view metric, bool apart) {
  machinery_->poisonous.Add({{"stream", str(stream)}, {"metric", str(metric)}}).Set(apart ? 1 : 0);
}

void metrics::api_away(bool away) { machinery_->away.Set(away ? 1 : 0); }

void metrics::clock_skew(double seconds) { machinery_->skew.Set(seconds); }

void metrics::leading(bool leads) { machinery_->leads.Set(leads ? 1 : 0); }

void metrics::health(int level) { machinery_->judged.Set(level); }

void metrics::set_apart(std::string_view stream, std::string_view metric, bool apart) {
  machinery_->apart.Add({{"stream", str(stream)}, {"metric", str(metric)}}).Set(apart ? 1 : 0);
}

void metrics::log_lines_dropped(std::size_t lines) {
  auto& counted = machinery_->lines_dropped;
  counted.Increment(std::max(0.0, static_cast<double>(lines) - counted.Value()));
}

std::string metrics::exposition() const {
  auto families = machinery_->registry.Collect();
  auto of_process = machinery_->process.Collect();
  families.insert(families.end(), std::make_move_iterator(of_process.begin()),
                  std::make_move_iterator(of_process.end()));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace oes
