#include "config/kafka_properties.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/redact.hpp"
#include "config/secret_file.hpp"
#include "config/text_checks.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using reason = std::pair<std::string_view, std::string_view>;

constexpr std::string_view file_suffix = "_file";
constexpr std::string_view location_suffix = ".location";
constexpr std::string_view idempotence = "exactly once and in order needs the daemon's own value";
constexpr std::string_view leadership = "the daemon's group is its leader election; it sets this itself";
constexpr std::string_view foreign_code = "it would run foreign code inside the daemon's transactions";

constexpr auto refused = std::to_array<reason>({
    {"bootstrap.servers", "write it as kafka.bootstrap_servers"},
    {"metadata.broker.list", "write it as kafka.bootstrap_servers"},
    {"transactional.id", "it follows from 'deployment': one writer per deployment is fenced by it"},
    {"transaction.timeout.ms", "write it as kafka.transaction_timeout"},
    {"message.timeout.ms", "write it as kafka.message_timeout"},
    {"delivery.timeout.ms", "write it as kafka.message_timeout"},
    {"session.timeout.ms", "write it as kafka.session_timeout"},
    {"enable.idempotence", idempotence},
    {"enable.gapless.guarantee", idempotence},
    {"acks", idempotence},
    {"request.required.acks", idempotence},
    {"retries", idempotence},
    {"message.send.max.retries", idempotence},
    {"max.in.flight", idempotence},
    {"max.in.flight.requests.per.connection", idempotence},
    {"delivery.report.only.error", "every record's delivery report is awaited before a commit"},
    {"api.version.request", "transactions need it"},
    {"broker.version.fallback", "transactions need the broker's real version"},
    {"isolation.level", "progress is read committed, always"},
    {"group.id", "it is the 'deployment'"},
    {"group.instance.id", leadership},
    {"group.protocol", leadership},
    {"group.protocol.type", leadership},
    {"group.remote.assignor", leadership},
    {"partition.assignment.strategy", leadership},
    {"heartbeat.interval.ms", leadership},
    {"max.poll.interval.ms", leadership},
    {"enable.auto.commit", "no offsets are committed: progress is in its own topic"},
    {"auto.commit.enable", "no offsets are committed: progress is in its own topic"},
    {"auto.commit.interval.ms", "no offsets are committed: progress is in its own topic"},
    {"enable.auto.offset.store", "no offsets are committed: progress is in its own topic"},
    {"auto.offset.reset", "progress is always read from its beginning"},
    {"enable.partition.eof", "the end of the progress topic is found by it"},
    {"allow.auto.create.topics", "topics made on the way have the wrong settings; see kafka.create_topics"},
    {"partitioner", "a changed partitioner moves a point's later revisions to another partition"},
    {"msg_order_cmp", "records must keep their order"},
    {"queuing.strategy", "records must keep their order"},
    {"queue.buffering.max.ms", "write it as linger.ms"},
    {"queue.buffering.max.kbytes", "write it as kafka.queue_size"},
    {"queue.buffering.max.messages", "bounded by kafka.queue_size and kafka.max_transaction_records"},
    {"queue.buffering.backpressure.threshold", idempotence},
    {"interceptors", foreign_code},
    {"plugin.library.paths", foreign_code},
    {"opaque", foreign_code},
    {"default_topic_conf", foreign_code},
});

bool has(const property_list& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& property) { return property.first == name; });
}

void warn_of_unverified_tls(const std::string& name, const std::string& value, source_position at,
                            const std::string& key, problem_log& log) {
  const bool unverified = (name == "enable.ssl.certificate.verification" && ascii_lower(value) == "false") ||
                          (name == "ssl.endpoint.identification.algorithm" && ascii_lower(value) == "none");
  if (unverified) log.warn(at, key, "the brokers' certificates are not fully verified with this");
}

// `name_file: path` → `name: text of the file`. nullopt: a problem was reported.
bool read_from_file(std::string& name, std::string& value, const property_list& given, source_position at,
                    const std::string& key, problem_log& log) {
  const auto base = name.substr(0, name.size() - file_suffix.size());
  if (has(given, base)) {
    log.fault(at, key, "given beside " + base + "; write one of the two");
    return false;
  }
  auto secret = read_secret_named_by(key, value);
  auto problem = secret.problem;
  if (problem.empty()) {
    problem =
        base.ends_with(".pem") ? fault_of_secret_block(value, secret.text) : fault_of_secret_line(value, secret.text);
  }
  if (!problem.empty()) {
    log.fault(at, key, problem);
    return false;
  }
  name = base;
  value = std::move(secret.text);
  return true;
}

}  // namespace

std::string refusal_of(std::string_view property) {
  const auto name = ascii_lower(property);
  const auto row = std::find_if(refused.begin(), refused.end(), [&](const reason& r) { return r.first == name; });
  if (row != refused.end()) return std::string(row->second);
  return name.ends_with("_cb") ? std::string(foreign_code) : std::string();
}

void resolve_kafka_properties(setting& properties, std::vector<std::string>& secrets, std::vector<std::string>& files,
                              problem_log& log) {
  if (!properties.is_set()) return;
  const auto given = as<property_list>(properties.value);
  property_list kept;
  std::vector<source_position> kept_at;
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto [name, value] = given[i];
    const auto at = properties.property_at[i];
    const auto key = properties.key + "." + name;
    const bool from_file = name.ends_with(file_suffix);
    if (const auto why = refusal_of(name); !why.empty()) {
      log.fault(at, key, "this property may not be set: " + why);
      continue;
    }
    if (from_file && !is_secret_name(name)) {
      log.fault(at, key, "only secret properties have a '_file' variant");
      continue;
    }
    const bool names_file = from_file || name.ends_with(location_suffix);
    if (const auto complaint = names_file ? fault_of_path(value) : std::string(); !complaint.empty()) {
      log.fault(at, key, complaint);
      properties.refused = true;
      continue;
    }
    if (names_file) files.push_back(value);
    if (from_file && !read_from_file(name, value, given, at, key, log)) {
      properties.refused = true;
      continue;
    }
    if (is_secret_name(name) && !value.empty()) secrets.push_back(value);
    warn_of_unverified_tls(name, value, at, key, log);
    kept.emplace_back(std::move(name), std::move(value));
    kept_at.push_back(at);
  }
  properties.value = std::move(kept);
  properties.property_at = std::move(kept_at);
}

}  // namespace oes
