#include "kafka/new_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "async/clock.hpp"
#include "kafka/command_output.hpp"
#include "kafka/oauth_token.hpp"

namespace oes::new_client_detail {
namespace {

using std::chrono::milliseconds;
// The end of a client waits for a command that runs.
constexpr milliseconds patience_with_a_command = std::chrono::seconds(10);

std::string value_of(const kafka_conf& conf, const char* name) {
  std::array<char, 4096> text{};
  std::size_t size = text.size();
  if (rd_kafka_conf_get(conf.get(), name, text.data(), &size) != RD_KAFKA_CONF_OK) return {};
  return text.data();
}

std::string told(rd_kafka_t* client, const std::string& why) {
  const auto text = "no OAUTHBEARER token: kafka.token_command: " + why;
  rd_kafka_oauthbearer_set_token_failure(client, text.c_str());
  return text;
}

}  // namespace

std::string refresh_token(rd_kafka_t* client, const char* command, kafka_log_callback log) {
  const auto says = [client, log](const std::string& line) {
    log(client, LOG_INFO, token_command_facility, line.c_str());
  };
  const auto printed = output_of_command(command == nullptr ? "" : command, patience_with_a_command, says);
  if (!printed) return told(client, printed.error().context);
  const auto token = read_oauth_token(*printed, time_source().now());
  if (!token) return told(client, token.error().context);
  std::array<char, 512> why{};
  const auto expires = std::chrono::duration_cast<milliseconds>(token->expires.time_since_epoch()).count();
  const auto set = rd_kafka_oauthbearer_set_token(client, token->text.c_str(), expires, token->principal.c_str(),
                                                  nullptr, 0, why.data(), why.size());
  // librdkafka's own words may repeat what they are about.
  return set == RD_KAFKA_RESP_ERR_NO_ERROR ? "" : told(client, "librdkafka does not take the token that it prints");
}

bool wants_command(const kafka_conf& conf) {
  auto mechanism = value_of(conf, "sasl.mechanisms");
  std::transform(mechanism.begin(), mechanism.end(), mechanism.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const bool other_source = value_of(conf, "enable.sasl.oauthbearer.unsecure.jwt") == "true" ||
                            value_of(conf, "sasl.oauthbearer.method") == "oidc";
  return mechanism == "OAUTHBEARER" && !other_source && !value_of(conf, token_command_property).empty();
}

kafka_client make(rd_kafka_type_t type, kafka_conf& conf, std::string& why) {
  const bool by_command = wants_command(conf);
  std::array<char, 512> text{};
  kafka_client client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
  if (!client) {
    why = text.data();
    return nullptr;
  }
  (void)conf.release();  // owned by the client now
  if (by_command) kafka_error(rd_kafka_sasl_background_callbacks_enable(client.get())).reset();
  return client;
}

}  // namespace oes::new_client_detail
