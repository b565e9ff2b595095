#pragma once
// PORT: where transactions go, and who may write them.
#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/batch.hpp"
#include "model/error.hpp"

namespace oes {

using property_pairs = std::vector<std::pair<std::string, std::string>>;

enum class client_renewal {
  credentials,  ///< the clients stay and learn them
  clients,      ///< new ones are made
};

class publisher {
 public:
  virtual ~publisher() = default;

  /// Waits, for as long as it takes, until this process is the deployment's one writer: it holds the progress partition
  /// and a producer whose init has fenced predecessors and ended their transactions. Kafka being away, or a right
  /// that is missing, is not an error here but a reason to go on trying (waits_for). Errors: kafka_refused (settings),
  /// kafka_unavailable (not even a client can be made just now), fenced (only with standby: false), stopped.
  virtual boost::asio::awaitable<result<void>> lead() = 0;

  /// What a transaction may be sent under now: as of the last answer of lead() or publish(). Whoever goes
  /// on after the producer has changed reads the progress topic to its end and compares *after* asking this.
  [[nodiscard]] virtual authority current_authority() const = 0;

  /// One transaction, under the authority that it names. Value: it is committed. Errors, with exactly_once:
  /// - not_committed: nothing of it is visible. It may be sent again.
  /// - not_begun: nothing of it was sent, since the producer is another than the named one (replaced after a doubt, or
  ///   since it was idle): the topic is read and compared, then the same may be sent.
  /// - kafka_unavailable: nothing of it was sent, for want of a producer.
  /// - kafka_refused: nothing of it is visible, and it would be refused again; `topic` says whose fault it is, if
  /// known.
  /// - too_large: nothing of it is visible, and the progress topic (`topic`) takes no record that is as large as one of
  ///   its own; others may pass. Without a topic: Kafka took a part of the data in time (kafka.message_timeout).
  /// - refused: nothing of it is visible, and Kafka lost what it had.
  /// - outcome_unknown: this process still leads, and a new producer's init has ended the transaction one way or the
  ///   other: the progress topic tells which.
  /// - fenced: this process leads no more, for the reason in the context; what became of the transaction the progress
  ///   topic tells after the next lead().
  /// - stopped: resign() was called meanwhile; the next leader settles it.
  /// With at_least_once records of a failed one may be there, and come again.
  /// The caller keeps `txn` alive until this returns; payloads are not copied. Runs to its own deadline: not
  /// cancellable.
  virtual boost::asio::awaitable<result<commit_receipt>> publish(const transaction& txn) = 0;

  /// Why lead() has not led for longer than it takes to join: in the broker's own words where it gave any. Empty: it
  /// has only just begun, or another instance leads, or this one does.
  [[nodiscard]] virtual std::string waits_for() const = 0;

  /// Completes when leadership is lost (revoked, fenced, session lost) after lead() returned. Cancellable.
  virtual boost::asio::awaitable<void> lost() = 0;

  /// Other properties for librdkafka, from now on. Credentials are handed to the clients there are. What a client reads
  /// once, such as a certificate, needs other clients: who leads loses it (lost()), who waits joins anew.
  virtual void renew(property_pairs properties, client_renewal how) = 0;

  /// Leaves the group and closes the producer, within a few seconds even where Kafka is silent. May be called while
  /// lead() or publish() runs: lead() ends with stopped, publish() within about two seconds. lead() may be called again
  /// afterwards.
  virtual boost::asio::awaitable<void> resign() = 0;
};

}  // namespace oes
