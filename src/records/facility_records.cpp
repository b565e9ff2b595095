#include "records/facility_records.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "records/avro_unit.hpp"
#include "records/fueltech_groups.hpp"
#include "records/json_text.hpp"
#include "records/unit_fields.hpp"

namespace oes {
namespace {

// The one row of the list's ledger.
constexpr network_time the_row{};
constexpr std::size_t too_few_to_judge = 10;

void append_text(std::string& to, std::string_view name, std::string_view text) {
  if (!text.empty()) append_json_member(to, name, text);
}

void append_number(std::string& to, std::string_view name, std::string_view number) {
  if (!number.empty()) to.append(",\"").append(name).append("\":").append(number);
}

template <std::size_t Count>
void append_fields(std::string& to, const std::array<unit_field, Count>& fields, const facility_unit& unit) {
  for (const auto& field : fields) {
    (field.number ? append_number : append_text)(to, field.name, unit.*field.value);
  }
}

// `{` and every field but those that move without the unit changing.
std::string content_of(const facility_unit& unit) {
  std::string out;
  append_fields(out, place_fields, unit);
  append_text(out, "fueltech_group", fueltech_group(unit.fueltech));
  append_fields(out, unit_fields, unit);
  out.front() = '{';
  return out;
}

std::string json_unit(const facility_unit& unit, utc_time fetched_at, std::int64_t version) {
  auto value = content_of(unit);
  append_fields(value, moving_fields, unit);
  append_text(value, "fetched_at", format_utc(fetched_at));
  append_number(value, "version", std::to_string(version));
  return value + "}";
}

series_labels labels_of(const facility_unit& unit) {
  return {{"facility_code", unit.facility_code}, {"unit_code", unit.unit_code}};
}

const std::string& facility_of(const series_labels& labels) { return labels.front().second; }

std::string key_of(const series_labels& labels) {
  std::string key = "v1|facility";
  for (const auto& [name, code] : labels) {
    key += '|';
    append_key_part(key, code);
  }
  return key;
}

void append_record(record_batch& to, const std::string& key, const std::string& value) {
  to.records.push_back({.offset = static_cast<std::uint32_t>(to.bytes.size()),
                        .value_size = static_cast<std::uint32_t>(value.size()),
                        .key_size = static_cast<std::uint16_t>(key.size()),
                        .topic = 0,
                        .tombstone = value.empty()});
  to.bytes.append(key).append(value);
}

// The image as it is looked up here: labels → series, series → cell.
struct known_units {
  std::map<series_labels, std::uint16_t> ids;
  std::map<std::uint16_t, ledger_cell> cells;
  std::uint16_t next = 0;

  explicit known_units(const ledger_image& image) {
    for (const auto& [id, labels] : image.dictionary) {
      ids.emplace(labels, id);
      next = std::max<std::uint16_t>(next, static_cast<std::uint16_t>(id + 1));
    }
    const auto row = image.rows.find(the_row);
    if (row == image.rows.end()) return;
    for (const auto& cell : row->second) cells.emplace(cell.series, cell);
  }
};

result<void> check_losses(std::size_t gone, std::size_t known) {
  if (known <= too_few_to_judge || 2 * gone <= known) return {};
  return error{errc::malformed, "the list of facilities has lost " + std::to_string(gone) + " of " +
                                    std::to_string(known) + " units: it is not believed"};
}

std::set<series_labels> labels_in(const facility_list& list) {
  std::set<series_labels> out;
  for (const auto& unit : list.units) out.insert(labels_of(unit));
  return out;
}

}  // namespace

result<void> check_losses(const facility_list& list, const facility_list& before) {
  const auto listed = labels_in(list);
  const auto known = labels_in(before);
  const auto gone =
      std::count_if(known.begin(), known.end(), [&](const series_labels& unit) { return !listed.contains(unit); });
  return check_losses(static_cast<std::size_t>(gone), known.size());
}

result<void> check_losses(const facility_list& list, const ledger_image& published) {
  const auto listed = labels_in(list);
  const known_units known(published);
  const auto gone = std::count_if(known.cells.begin(), known.cells.end(), [&](const auto& cell) {
    return !listed.contains(published.dictionary.at(cell.first));
  });
  return check_losses(static_cast<std::size_t>(gone), known.cells.size());
}

std::uint64_t content_hash(const facility_unit& unit) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : content_of(unit)) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash == 0 ? 1 : hash;
}

result<unit_changes> changes_of_units(const facility_list& list, const ledger_image& published, gone_units policy) {
  known_units known(published);
  unit_changes out;
  out.after.dictionary = published.dictionary;
  std::map<std::uint16_t, ledger_cell> listed;
  for (std::size_t i = 0; i < list.units.size(); ++i) {
    const auto labels = labels_of(list.units[i]);
    auto id = known.ids.find(labels);
    if (id == known.ids.end()) {
      if (known.next == std::numeric_limits<std::uint16_t>::max()) {
        return error{errc::too_large, "over 65,535 units in the list of facilities"};
      }
      id = known.ids.emplace(labels, known.next++).first;
      out.update.dictionary.push_back({id->second, labels});
      out.after.dictionary.emplace(id->second, labels);
    }
    const auto before = known.cells.find(id->second);
    ledger_cell cell{content_hash(list.units[i]), id->second, 0};
    if (before != known.cells.end()) cell.revision = before->second.revision;
    const bool same = before != known.cells.end() && before->second.value_hash == cell.value_hash;
    if (!same) out.published.push_back(i);
    if (!same && before != known.cells.end() && cell.revision < 0xFFFE) ++cell.revision;
    listed.emplace(cell.series, cell);
  }
  for (const auto& [id, cell] : known.cells) {
    if (listed.contains(id)) continue;
    const auto& labels = published.dictionary.at(id);
    if (policy == gone_units::left_as_they_are || list.may_have_left_out(facility_of(labels))) {
      listed.emplace(id, cell);
    } else {
      out.gone.push_back(labels);
    }
  }
  if (auto lost = check_losses(out.gone.size(), known.cells.size()); !lost) return lost.error();
  std::vector<ledger_cell> cells;
  cells.reserve(listed.size());
  for (const auto& [id, cell] : listed) cells.push_back(cell);
  if (!out.empty()) out.update.rows.push_back({the_row, cells});
  out.after.rows[the_row] = std::move(cells);
  return out;
}

record_batch build_unit_records(const facility_list& list, const unit_changes& changes, const std::string& topic,
                                version_counter& versions, std::optional<std::int32_t> avro_schema) {
  record_batch out;
  out.topics = {topic};
  for (const auto i : changes.published) {
    const auto& unit = list.units[i];
    const auto version = versions.next();
    const auto value = avro_schema ? avro_unit(unit, list.received_at, version, *avro_schema)
                                   : json_unit(unit, list.received_at, version);
    append_record(out, key_of(labels_of(unit)), value);
  }
  for (const auto& labels : changes.gone) append_record(out, key_of(labels), "");
  return out;
}

}  // namespace oes
