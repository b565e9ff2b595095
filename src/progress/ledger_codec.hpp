#pragma once
// The ledger's records on the progress topic. Pure.
//
// `dictionary|<stream>|<metric>|<series id>` → JSON: format version, sequence, the series' labels.
// `ledger|<stream>|<metric>|<label>` → one byte format version, 8 bytes sequence, then 12 bytes a series: id (2), hash
// of the value (8), revision (2), all little-endian. A tombstone: the label is no longer compared.
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"

namespace oes {

/// Dictionary first, then rows, then tombstones.
std::vector<progress_message> encode_ledger(const ledger_update& update, std::int64_t sequence);
/// Tombstones for all that is kept of a member (reset, rename).
std::vector<progress_message> forget_ledger(const member_key& member, const ledger_image& image);

/// Whether `kind`, the first part of a key, is one of the two above.
bool is_ledger_kind(std::string_view kind);
/// Folds one record in; its sequence, 0 for a tombstone. `parts` is the key, split. Errors: damaged, refused (a newer
/// format).
result<std::int64_t> apply_ledger_record(ledger_book& book, const std::vector<std::string>& parts,
                                         std::string_view value);

}  // namespace oes
