#include <algorithm>
#include <string_view>

#include "config/checks.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

// `smaller` must not be above `larger` (or, strictly, must be below it).
void check_order(const setting_map& settings, const char* smaller, const char* larger, bool strictly,
                 problem_log& log) {
  const auto& low = settings.at(smaller);
  const auto& high = settings.at(larger);
  const auto low_span = as<milliseconds>(low.value);
  const auto high_span = as<milliseconds>(high.value);
  if (strictly ? low_span < high_span : low_span <= high_span) return;
  const auto& blamed = low.origin == setting_origin::from_file ? low : high;
  log.fault(blamed.at, blamed.key,
            std::string(smaller) + " (" + format_scalar(value_kind::duration, low.value) + ") must be " +
                (strictly ? "below " : "at most ") + larger + " (" + format_scalar(value_kind::duration, high.value) +
                ")");
}

void check_credentials(const setting_map& settings, kafka_need kafka, problem_log& log) {
  const auto& key = settings.at("api.api_key");
  if (!key.is_set() && !key.refused) {
    log.warn(key.at, key.key,
             "no key: set api.api_key, api.api_key_file or OPENELECTRICITY_API_KEY. Without one the API serves network "
             "data with COMMUNITY limits");
  }
  const auto& servers = settings.at("kafka.bootstrap_servers");
  const bool missing = as<std::vector<std::string>>(servers.value).empty() && !servers.refused;
  if (missing && kafka == kafka_need::required) {
    log.fault(servers.at, servers.key, "missing: set it, or KAFKA_BOOTSTRAP_SERVERS, to your brokers (host:port)");
  }
}

// librdkafka hands the text of that property to whoever fetches tokens: it cannot be two things.
void check_token_command(const setting_map& settings, problem_log& log) {
  const auto& command = settings.at("kafka.token_command");
  if (!command.is_set()) return;
  const auto& properties = as<property_list>(settings.at("kafka.properties").value);
  const auto given = [&](std::string_view name) {
    return std::find_if(properties.begin(), properties.end(), [&](const auto& one) { return one.first == name; });
  };
  if (given("sasl.oauthbearer.config") != properties.end()) {
    log.fault(command.at, command.key, "given beside kafka.properties.sasl.oauthbearer.config; write one of the two");
  }
  auto mechanism = given("sasl.mechanism");
  if (mechanism == properties.end()) mechanism = given("sasl.mechanisms");
  if (mechanism == properties.end() || mechanism->second != "OAUTHBEARER") {
    log.warn(command.at, command.key, "it is not used: kafka.properties.sasl.mechanism is not OAUTHBEARER");
  }
}

void check_test_clock(const check_subject& subject, problem_log& log) {
  if (!subject.config.test_clock) return;
  const auto& real = subject.settings.daemon.at("testing.clock.real_anchor");
  const auto& shown = subject.settings.daemon.at("testing.clock.shown");
  const auto& speed = subject.settings.daemon.at("testing.clock.speed");
  const auto& at = real.is_set() ? real : shown.is_set() ? shown : speed;
  if (!real.is_set() || !shown.is_set()) {
    log.fault(at.at, "testing.clock", "it needs both real_anchor and shown");
  } else {
    log.warn(at.at, "testing.clock", "for tests only: the daemon does not go by the real time");
  }
}

}  // namespace

void check_daemon(const check_subject& subject, kafka_need kafka, problem_log& log) {
  const auto& settings = subject.settings.daemon;
  check_credentials(settings, kafka, log);
  check_order(settings, "api.connect_timeout", "api.total_timeout", false, log);
  check_order(settings, "api.first_byte_timeout", "api.total_timeout", false, log);
  check_order(settings, "retry.base", "retry.cap", false, log);
  check_order(settings, "retry.limit_base", "retry.limit_cap", false, log);
  check_order(settings, "kafka.message_timeout", "kafka.transaction_timeout", true, log);
  check_token_command(settings, log);
  check_test_clock(subject, log);
}

}  // namespace oes
