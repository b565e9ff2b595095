// A producer's transactions.
#include "simulation/kafka/producer.hpp"

#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds retry_pause{100};
constexpr milliseconds retry_soon{20};

bool fences(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING;
}

bool ends_the_producer(rd_kafka_resp_err_t code) {
  return fences(code) || code == RD_KAFKA_RESP_ERR_INVALID_TXN_STATE ||
         code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
}

rd_kafka_resp_err_t as_told(rd_kafka_resp_err_t code) { return fences(code) ? RD_KAFKA_RESP_ERR__FENCED : code; }

rd_kafka_error_t* timed_out(const char* what) { return new_error(RD_KAFKA_RESP_ERR__TIMED_OUT, what, false, true); }

}  // namespace

rd_kafka_error_t* new_error(rd_kafka_resp_err_t code, std::string text, bool fatal, bool retriable,
                            bool requires_abort) {
  return new rd_kafka_error_s{code, std::move(text), fatal, retriable, requires_abort};
}

// The first time, and where the epoch must rise: then with the identity of today (KIP-360).
void simulated_producer::ask_for_identity() {
  const auto answer = std::make_shared<init_outcome>();
  auto arrives = [answer, &to = client_.to, &of = client_.of, name = name_, who = who_,
                  timeout = client_.span_of("transaction.timeout.ms", milliseconds(60'000))] {
    *answer = to.refuses("Write transaction", name)
                  ? init_outcome{RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, {}}
                  : to.transactions.init(name, timeout, who);
    if (answer->error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    to.producers[{answer->made.id, answer->made.epoch}] = &of;
    to.note_writer(of, false);
  };
  client_.send(api_init_producer_id, std::move(arrives), [this, answer](bool came) {
    if (came && answer->error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      who_ = answer->made;
      for (auto& [where, one] : lanes_) one.next_sequence = one.next_acknowledged = 0;
      is_ = is_ == state::initialising ? state::ready : state::ended;
      return client_.changed();
    }
    if (came && ends_the_producer(answer->error)) return fail_for_good(as_told(answer->error));
    const bool soon = came && answer->error == RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
    client_.after(soon ? retry_soon : retry_pause, [this] { ask_for_identity(); });
  });
}

rd_kafka_error_t* simulated_producer::init(int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  if (fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR && is_ != state::fresh && is_ != state::initialising) {
    return new_error(RD_KAFKA_RESP_ERR__STATE, "initialised already");
  }
  if (is_ == state::fresh) {
    is_ = state::initialising;
    ask_for_identity();
  }
  while (is_ == state::initialising && fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR && client_.now() < until) {
    client_.wait(until);
  }
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, rd_kafka_err2str(fatal_), true);
  return is_ == state::ready ? nullptr : timed_out("Failed to initialize Producer ID: Local: Timed out");
}

rd_kafka_error_t* simulated_producer::begin() {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, rd_kafka_err2str(fatal_), true);
  if (is_ != state::ready) return new_error(RD_KAFKA_RESP_ERR__STATE, "not ready for a transaction");
  is_ = state::open;
  must_abort_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  new_epoch_ = asked_to_register_ = false;
  undelivered_ = 0;
  ++round_;
  // Sequence numbers go on, registrations do not.
  for (auto& [where, one] : lanes_) one.registered = false;
  return nullptr;
}

void simulated_producer::register_lanes() {
  if (registering_) return;
  std::set<topic_partition> fresh;
  for (const auto& [where, one] : lanes_) {
    if (!one.registered && !one.queued.empty() && seen_.contains(where.first)) fresh.insert(where);
  }
  if (fresh.empty()) return;
  registering_ = true;
  asked_to_register_ = true;
  const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
  auto arrives = [answer, fresh, &to = client_.to, name = name_, who = who_] {
    *answer = to.add_to_transaction(name, who, fresh);
  };
  client_.send(api_add_partitions_to_txn, std::move(arrives), [this, answer, fresh, round = round_](bool came) {
    registering_ = false;
    if (round != round_) return pump();
    if (came && ends_the_producer(*answer)) return fail_for_good(as_told(*answer));
    if (came && *answer == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      client_.log_line(3, "ADDPARTS",
                       "Failed to add partition \"" + fresh.begin()->first + "\" [" +
                           std::to_string(fresh.begin()->second) + "] to transaction: " + rd_kafka_err2str(*answer));
      return must_abort(*answer, false);
    }
    if (came && *answer == RD_KAFKA_RESP_ERR_NO_ERROR) {
      for (const auto& where : fresh) lanes_[where].registered = true;
      return pump();
    }
    const bool soon = came && *answer == RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
    client_.after(soon ? retry_soon : retry_pause, [this] { pump(); });
  });
}

rd_kafka_error_t* simulated_producer::abort(int timeout_ms) { return end(false, timeout_ms); }

void simulated_producer::ask_for_end(bool commit) {
  const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
  auto arrives = [answer, commit, &to = client_.to, &of = client_.of, name = name_, who = who_] {
    *answer = to.refuses("Write transaction", name) ? RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                                                    : to.transactions.end(name, who, commit);
    if (commit && *answer == RD_KAFKA_RESP_ERR_NO_ERROR) to.note_writer(of, true);
  };
  client_.send(api_end_txn, std::move(arrives), [this, answer, commit](bool came) {
    if (came && *answer != RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS) return end_answered(*answer, commit);
    client_.after(came ? retry_soon : retry_pause, [this, commit] { ask_for_end(commit); });
  });
}

void simulated_producer::end_answered(rd_kafka_resp_err_t answer, bool /*commit*/) {
  if (answer == RD_KAFKA_RESP_ERR_NO_ERROR) {
    is_ = state::ended;
  } else {
    fail_for_good(as_told(answer));
  }
  client_.changed();
}

// A commit waits for what is not delivered yet; an abort drops it, and waits for what is on its way.
rd_kafka_error_t* simulated_producer::drain(bool commit, virtual_time until) {
  if (commit) {
    pump();
  } else {
    drop_unsent(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
    if (must_abort_ == RD_KAFKA_RESP_ERR_NO_ERROR) must_abort_ = RD_KAFKA_RESP_ERR__PURGE_QUEUE;
  }
  serve();
  while (outstanding_ > 0 && client_.now() < until) {
    client_.wait(until);
    serve();
  }
  return outstanding_ > 0 ? timed_out("messages are still outstanding") : nullptr;
}

rd_kafka_error_t* simulated_producer::end(bool commit, int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, rd_kafka_err2str(fatal_), true);
  const bool goes_on = (is_ == state::ending || is_ == state::ended) && ending_with_commit_ == commit;
  if (goes_on) return end_told(until);
  if (is_ != state::open) return new_error(RD_KAFKA_RESP_ERR__STATE, "no transaction");
  if (commit && must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return new_error(must_abort_, rd_kafka_err2str(must_abort_), false, false, true);
  }
  if (auto* late = drain(commit, until)) return late;
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, rd_kafka_err2str(fatal_), true);
  if (commit && undelivered_ > 0) must_abort(RD_KAFKA_RESP_ERR__INCONSISTENT, false);
  if (commit && must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return new_error(must_abort_, "message(s) failed delivery", false, false, true);
  }
  is_ = asked_to_register_ ? state::ending : state::ended;
  ending_with_commit_ = commit;
  if (is_ == state::ending && !commit && new_epoch_) {
    ask_for_identity();
  } else if (is_ == state::ending) {
    ask_for_end(commit);
  }
  return end_told(until);
}

// Asked again after its time was over, it goes on from where it was.
rd_kafka_error_t* simulated_producer::end_told(virtual_time until) {
  while (is_ == state::ending && fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR && client_.now() < until) client_.wait(until);
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return new_error(fatal_, rd_kafka_err2str(fatal_), true);
  if (is_ == state::ending) return timed_out("no answer to the end of the transaction");
  is_ = state::ready;
  return nullptr;
}

}  // namespace oes::simulation
