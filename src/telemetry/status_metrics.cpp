#include "telemetry/status_metrics.hpp"

#include "telemetry/health.hpp"

namespace oes {
namespace {

double number(bool yes) { return yes ? 1 : 0; }

double number(std::int64_t n) { return static_cast<double>(n); }

void add_health(metric_families& out, const daemon_status& status) {
  const auto judged = judge_health(status);
  out.gauge("openelectricity_health", "0: all is well; 1: degraded; 2: failing, not ready.",
            static_cast<double>(judged.level));
  out.gauge("openelectricity_health_reason",
            "What each kind of reason does to health: 0 nothing, 1 degrades, 2 fails.");
  for (const auto kind : health_kinds()) {
    out.add(static_cast<double>(level_of(judged, kind)), {{"reason", std::string(kind)}});
  }
  out.gauge("openelectricity_ready",
            "0 while this kind of reason keeps the daemon from being ready, else 1. Ready: the smallest of them is 1.");
  for (const auto kind : health_kinds()) {
    out.add(number(level_of(judged, kind) != health_level::failing), {{"reason", std::string(kind)}});
  }
  out.gauge("openelectricity_leading", "1 while this instance writes, 0 while it stands by.",
            number(status.role == "leading"));
  out.gauge("openelectricity_clock_skew_seconds",
            "The API's clock less this host's, as the Date of its answers tells, in seconds.",
            status.clock_skew_seconds.value_or(0));
}

void add_configuration(metric_families& out, const daemon_status& status) {
  const auto& known = status.config;
  out.counter("openelectricity_config_reloads_total", "Reloads of the configuration, by outcome.");
  out.add(number(known.taken), {{"outcome", "ok"}});
  out.add(number(known.refusals), {{"outcome", "refused"}});
  out.add(number(known.put_off), {{"outcome", "not_now"}});
  out.gauge("openelectricity_config_last_reload_successful", "0 while the last reload was refused, else 1.",
            number(!known.refused));
  out.gauge("openelectricity_config_last_reload_timestamp_seconds",
            "When a reload was last asked for (at first: the start), in Unix seconds.",
            unix_seconds(known.reloaded_at.value_or(status.started_at)));
  out.gauge("openelectricity_config_last_reload_success_timestamp_seconds",
            "When the configuration was last taken (at first: the start), in Unix seconds.",
            unix_seconds(known.taken_at.value_or(status.started_at)));
  out.gauge("openelectricity_config_differs", "1 while the configuration file differs from what runs, else 0.",
            number(!known.differs.empty()));
}

void add_progress_file(metric_families& out, const daemon_status& status) {
  const auto& file = status.progress_file;
  out.gauge("openelectricity_progress_file_written_timestamp_seconds",
            "When progress.json was last written, in Unix seconds; 0: not yet.", unix_seconds(file.written));
  const auto behind = file.missing_since ? unix_seconds(status.now) - unix_seconds(file.missing_since) : 0;
  out.gauge("openelectricity_progress_file_behind_seconds",
            "How long a commit has been missing in progress.json, in seconds; 0: none is.", behind);
}

void add_backfill(metric_families& out, const daemon_status& status) {
  const auto job = status.backfill.value_or(backfill_status{});
  out.gauge("openelectricity_backfill_running", "1 while a backfill runs, else 0.",
            number(status.backfill.has_value()));
  out.gauge("openelectricity_backfill_chunks", "Chunks of the backfill that runs; 0: none does.", number(job.chunks));
  out.gauge("openelectricity_backfill_chunks_done", "Chunks of it that are done.", number(job.chunks_done));
  out.gauge("openelectricity_backfill_waiting", "1 while it waits, for credits say, else 0.",
            number(!job.waits_for.empty()));
}

void add_api(metric_families& out, const daemon_status& status) {
  out.gauge("openelectricity_api_last_success_timestamp_seconds",
            "When the API last gave a usable answer, in Unix seconds; 0: not yet.", unix_seconds(status.api_answered));
  out.gauge("openelectricity_api_away",
            "1 while the API cannot be had or refuses the key, and one request at a time tries, else 0.",
            number(status.api_outage.has_value()));
  out.gauge("openelectricity_api_credits_used_today", "API credits used by the deployment in the current credit day.",
            number(status.credits_used_today));
  out.gauge("openelectricity_trigger_stretch_ratio",
            "Factor by which triggers are stretched to make the day's credits last; 1: not at all.", status.stretch);
  if (status.account_left) {
    out.gauge("openelectricity_api_credits_account_left", "Credits left of the whole key's day, as /me told last.",
              number(*status.account_left));
  }
  if (!status.credits_per_day) return;
  out.gauge("openelectricity_api_credits_share_per_day", "API credits that the deployment may use in a day.",
            number(*status.credits_per_day));
  out.gauge("openelectricity_api_credits_left_today", "What is left of them.", number(status.credits_left.value_or(0)));
  out.gauge("openelectricity_api_credits_day_ends_timestamp_seconds",
            "When the next credit day begins, in Unix seconds.", unix_seconds(status.credits_day_ends));
}

void add_kafka(metric_families& out, const kafka_status& kafka) {
  out.gauge("openelectricity_kafka_last_commit_timestamp_seconds",
            "When a transaction was last committed, in Unix seconds; 0: not yet.", unix_seconds(kafka.last_commit));
  out.counter("openelectricity_kafka_producers_replaced_total",
              "Producers that a new one took the place of, by reason. Nothing is lost by it.");
  for (const auto* reason : {"not_committed", "outcome_unknown", "suspicious", "idle", "init_failed", "rehearsal"}) {
    const auto known = kafka.producers_replaced.find(reason);
    out.add(known == kafka.producers_replaced.end() ? 0 : number(known->second), {{"reason", reason}});
  }
  out.gauge("openelectricity_kafka_brokers", "Brokers that librdkafka knows.", number(kafka.brokers));
  out.gauge("openelectricity_kafka_brokers_up", "Brokers that it has a connection to; it opens one where it needs one.",
            number(kafka.brokers_up));
  out.gauge("openelectricity_kafka_producer_queue_records", "Records in librdkafka's queue.",
            number(kafka.queued_records));
  out.gauge("openelectricity_kafka_producer_queue_bytes", "Their size.", number(kafka.queued_bytes));
  out.gauge("openelectricity_kafka_round_trip_seconds",
            "Mean time a request to the slowest broker took in the last window of statistics, in seconds.",
            kafka.round_trip_seconds);
  out.gauge("openelectricity_kafka_round_trip_p99_seconds", "Its 99th percentile, in seconds.",
            kafka.round_trip_p99_seconds);
  out.gauge("openelectricity_kafka_statistics_timestamp_seconds",
            "When librdkafka told its statistics last, in Unix seconds; 0: not yet. Only a leader has a producer.",
            unix_seconds(kafka.told_at));
}

}  // namespace

double unix_seconds(const std::optional<utc_time>& at) {
  return at ? static_cast<double>(at->time_since_epoch().count()) / 1e6 : 0;
}

void add_daemon_families(metric_families& out, const daemon_status& status) {
  out.gauge("openelectricity_build_info", "Always 1; its labels say what is running.");
  out.add(1, {{"version", status.version}, {"commit", status.commit}, {"librdkafka", status.librdkafka}});
  add_health(out, status);
  add_configuration(out, status);
  add_progress_file(out, status);
  add_backfill(out, status);
  add_api(out, status);
  add_kafka(out, status.kafka);
}

}  // namespace oes
