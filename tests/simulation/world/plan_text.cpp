// What a world draws, for people.
#include <array>
#include <string>

#include "simulation/world/plan.hpp"

namespace oes::simulation {

std::string_view name(trouble::kind kind) {
  switch (kind) {
    case trouble::kind::kill:
      return "kill";
    case trouble::kind::kill_at:
      return "kill at a fault point";
    case trouble::kind::throw_at:
      return "something throws at a fault point";
    case trouble::kind::stop_clean:
      return "stop";
    case trouble::kind::freeze:
      return "freeze";
    case trouble::kind::hold:
      return "slow at fault points";
    case trouble::kind::cut_off:
      return "cut off from Kafka";
    case trouble::kind::kafka_away:
      return "Kafka away";
    case trouble::kind::clock_set:
      return "clock set";
    case trouble::kind::compaction:
      return "compaction of progress";
    case trouble::kind::wire:
      return "requests to Kafka";
    case trouble::kind::api_away:
      return "API away";
    case trouble::kind::wrong_date:
      return "a wrong Date from the API";
    case trouble::kind::disk:
      return "files";
    case trouble::kind::power_cut:
      return "power cut";
    case trouble::kind::right:
      return "a right is taken";
    case trouble::kind::partitions:
      return "partitions added";
  }
  return "";
}

std::string describe(const trouble& one) {
  std::string out = "t=" + std::to_string(one.at.count()) + "ms " + std::string(name(one.what));
  if (one.what == trouble::kind::kill_at || one.what == trouble::kind::throw_at)
    out += ", the " + std::to_string(one.passings) + ". passed";
  if (one.what == trouble::kind::hold) out += ", the next " + std::to_string(one.passings);
  if (one.what == trouble::kind::wire) {
    static constexpr std::array fates{"lost", "unanswered", "held"};
    out += " " + std::to_string(one.request) + " " + fates[static_cast<std::size_t>(one.fate)] + ", the next " +
           std::to_string(one.passings);
  }
  if (one.what == trouble::kind::wrong_date || one.what == trouble::kind::clock_set)
    out += ", by " + std::to_string(one.off.count()) + " min";
  if (one.what == trouble::kind::disk) out += ", " + describe(one.of_disk);
  if (one.what == trouble::kind::right) out += ", " + describe(one.taken);
  const bool of_host = one.what == trouble::kind::disk || one.what == trouble::kind::power_cut;
  if (one.what < trouble::kind::kafka_away || one.what == trouble::kind::wire || one.what == trouble::kind::clock_set ||
      of_host) {
    out += one.of_leader ? ", who leads" : ", instance " + std::to_string(one.instance);
  }
  if (one.what >= trouble::kind::freeze) out += ", for " + std::to_string(one.lasts.count()) + " ms";
  return out;
}

std::string describe(const operator_wish& one) {
  static constexpr std::array kinds{"backfill", "refresh", "seek", "reset"};
  return "t=" + std::to_string(one.at.count()) + "ms the operator wishes a " +
         kinds[static_cast<std::size_t>(one.what)] + " of stream " + std::to_string(one.stream) + ", minutes " +
         std::to_string(one.from.count()) + " to " + std::to_string(one.to.count()) + " of it";
}

std::string describe(const config_change& one) {
  static constexpr std::array kinds{"a new stream",     "without stream", "again with stream",
                                    "more metrics for", "other re_read",  "another trigger of"};
  return "t=" + std::to_string(one.at.count()) + "ms the configuration: " + kinds[static_cast<std::size_t>(one.what)] +
         " (" + std::to_string(one.stream) + ")";
}

std::string describe(const world_plan& plan) {
  std::string out = "seed " + std::to_string(plan.seed) + ": " + std::to_string(plan.instances) + " instances, " +
                    std::to_string(plan.regions) + " regions, streams";
  for (const auto& stream : plan.streams) {
    out += " [";
    for (const auto& metric : stream) out += (out.back() == '[' ? "" : " ") + metric;
    out += "]";
  }
  out += ", at most " + std::to_string(plan.max_transaction_records) + " records a transaction, " +
         std::to_string(plan.data_partitions) + " data partitions, of 1000 requests to Kafka " +
         std::to_string(plan.request_lost) + " lost, " + std::to_string(plan.reply_lost) + " replies lost, " +
         std::to_string(plan.request_late) + " late, of the API's " + std::to_string(plan.api_failing) + " failing, " +
         std::to_string(plan.api_lying) + " lying; " + std::to_string(static_cast<int>(plan.speed)) +
         " times as fast, from minute " + std::to_string(plan.begins_at.count()) + " of the day, gaps each " +
         std::to_string(plan.gap_retry.count() / 3600) + " h, producers retire after " +
         std::to_string(plan.idle_retirement.count()) + " s, " + (plan.impatient ? "impatient with Kafka, " : "") +
         (plan.one_topic ? "one topic, " : "") + (plan.wide ? "wide, " : "") + "ends of transactions are seen after " +
         std::to_string(plan.stable_lag.count()) + " ms, " + std::string(code(plan.grid.net)) + ", " +
         std::string(code(plan.grid.interval)) + ", a label each " + std::to_string(plan.every.count()) + " min, " +
         (plan.nulls ? "nulls, " : "") + (plan.publish_nulls ? "published, " : "") +
         (plan.first_only ? "no revisions, " : "") + (plan.by_network ? "no regions, " : "") +
         (plan.provisional ? "provisional, " : "") + (plan.at_least_once ? "at least once, " : "") +
         (plan.credits
              ? std::to_string(*plan.credits) + " credits until midnight" + (plan.credits_told ? ", " : ", untold, ")
              : "") +
         "read again";
  for (const auto& one : plan.re_reads) out += " " + std::to_string(one.back.count() / 60) + "m";
  if (plan.re_reads.empty()) out += " as usual";
  if (plan.list_every.count() > 0)
    out += ", the list of facilities each " + std::to_string(plan.list_every.count()) + " min";
  if (plan.tombstones) out += ", with tombstones";
  if (plan.loss.what != data_loss::kind::none) out += "\n  " + describe(plan.loss);
  if (plan.repaired) out += "\n  t=" + std::to_string(plan.repaired->count()) + "ms the API has other old values";
  for (const auto& one : plan.troubles) out += "\n  " + describe(one);
  for (const auto& one : plan.wishes) out += "\n  " + describe(one);
  for (const auto& one : plan.changes) out += "\n  " + describe(one);
  return out;
}

}  // namespace oes::simulation
