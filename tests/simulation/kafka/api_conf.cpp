// rd_kafka_conf_…: what is set is kept, and given back.
#include <algorithm>
#include <cstring>

#include "simulation/kafka/client.hpp"

extern "C" {

rd_kafka_conf_t* rd_kafka_conf_new() { return new rd_kafka_conf_s; }
void rd_kafka_conf_destroy(rd_kafka_conf_t* conf) { delete conf; }

rd_kafka_conf_res_t rd_kafka_conf_set(rd_kafka_conf_t* conf, const char* name, const char* value, char* /*why*/,
                                      size_t /*size*/) {
  conf->values[name] = value;
  return RD_KAFKA_CONF_OK;
}

rd_kafka_conf_res_t rd_kafka_conf_get(const rd_kafka_conf_t* conf, const char* name, char* into, size_t* size) {
  const auto found = conf->values.find(name);
  const std::string value = found == conf->values.end() ? "" : found->second;
  if (into != nullptr && *size > value.size()) std::memcpy(into, value.c_str(), value.size() + 1);
  *size = value.size() + 1;
  return found == conf->values.end() ? RD_KAFKA_CONF_UNKNOWN : RD_KAFKA_CONF_OK;
}

// No world asks: it is here so that whole rooms can be linked.
void rd_kafka_conf_properties_show(FILE* /*out*/) {}

void rd_kafka_conf_set_opaque(rd_kafka_conf_t* conf, void* opaque) { conf->opaque = opaque; }
void rd_kafka_conf_set_log_cb(rd_kafka_conf_t* conf, void (*log)(const rd_kafka_t*, int, const char*, const char*)) {
  conf->log = log;
}
void rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t* conf, void (*told)(rd_kafka_t*, const rd_kafka_message_t*, void*)) {
  conf->delivered = told;
}
// Statistics are for people.
void rd_kafka_conf_set_stats_cb(rd_kafka_conf_t* /*conf*/, int (* /*told*/)(rd_kafka_t*, char*, size_t, void*)) {}
void rd_kafka_conf_set_events(rd_kafka_conf_t* /*conf*/, int /*which*/) {}
void rd_kafka_conf_enable_sasl_queue(rd_kafka_conf_t* /*conf*/, int /*yes*/) {}
void rd_kafka_conf_set_oauthbearer_token_refresh_cb(rd_kafka_conf_t* /*conf*/,
                                                    void (* /*refresh*/)(rd_kafka_t*, const char*, void*)) {}

rd_kafka_resp_err_t rd_kafka_conf_interceptor_add_on_new(rd_kafka_conf_t* conf, const char* /*name*/,
                                                         rd_kafka_interceptor_f_on_new_t* on_new, void* opaque) {
  conf->interceptors.push_back({on_new, opaque});
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_interceptor_add_on_request_sent(rd_kafka_t* client, const char* /*name*/,
                                                             rd_kafka_interceptor_f_on_request_sent_t* sent,
                                                             void* opaque) {
  client->watchers.push_back({sent, nullptr, opaque});
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_interceptor_add_on_response_received(
    rd_kafka_t* client, const char* /*name*/, rd_kafka_interceptor_f_on_response_received_t* received, void* opaque) {
  client->watchers.push_back({nullptr, received, opaque});
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // extern "C"
