// rd_kafka_… of a client as a whole.
#include <cstdlib>
#include <cstring>

#include "simulation/kafka/client.hpp"
#include "simulation/kafka/producer.hpp"

using namespace oes::simulation;

namespace {

using std::chrono::milliseconds;

}  // namespace

extern "C" {

rd_kafka_t* rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* conf, char* /*why*/, size_t /*size*/) {
  auto* made = new rd_kafka_s(type, *conf);
  delete conf;
  return made;
}

void rd_kafka_destroy(rd_kafka_t* client) { delete client; }
void rd_kafka_destroy_flags(rd_kafka_t* client, int /*flags*/) { delete client; }

rd_kafka_type_t rd_kafka_type(const rd_kafka_t* client) { return client->type; }
void* rd_kafka_opaque(const rd_kafka_t* client) { return client->conf.opaque; }
void rd_kafka_set_log_level(rd_kafka_t* /*client*/, int /*level*/) {}
int rd_kafka_version() { return 0x020002ff; }
const char* rd_kafka_version_str() { return "2.0.2"; }
void rd_kafka_mem_free(rd_kafka_t* /*client*/, void* what) { std::free(what); }

char* rd_kafka_clusterid(rd_kafka_t* client, int timeout_ms) {
  // It comes with the first metadata, and is kept.
  if (client->was_answered) return strdup(client->to.id.c_str());
  const auto id = std::make_shared<std::string>();
  const auto failed = client->ask(api_metadata, milliseconds(timeout_ms), [id, &to = client->to] { *id = to.id; });
  return failed == RD_KAFKA_RESP_ERR_NO_ERROR ? strdup(id->c_str()) : nullptr;
}

rd_kafka_error_t* rd_kafka_sasl_set_credentials(rd_kafka_t* /*client*/, const char* /*user*/, const char* /*pass*/) {
  return nullptr;
}
rd_kafka_error_t* rd_kafka_sasl_background_callbacks_enable(rd_kafka_t* /*client*/) { return nullptr; }
rd_kafka_resp_err_t rd_kafka_oauthbearer_set_token(rd_kafka_t* /*client*/, const char* /*token*/, int64_t /*until*/,
                                                   const char* /*principal*/, const char** /*extensions*/,
                                                   size_t /*count*/, char* /*why*/, size_t /*size*/) {
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}
rd_kafka_resp_err_t rd_kafka_oauthbearer_set_token_failure(rd_kafka_t* /*client*/, const char* /*why*/) {
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_topic_t* rd_kafka_topic_new(rd_kafka_t* client, const char* name, rd_kafka_topic_conf_t* /*conf*/) {
  return new rd_kafka_topic_s{client, name};
}
void rd_kafka_topic_destroy(rd_kafka_topic_t* topic) { delete topic; }
const char* rd_kafka_topic_name(const rd_kafka_topic_t* topic) { return topic->name.c_str(); }

// Errors as values.
rd_kafka_error_t* rd_kafka_error_new(rd_kafka_resp_err_t code, const char* /*format*/, ...) {
  return new_error(code, rd_kafka_err2str(code));
}
void rd_kafka_error_destroy(rd_kafka_error_t* error) { delete error; }
rd_kafka_resp_err_t rd_kafka_error_code(const rd_kafka_error_t* error) {
  return error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : error->code;
}
const char* rd_kafka_error_name(const rd_kafka_error_t* error) { return rd_kafka_err2name(error->code); }
const char* rd_kafka_error_string(const rd_kafka_error_t* error) { return error->text.c_str(); }
int rd_kafka_error_is_fatal(const rd_kafka_error_t* error) { return error->fatal ? 1 : 0; }
int rd_kafka_error_is_retriable(const rd_kafka_error_t* error) { return error->retriable ? 1 : 0; }
int rd_kafka_error_txn_requires_abort(const rd_kafka_error_t* error) { return error->requires_abort ? 1 : 0; }

}  // extern "C"
