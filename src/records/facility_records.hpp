#pragma once
// The list of facilities as records: one a unit, published when it changes (records.md §8). Pure.
//
// What was published of a unit is remembered in a ledger of its own: a series for each (facility_code, unit_code), and
// a single row of the hashes of their contents.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"
#include "model/ledger.hpp"
#include "records/record_builder.hpp"

namespace oes {

/// Under this the ledger of the list is kept. No stream has such a name, and no progress member either. Another topic
/// has published nothing yet.
inline member_key facility_list_key(const std::string& topic) { return {"facilities list", topic}; }

/// 64 bits that are equal for equal contents, never 0. `data_last_seen` and the highest generation so far do not count:
/// they move with every reading of a unit, and would publish the whole list each time.
std::uint64_t content_hash(const facility_unit& unit);

/// What a list changes.
struct unit_changes {
  std::vector<std::size_t> published;  ///< units of the list that are new or have another content
  std::vector<series_labels> gone;     ///< published before and no longer listed: a tombstone for each
  ledger_update update;                ///< what the progress topic must learn, under facility_list_key()
  ledger_image after;                  ///< what has been published then
  [[nodiscard]] bool empty() const { return published.empty() && gone.empty(); }
};

enum class gone_units { forgotten, left_as_they_are };

/// Error: malformed, where more than half of the units that were listed before, or published, are gone at once: rather
/// a broken list than the end of so many power stations.
result<void> check_losses(const facility_list& list, const facility_list& before);
result<void> check_losses(const facility_list& list, const ledger_image& published);

/// Where units are forgotten, those that may be among the entries that the list has left out are not. Error: malformed,
/// as above.
result<unit_changes> changes_of_units(const facility_list& list, const ledger_image& published, gone_units policy);

/// One record for each published unit, then the tombstones. `avro_schema`: the id of the schema; none: JSON.
record_batch build_unit_records(const facility_list& list, const unit_changes& changes, const std::string& topic,
                                version_counter& versions, std::optional<std::int32_t> avro_schema = {});

}  // namespace oes
