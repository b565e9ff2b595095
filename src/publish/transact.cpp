#include "publish/transact.hpp"

#include <set>

namespace oes {
namespace {

using std::chrono::milliseconds;

std::string text(const kafka_error& e) {
  return std::string(rd_kafka_error_name(e.get())) + ": " + rd_kafka_error_string(e.get());
}

result<void> send_data(producer& through, const transaction& txn, const patience& until) {
  for (const auto& batch : txn.data) {
    if (auto sent = through.send(batch, until); !sent) {
      return sent;
    }
  }
  return {};
}

result<void> send_progress(producer& through, const transaction& txn, const patience& until) {
  for (const auto& message : txn.progress) {
    if (auto sent = through.send_progress(message, until); !sent) {
      return sent;
    }
  }
  return {};
}

/// begin → data → ledger and dictionary → progress: produced in this order, delivered before the commit.
result<void> send_all(producer& through, const transaction& txn, const patience& until) {
  if (auto sent = through.send_progress(txn.begin, until); !sent) {
    return sent;
  }
  if (auto sent = send_data(through, txn, until); !sent) {
    return sent;
  }
  if (auto sent = send_progress(through, txn, until); !sent) {
    return sent;
  }
  return through.settle(until);
}

/// Commit goes on where it stopped after a retriable error; every other error leaves the outcome to the broker.
transaction_end commit(producer& through, const patience& until) {
  for (;;) {
    const kafka_error failed(rd_kafka_commit_transaction(through.client(), until.slice_ms(milliseconds(500))));
    if (!failed) {
      return {ending::committed, {}, through.progress_offset()};
    }
    const bool fatal = rd_kafka_error_is_fatal(failed.get()) != 0;
    const bool abort = rd_kafka_error_txn_requires_abort(failed.get()) != 0;
    const bool again = !fatal && !abort && rd_kafka_error_is_retriable(failed.get()) != 0;
    if (!again || until.over()) {
      return {ending::unknown, "commit: " + text(failed), -1};
    }
    rd_kafka_poll(through.client(), until.slice_ms(milliseconds(20)));
  }
}

}  // namespace

std::vector<std::string> topics_of(const transaction& txn) {
  std::set<std::string> names;
  for (const auto& batch : txn.data) {
    names.insert(batch.topics.begin(), batch.topics.end());
  }
  return {names.begin(), names.end()};
}

transaction_end transact(producer& through, const transaction& txn, const patience& until,
                         const patience& commit_until) {
  if (const auto known = through.know(topics_of(txn), until); !known) {
    return {ending::nothing_begun, known.error().context, -1};
  }
  through.forget_deliveries();
  through.wire().transaction_begins();
  const kafka_error refused(rd_kafka_begin_transaction(through.client()));
  if (refused) {
    return {ending::not_committed, "begin: " + text(refused), -1};
  }
  if (const auto sent = send_all(through, txn, until); !sent) {
    return {ending::not_committed, sent.error().context, -1};
  }
  return commit(through, commit_until);
}

transaction_end deliver(producer& through, const transaction& txn, const patience& until) {
  through.forget_deliveries();
  result<void> sent = through.send_progress(txn.begin, until);
  if (sent) {
    sent = send_data(through, txn, until);
  }
  if (sent) {
    sent = through.settle(until);
  }
  if (sent) {
    sent = send_progress(through, txn, until);
  }
  if (sent) {
    sent = through.settle(until);
  }
  return sent ? transaction_end{ending::committed, {}, through.progress_offset()}
              : transaction_end{ending::not_committed, sent.error().context, -1};
}

}  // namespace oes
