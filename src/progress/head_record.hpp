#pragma once
// The end of every transaction's progress records: how far the data topics were written before, and the head, which
// chains the transaction to all that came before it. Pure.
//
// `ends|<topic>` → JSON: format version, sequence, `offsets`: partition → the highest offset that earlier transactions
// wrote there. Written again only when it rose.
// `head` → JSON, always the transaction's last progress record: format version, sequence, last_version, generation,
// claim_owner, `chain`.
#include <string>
#include <string_view>

#include "model/batch.hpp"
#include "model/progress.hpp"

namespace oes {

/// SHA-256 (hex) over the chain before, as hex text, and over each progress record of a transaction in the order in
/// which they are produced, `begin` first: length of the key, key, length of the value, value (lengths: 8 bytes,
/// little-endian; a tombstone's value has none). `head`: the last record, without its chain.
std::string chain_of(std::string_view before, const transaction& txn, const progress_message& head);

/// The head as it is written; without `chain` while that is empty.
progress_message encode_head(const progress_state& state);
progress_message encode_ends(const std::string& topic, const partition_offsets& ends, std::int64_t sequence);

/// Puts `ends` records and the head after a transaction's other records. `after` carries sequence, last_version and
/// claim, and gets the chain that follows `before`'s. `recorded`: what Kafka's records say of the ends already.
void seal(transaction& txn, const progress_state& before, progress_state& after, const last_offsets& recorded);

}  // namespace oes
