// A producer's transactions.
#include <utility>

#include "simulation/kafka/producer.hpp"

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds retry_pause{100};
constexpr milliseconds retry_soon{20};

bool fences(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING;
}

}  // namespace

rd_kafka_error_t* new_error(rd_kafka_resp_err_t code, std::string text, bool fatal, bool retriable) {
  return new rd_kafka_error_s{code, std::move(text), fatal, retriable};
}

void simulated_producer::ask_for_identity() {
  const auto answer = std::make_shared<init_outcome>();
  auto arrives = [answer, &to = client_.to, &of = client_.of, name = name_,
                  timeout = client_.span_of("transaction.timeout.ms", milliseconds(60'000))] {
    *answer = to.transactions.init(name, timeout);
    if (answer->error == RD_KAFKA_RESP_ERR_NO_ERROR) to.note_writer(of, false);
  };
  client_.send(api_init_producer_id, std::move(arrives), [this, answer](bool came) {
    if (came && answer->error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      who_ = answer->made;
      is_ = state::ready;
      client_.changed();
      return;
    }
    const bool soon = came && answer->error == RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
    client_.after(soon ? retry_soon : retry_pause, [this] { ask_for_identity(); });
  });
}

rd_kafka_error_t* simulated_producer::init(int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  if (is_ == state::fresh) {
    is_ = state::initialising;
    ask_for_identity();
  }
  while (is_ == state::initialising && client_.now() < until) client_.wait(until);
  if (is_ == state::ready) return nullptr;
  return new_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "Failed to initialize Producer ID: Local: Timed out", false, true);
}

rd_kafka_error_t* simulated_producer::begin() {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, "fenced", true);
  if (is_ != state::ready) return new_error(RD_KAFKA_RESP_ERR__STATE, "not ready for a transaction");
  is_ = state::open;
  failed_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  ++round_;
  // Sequence numbers go on, registrations do not.
  for (auto& [where, one] : lanes_) one.registered = false;
  return nullptr;
}

rd_kafka_error_t* simulated_producer::abort(int timeout_ms) {
  drop_all(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
  serve();
  return end(false, timeout_ms);
}

void simulated_producer::ask_for_end(bool commit) {
  const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
  auto arrives = [answer, commit, &to = client_.to, &of = client_.of, name = name_, who = who_] {
    *answer = to.transactions.end(name, who, commit);
    if (commit && *answer == RD_KAFKA_RESP_ERR_NO_ERROR) to.note_writer(of, true);
  };
  client_.send(api_end_txn, std::move(arrives), [this, answer, commit](bool came) {
    if (came && *answer == RD_KAFKA_RESP_ERR_NO_ERROR) {
      is_ = state::ready;
    } else if (came && fences(*answer)) {
      fail(*answer, true);
    } else if (came && *answer != RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS) {
      failed_ = *answer;
      is_ = state::failed;
    } else {
      client_.after(came ? retry_soon : retry_pause, [this, commit] { ask_for_end(commit); });
      return;
    }
    client_.changed();
  });
}

rd_kafka_error_t* simulated_producer::end(bool commit, int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, "fenced", true);
  if (is_ != state::open) return new_error(RD_KAFKA_RESP_ERR__STATE, "no transaction");
  if (commit && failed_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(failed_, "the transaction must be aborted");
  while (commit && outstanding_ > 0 && client_.now() < until) client_.wait(until);
  bool any = false;
  for (const auto& [where, one] : lanes_) any = any || one.registered;
  if (!any) {
    is_ = state::ready;
    return nullptr;
  }
  is_ = state::ending;
  ask_for_end(commit);
  while (is_ == state::ending && fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR && client_.now() < until) client_.wait(until);
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, "fenced by another producer", true);
  if (is_ == state::ready) return nullptr;
  if (is_ == state::failed) return new_error(failed_, "the transaction could not be ended");
  return new_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer to the end of the transaction", false, true);
}

}  // namespace oes::simulation
