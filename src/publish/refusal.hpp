#pragma once
// What a record's failed delivery, or a failed transaction, means for the next try. Pure.
#include <librdkafka/rdkafka.h>

namespace oes {

enum class delivery_failure {
  passing,  ///< may go by itself: the broker is away, replicas are missing, the time was short
  refused,  ///< sending the same again is refused again: rights, size, the topic itself
  purged,   ///< innocent: dropped because another record, or the transaction, failed
};

delivery_failure meaning_of(rd_kafka_resp_err_t code);
/// Innocent, but of the topic that refuses: the broker found another record of the same batch invalid (KIP-467). That
/// one's own report comes with it, as a rule behind it.
bool shares_a_batch_with_the_culprit(rd_kafka_resp_err_t code);
/// A record, or a batch of them, is larger than its topic takes.
bool is_too_large(rd_kafka_resp_err_t code);

}  // namespace oes
