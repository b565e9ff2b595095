#include "publish/wire_watch.hpp"

#include "model/fault_point.hpp"

namespace oes {
namespace {

constexpr std::int16_t produce = 0;
constexpr std::int16_t init_producer_id = 22;
constexpr std::int16_t add_partitions_to_txn = 24;
constexpr std::int16_t end_txn = 26;
constexpr const char* interceptor = "wire_watch";

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t api_key, std::int16_t,
                                    std::int32_t, std::size_t, void* watch) {
  static_cast<wire_watch*>(watch)->request_sent(api_key);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_response_received(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t api_key,
                                         std::int16_t, std::int32_t, std::size_t, std::int64_t, rd_kafka_resp_err_t err,
                                         void* watch) {
  static_cast<wire_watch*>(watch)->reply(api_key, err != RD_KAFKA_RESP_ERR_NO_ERROR);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* client, const rd_kafka_conf_t*, void* watch, char*, std::size_t) {
  rd_kafka_interceptor_add_on_request_sent(client, interceptor, on_request_sent, watch);
  rd_kafka_interceptor_add_on_response_received(client, interceptor, on_response_received, watch);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace

void wire_watch::request_sent(std::int16_t api_key) {
  if (api_key == end_txn) {
    ++end_txn_sent_;
    fault_point("wire.end-sent");
  }
}

void wire_watch::reply(std::int16_t api_key, bool failed) {
  const bool ours =
      api_key == produce || api_key == init_producer_id || api_key == add_partitions_to_txn || api_key == end_txn;
  if (ours && failed) ++failed_replies_;
}

void wire_watch::attach(rd_kafka_conf_t* conf) {
  rd_kafka_conf_interceptor_add_on_new(conf, interceptor, on_new, this);
}

}  // namespace oes
