#include "simulation/kafka/transactions.hpp"

namespace oes::simulation {

init_outcome transaction_coordinator::init(const std::string& name, std::chrono::milliseconds timeout,
                                           producer_identity today) {
  auto& one = known_[name];
  // The abort of its own transaction has raised the epoch by one already.
  const bool own = one.who.epoch == today.epoch || (one.raised_for == today);
  if (today.id >= 0 && (one.who.id != today.id || !own)) return {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, {}};
  if (is_ending(one)) return {RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, {}};
  if (one.who.id < 0) {
    one.who = {next_id_++, -1};
  } else if (one.is == state::ongoing) {
    // Whoever has it open is fenced by the markers' epoch already.
    around_.tell("init of " + name + " aborts an open transaction");
    one.raised_for = today;
    ++one.who.epoch;
    finish(name, one, one.who, false);
    return {RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, {}};
  }
  one.raised_for = {};
  ++one.who.epoch;
  one.is = state::empty;
  one.timeout = timeout;
  return {RD_KAFKA_RESP_ERR_NO_ERROR, one.who};
}

rd_kafka_resp_err_t transaction_coordinator::add(const std::string& name, producer_identity who,
                                                 const std::set<topic_partition>& partitions) {
  auto& one = known_[name];
  if (one.who.id != who.id) return RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING;
  if (one.who.epoch != who.epoch) return RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
  if (is_ending(one)) return RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
  if (one.is != state::ongoing) {
    one.is = state::ongoing;
    one.partitions.clear();
    const auto serial = ++one.serial;
    around_.after(one.timeout, [this, name, serial] {
      auto& late = known_[name];
      if (late.is != state::ongoing || late.serial != serial) return;
      around_.tell("the transaction of " + name + " timed out");
      ++late.who.epoch;
      finish(name, late, late.who, false);
    });
  }
  one.partitions.insert(partitions.begin(), partitions.end());
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t transaction_coordinator::end(const std::string& name, producer_identity who, bool commit) {
  auto& one = known_[name];
  if (one.who.id != who.id) return RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING;
  if (one.who.epoch != who.epoch) return RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
  switch (one.is) {
    case state::ongoing:
      finish(name, one, who, commit);
      return RD_KAFKA_RESP_ERR_NO_ERROR;
    case state::committing:
    case state::aborting:
      return RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
    case state::committed:
      return commit ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
    case state::aborted:
      return commit ? RD_KAFKA_RESP_ERR_INVALID_TXN_STATE : RD_KAFKA_RESP_ERR_NO_ERROR;
    case state::empty:
      break;
  }
  return RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
}

rd_kafka_resp_err_t transaction_coordinator::stands(const std::string& name, producer_identity who,
                                                    const topic_partition& where) const {
  const auto known = known_.find(name);
  if (known == known_.end() || known->second.who.id != who.id) return RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
  const auto& one = known->second;
  if (who.epoch < one.who.epoch) return RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
  return one.is == state::ongoing && one.partitions.contains(where) ? RD_KAFKA_RESP_ERR_NO_ERROR
                                                                    : RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
}

void transaction_coordinator::finish(const std::string& name, entry& one, producer_identity as, bool commit) {
  if (commit) around_.decided(as, one.partitions);
  one.is = commit ? state::committing : state::aborting;
  one.unmarked = one.partitions.size();
  for (const auto& where : one.partitions) {
    around_.mark(where, as, commit, [this, name, commit] {
      auto& ending = known_[name];
      if (--ending.unmarked > 0) return;
      ending.is = commit ? state::committed : state::aborted;
    });
  }
  if (one.unmarked == 0) one.is = commit ? state::committed : state::aborted;
}

}  // namespace oes::simulation
