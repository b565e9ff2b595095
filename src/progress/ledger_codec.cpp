#include "progress/ledger_codec.hpp"

#include <charconv>
#include <string>

#include "model/time.hpp"
#include "progress/progress_format.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"

namespace oes {
namespace {

namespace json = progress_json;

constexpr std::size_t row_head = 1 + 8;
constexpr std::size_t cell_size = 2 + 8 + 2;

template <typename T>
void put(std::string& out, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>((number >> (8 * i)) & 0xFFU);
}

template <typename T>
T get(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return static_cast<T>(number);
}

std::string row_key(const member_key& member, network_time label) {
  return join_key("ledger", {member.first, member.second, format(label)});
}

std::string dictionary_key(const member_key& member, std::uint16_t series) {
  return join_key("dictionary", {member.first, member.second, std::to_string(series)});
}

std::string row_value(const ledger_row& row, std::int64_t sequence) {
  std::string out;
  out.reserve(row_head + row.cells.size() * cell_size);
  out += static_cast<char>(progress_format);
  put(out, static_cast<std::uint64_t>(sequence));
  for (const auto& cell : row.cells) {
    put(out, cell.series);
    put(out, cell.value_hash);
    put(out, cell.revision);
  }
  return out;
}

std::string dictionary_value(const series_labels& labels, std::int64_t sequence) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", sequence, memory);
  json::value named(rapidjson::kObjectType);
  for (const auto& [name, value] : labels) named.AddMember(json::text(name, memory), json::text(value, memory), memory);
  record.AddMember("labels", named, memory);
  return json::compact(record);
}

error damaged(const std::vector<std::string>& parts, std::string_view what) {
  std::string key;
  for (const auto& part : parts) key += (key.empty() ? "" : "|") + part;
  return {errc::damaged, "progress record '" + key + "' " + std::string(what)};
}

std::optional<std::uint16_t> series_in(std::string_view text) {
  std::uint16_t series = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), series);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return series;
}

result<std::int64_t> apply_row(ledger_image& image, const std::vector<std::string>& parts, std::string_view value) {
  const auto label = parse_network_time(parts[3]);
  if (!label || !is_plausible(*label)) return damaged(parts, "does not name a plausible label");
  if (value.empty()) {
    image.rows.erase(*label);
    return 0;
  }
  const auto version = static_cast<unsigned char>(value.front());
  if (version == 0 || version > 31) return damaged(parts, "is not a known binary form");
  if (version > progress_format) return newer_format("ledger row", version);
  if (value.size() < row_head || (value.size() - row_head) % cell_size != 0)
    return damaged(parts, "has a wrong length");
  std::vector<ledger_cell> cells;
  cells.reserve((value.size() - row_head) / cell_size);
  for (auto rest = value.substr(row_head); !rest.empty(); rest.remove_prefix(cell_size)) {
    cells.push_back(
        {get<std::uint64_t>(rest.substr(2)), get<std::uint16_t>(rest), get<std::uint16_t>(rest.substr(10))});
  }
  const auto sequence = get<std::int64_t>(value.substr(1));
  if (sequence <= 0) return damaged(parts, "has no sequence");
  image.rows[*label] = std::move(cells);
  return sequence;
}

result<std::int64_t> apply_entry(ledger_image& image, const std::vector<std::string>& parts, std::string_view value) {
  const auto series = series_in(parts[3]);
  if (!series) return damaged(parts, "does not name a series id");
  if (value.empty()) {
    image.dictionary.erase(*series);
    return 0;
  }
  const auto record = json::parse_object(value);
  if (!record) return damaged(parts, record.error().context);
  const auto version = json::count_in(*record, "v").value_or(0);
  if (version > progress_format) return newer_format("dictionary entry", version);
  const auto sequence = json::count_in(*record, "sequence");
  const auto labels = record->FindMember("labels");
  if (version == 0 || !sequence || labels == record->MemberEnd() || !labels->value.IsObject()) {
    return damaged(parts, "lacks version, sequence or labels");
  }
  series_labels named;
  for (const auto& one : labels->value.GetObject()) {
    if (!one.value.IsString()) return damaged(parts, "has a label that is not text");
    named.emplace_back(std::string(one.name.GetString(), one.name.GetStringLength()),
                       std::string(one.value.GetString(), one.value.GetStringLength()));
  }
  image.dictionary[*series] = std::move(named);
  return *sequence;
}

}  // namespace

std::vector<progress_message> encode_ledger(const ledger_update& update, std::int64_t sequence) {
  std::vector<progress_message> out;
  out.reserve(update.dictionary.size() + update.rows.size() + update.forgotten.size());
  for (const auto& entry : update.dictionary) {
    out.push_back({dictionary_key(update.member, entry.series), dictionary_value(entry.labels, sequence)});
  }
  for (const auto& row : update.rows) out.push_back({row_key(update.member, row.label), row_value(row, sequence)});
  for (const auto label : update.forgotten) out.push_back({row_key(update.member, label), ""});
  return out;
}

std::vector<progress_message> forget_ledger(const member_key& member, const ledger_image& image) {
  std::vector<progress_message> out;
  for (const auto& [label, cells] : image.rows) out.push_back({row_key(member, label), ""});
  for (const auto& [series, labels] : image.dictionary) out.push_back({dictionary_key(member, series), ""});
  return out;
}

bool is_ledger_kind(std::string_view kind) { return kind == "ledger" || kind == "dictionary"; }

result<std::int64_t> apply_ledger_record(ledger_book& book, const std::vector<std::string>& parts,
                                         std::string_view value) {
  if (parts.size() != 4) return damaged(parts, "does not name stream, metric and label or series");
  const member_key member{parts[1], parts[2]};
  auto& image = book[member];
  auto applied = parts[0] == "ledger" ? apply_row(image, parts, value) : apply_entry(image, parts, value);
  if (image.rows.empty() && image.dictionary.empty()) book.erase(member);
  return applied;
}

}  // namespace oes
