#include "progress/progress_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace oes::progress_json {
namespace {

error damaged(std::string context) { return {errc::damaged, std::move(context), {}, 0}; }

// model/time prints milliseconds; what is read back must be what was written.
std::string format_micro(utc_time t) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(t);
  auto digits = std::to_string((t - whole).count());
  digits.insert(0, 6 - digits.size(), '0');
  auto out = format_utc_seconds(t);
  out.pop_back();
  return out.append(".").append(digits).append("Z");
}

std::optional<network_time> read_time(const value& v, network net) {
  if (!v.IsString()) return std::nullopt;
  const auto parsed = parse_offset_time({v.GetString(), v.GetStringLength()});
  if (!parsed || parsed->offset != utc_offset(net)) return std::nullopt;
  return parsed->local;
}

std::optional<network_time> time_in(const value& object, const char* name, network net) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd()) return std::nullopt;
  return read_time(found->value, net);
}

value range_value(const time_range& r, network net, allocator& memory) {
  value out(rapidjson::kArrayType);
  out.PushBack(text(format(r.begin, utc_offset(net)), memory), memory);
  out.PushBack(text(format(r.end, utc_offset(net)), memory), memory);
  return out;
}

value gap_value(const gap& g, network net, allocator& memory) {
  value out(rapidjson::kObjectType);
  out.AddMember("from", text(format(g.range.begin, utc_offset(net)), memory), memory);
  out.AddMember("to", text(format(g.range.end, utc_offset(net)), memory), memory);
  out.AddMember("reason", text(g.reason, memory), memory);
  out.AddMember("found_at", text(format_micro(g.found_at), memory), memory);
  if (g.given_up_at) out.AddMember("given_up_at", text(format_micro(*g.given_up_at), memory), memory);
  return out;
}

value ranges_value(const range_set& set, network net, allocator& memory) {
  value out(rapidjson::kArrayType);
  for (const auto& r : set.ranges()) out.PushBack(range_value(r, net, memory), memory);
  return out;
}

value refresh_value(const refresh_mark& mark, network net, allocator& memory) {
  value out(rapidjson::kObjectType);
  out.AddMember("from", text(format(mark.asked.begin, utc_offset(net)), memory), memory);
  out.AddMember("to", text(format(mark.asked.end, utc_offset(net)), memory), memory);
  out.AddMember("republish", mark.republish, memory);
  out.AddMember("done", ranges_value(mark.done, net, memory), memory);
  return out;
}

// Only the very list that a range_set would write is accepted: ascending, disjoint, not touching.
std::optional<range_set> read_ranges(const value& object, const char* name, network net) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsArray()) return std::nullopt;
  range_set out;
  std::optional<network_time> last;
  for (const auto& pair : found->value.GetArray()) {
    if (!pair.IsArray() || pair.Size() != 2) return std::nullopt;
    const auto begin = read_time(pair[0], net);
    const auto end = read_time(pair[1], net);
    if (!begin || !end || *begin >= *end || (last && *begin <= *last)) return std::nullopt;
    out.add({*begin, *end});
    last = end;
  }
  return out;
}

std::optional<std::vector<gap>> read_gaps(const value& object, network net) {
  const auto found = object.FindMember("gaps");
  if (found == object.MemberEnd() || !found->value.IsArray()) return std::nullopt;
  std::vector<gap> out;
  for (const auto& one : found->value.GetArray()) {
    if (!one.IsObject()) return std::nullopt;
    const auto from = time_in(one, "from", net);
    const auto to = time_in(one, "to", net);
    const auto reason = text_in(one, "reason");
    const auto found_at = text_in(one, "found_at");
    const auto at = found_at ? parse_utc(*found_at) : std::nullopt;
    if (!from || !to || !reason || !at) return std::nullopt;
    const auto given_up_at = text_in(one, "given_up_at");
    const auto given_up = given_up_at ? parse_utc(*given_up_at) : std::nullopt;
    if (given_up_at && !given_up) return std::nullopt;
    out.push_back({{*from, *to}, *reason, *at, given_up});
  }
  return out;
}

// nullopt: damaged. Without the field there is no refresh under way.
std::optional<std::optional<refresh_mark>> read_refresh(const value& object, network net) {
  using absent = std::optional<refresh_mark>;
  const auto found = object.FindMember("refresh");
  if (found == object.MemberEnd()) return absent();
  if (!found->value.IsObject()) return std::nullopt;
  const auto from = time_in(found->value, "from", net);
  const auto to = time_in(found->value, "to", net);
  const auto republish = found->value.FindMember("republish");
  auto done = read_ranges(found->value, "done", net);
  if (!from || !to || !done || republish == found->value.MemberEnd() || !republish->value.IsBool()) return std::nullopt;
  return refresh_mark{{*from, *to}, republish->value.GetBool(), std::move(*done)};
}

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int deepest = 16;

bool write_sorted(const value& v, writer& out, int depth) {
  if (depth > deepest) return false;
  if (v.IsArray()) {
    out.StartArray();
    for (const auto& one : v.GetArray()) {
      if (!write_sorted(one, out, depth + 1)) return false;
    }
    return out.EndArray();
  }
  if (!v.IsObject()) return v.Accept(out);
  std::vector<std::pair<std::string_view, const value*>> members;
  members.reserve(v.MemberCount());
  for (const auto& m : v.GetObject())
    members.emplace_back(std::string_view(m.name.GetString(), m.name.GetStringLength()), &m.value);
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out.StartObject();
  for (const auto& [name, one] : members) {
    out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    if (!write_sorted(*one, out, depth + 1)) return false;
  }
  return out.EndObject();
}

bool is_leaf(const value& v) { return !v.IsArray() && !v.IsObject(); }

bool on_one_line(const value& v) {
  if (v.IsArray()) return std::all_of(v.Begin(), v.End(), is_leaf);
  return std::all_of(v.MemberBegin(), v.MemberEnd(), [](const auto& m) { return is_leaf(m.value); });
}

void write_pretty(const value& v, std::string& out, std::size_t indent) {
  if (is_leaf(v)) {
    out += compact(v);
    return;
  }
  const bool one_line = on_one_line(v);
  const std::string between = one_line ? " " : "\n" + std::string(indent + 2, ' ');
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ',';
    if (!first || !one_line) out += between;
    first = false;
  };
  out += v.IsArray() ? '[' : '{';
  if (v.IsArray()) {
    for (const auto& one : v.GetArray()) {
      separate();
      write_pretty(one, out, indent + 2);
    }
  } else {
    for (const auto& m : v.GetObject()) {
      separate();
      out += compact(m.name) + ": ";
      write_pretty(m.value, out, indent + 2);
    }
  }
  if (!one_line) out += "\n" + std::string(indent, ' ');
  out += v.IsArray() ? ']' : '}';
}

}  // namespace

result<rapidjson::Document> parse_object(std::string_view text) {
  rapidjson::Document out;
  // Iterative: a damaged file full of brackets must not overflow the stack.
  out.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (out.HasParseError()) return damaged("is not JSON, from byte " + std::to_string(out.GetErrorOffset()));
  if (!out.IsObject()) return damaged("is not a JSON object");
  return out;
}

value text(std::string_view s, allocator& memory) {
  return {s.data(), static_cast<rapidjson::SizeType>(s.size()), memory};
}

void put_member(value& object, const member_progress& member, allocator& memory) {
  const auto net = member.net;
  object.AddMember("identity", text(member.identity, memory), memory);
  object.AddMember("network", text(code(net), memory), memory);
  object.AddMember("start", text(format(member.start, utc_offset(net)), memory), memory);
  object.AddMember("position", text(format(member.position, utc_offset(net)), memory), memory);
  object.AddMember("ledger_from", text(format(member.ledger_from, utc_offset(net)), memory), memory);
  object.AddMember("covered", ranges_value(member.covered, net, memory), memory);
  value gaps(rapidjson::kArrayType);
  for (const auto& g : member.gaps) gaps.PushBack(gap_value(g, net, memory), memory);
  object.AddMember("gaps", gaps, memory);
  if (member.refresh) object.AddMember("refresh", refresh_value(*member.refresh, net, memory), memory);
}

result<member_progress> read_member(const value& object) {
  if (!object.IsObject()) return damaged("a stream's progress is not an object");
  member_progress out;
  const auto identity = text_in(object, "identity");
  if (!identity) return damaged("no identity");
  out.identity = *identity;
  const auto net = parse_network(text_in(object, "network").value_or(""));
  if (!net) return damaged("no known network");
  out.net = *net;
  const auto start = time_in(object, "start", *net);
  const auto position = time_in(object, "position", *net);
  const auto ledger_from = time_in(object, "ledger_from", *net);
  if (!start || !position || !ledger_from) {
    return damaged("start, position or ledger_from is not a time of " + std::string(code(*net)));
  }
  out.start = *start;
  out.position = *position;
  out.ledger_from = *ledger_from;
  auto covered = read_ranges(object, "covered", *net);
  if (!covered) return damaged("covered is not an ascending list of ranges");
  out.covered = std::move(*covered);
  auto gaps = read_gaps(object, *net);
  if (!gaps) return damaged("gaps is not a list of gaps");
  out.gaps = std::move(*gaps);
  auto refresh = read_refresh(object, *net);
  if (!refresh) return damaged("refresh is not a refresh under way");
  out.refresh = std::move(*refresh);
  return out;
}

std::optional<std::int64_t> count_in(const value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsInt64() || found->value.GetInt64() < 0) return std::nullopt;
  return found->value.GetInt64();
}

std::optional<std::string> text_in(const value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return std::nullopt;
  return std::string(found->value.GetString(), found->value.GetStringLength());
}

std::string compact(const value& v) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  v.Accept(out);
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<std::string> canonical(const value& v) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  if (!write_sorted(v, out, 0)) return std::nullopt;
  return std::string(buffer.GetString(), buffer.GetSize());
}

std::string pretty(const value& v) {
  std::string out;
  write_pretty(v, out, 0);
  return out;
}

}  // namespace oes::progress_json
