#pragma once
// Every client of librdkafka begins here: its log, and its tokens where it logs in by OAUTHBEARER with a command.
#include <syslog.h>

#include <string>

#include "kafka/kafka_handle.hpp"

namespace oes {

using kafka_log_callback = void (*)(const rd_kafka_t*, int, const char*, const char*);

namespace new_client_detail {

/// Runs the command and hands its token over; what it says on stderr goes to the log. Why that failed; empty: it did
/// not.
std::string refresh_token(rd_kafka_t* client, const char* command, kafka_log_callback log);
/// Null, with the reason in `why`. Takes the conf where it succeeds.
kafka_client make(rd_kafka_type_t type, kafka_conf& conf, std::string& why);
bool wants_command(const kafka_conf& conf);

// librdkafka tells a failed refresh to who polls the client, and not all of ours are polled: it goes to the log too.
template <kafka_log_callback Log>
void on_refresh(rd_kafka_t* client, const char* command, void* /*opaque*/) {
  const auto failed = refresh_token(client, command, Log);
  if (!failed.empty()) Log(client, LOG_ERR, "OAUTHBEARER", failed.c_str());
}

}  // namespace new_client_detail

/// The name of the property that carries kafka.token_command: librdkafka hands its value to whoever fetches tokens.
inline constexpr auto token_command_property = "sasl.oauthbearer.config";

/// Null, with the reason in `why`.
template <kafka_log_callback Log>
kafka_client new_client(rd_kafka_type_t type, kafka_conf conf, std::string& why) {
  rd_kafka_conf_set_log_cb(conf.get(), Log);
  if (new_client_detail::wants_command(conf)) {
    // Refreshed on librdkafka's own thread: most of our clients are not polled while they wait.
    rd_kafka_conf_enable_sasl_queue(conf.get(), 1);
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf.get(), new_client_detail::on_refresh<Log>);
  }
  return new_client_detail::make(type, conf, why);
}

}  // namespace oes
