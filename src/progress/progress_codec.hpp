#pragma once
// Progress values ↔ records of the progress topic. Pure; JSON, each with a format version.
//
// Keys: `begin`, `claim`, `credits`, `refusal`, `unexpected`; `|`, `%` and control bytes inside names are
// percent-encoded. Values: one compact JSON object with `v` (format version) and `sequence` first. Times are text with
// an offset, so that kcat shows what a person can read. Members and their months are in member_records.hpp, ends and
// head in head_record.hpp, the ledger's kinds in ledger_codec.hpp; unknown kinds are skipped. A value that is not JSON
// starts with one byte 1–31, the format version; an empty value is a tombstone. No record but a ledger's row (12 bytes
// a series) is larger than 16 KiB, whatever the history.
//
// Format 1 had one record a member, `progress|<stream>|<metric>`, with everything that is covered and every gap in it,
// and no head. It is read; the first claim writes it anew, and leaves tombstones.
#include <string>
#include <string_view>

#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"

namespace oes {

/// First record of every transaction (guarantee.md §4): makes a straggler's EndTxn fail the transaction it would tear.
progress_message encode_begin(std::int64_t sequence, std::string_view instance);
/// In the first transaction of a leadership: who leads now.
progress_message encode_claim(std::string_view instance, std::string_view host, std::int64_t generation,
                              std::int64_t sequence, std::int64_t last_version);

/// Left by an instance that knew more than Kafka holds, when it refused to go on.
progress_message encode_refusal(const standing_refusal& what, std::int64_t sequence);

/// What the deployment has spent of the API key's credit day.
progress_message encode_credits(const credit_use& use, std::int64_t sequence);

/// Folds one record into state and ledger: sequence and last_version rise to the record's. Unknown kinds of a known
/// format version are skipped; a newer format version is refused (errc::refused). Anything unreadable is errc::damaged,
/// and so is a sequence below the state's, since records come in the order of their offsets. On an error the state is
/// as it was.
result<void> apply_progress_record(progress_state& state, ledger_book& ledger, std::string_view key,
                                   std::string_view value);

/// Whether the state cannot be told without the record: one of another kind (a reason) that is damaged costs a warning.
bool state_needs(std::string_view key);

/// SHA-256 (hex) of a state's canonical form; equal states have equal hashes, whatever process wrote them. Topic and
/// form of the keys do not count: earlier releases know them not.
std::string hash_of(const progress_state& state);

}  // namespace oes
