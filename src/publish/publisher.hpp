#pragma once
// PORT: where transactions go, and who may write them.
#include <boost/asio/awaitable.hpp>

#include "model/batch.hpp"
#include "model/error.hpp"

namespace oes {

class publisher {
 public:
  virtual ~publisher() = default;

  /// Waits, for as long as it takes, until this process is the deployment's one writer: it holds the progress partition
  /// and a producer whose init has fenced predecessors and settled their transactions. Kafka being away is not an
  /// error here but a reason to go on trying. Errors: kafka_refused, fenced (only with standby: false), stopped.
  virtual boost::asio::awaitable<result<void>> lead() = 0;

  /// One transaction. Value: committed, clean. fenced: another leads, nothing visible. not_committed: known not to be
  /// visible, the producer has been replaced, the same content may be sent again under a new sequence.
  /// outcome_unknown: the producer has been replaced (its init settled the outcome); read the progress topic.
  /// The caller keeps `txn` alive until this returns; payloads are not copied. Runs to its own deadline: not
  /// cancellable.
  virtual boost::asio::awaitable<result<commit_receipt>> publish(const transaction& txn) = 0;

  /// Completes when leadership is lost (revoked, fenced, session lost) after lead() returned. Cancellable.
  virtual boost::asio::awaitable<void> lost() = 0;

  /// Leaves the group and closes the producer, within a few seconds. lead() may be called again afterwards.
  virtual boost::asio::awaitable<void> resign() = 0;
};

}  // namespace oes
