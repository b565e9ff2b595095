#include "progress/member_json.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace oes::progress_json {
namespace {

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
  if (!parsed || parsed->offset != utc_offset(net) || !is_plausible(parsed->local)) return std::nullopt;
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

value mark_value(const gap_mark& mark, allocator& memory) {
  value out(rapidjson::kObjectType);
  out.AddMember("reason", text(mark.reason, memory), memory);
  out.AddMember("found_at", text(format_micro(mark.found_at), memory), memory);
  if (mark.given_up_at) out.AddMember("given_up_at", text(format_micro(*mark.given_up_at), memory), memory);
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

std::optional<gap_mark> read_mark(const value& object) {
  if (!object.IsObject()) return std::nullopt;
  const auto reason = text_in(object, "reason");
  const auto found_at = parse_utc(text_in(object, "found_at").value_or(""));
  if (!reason || !found_at) return std::nullopt;
  const auto given_up_at = text_in(object, "given_up_at");
  const auto given_up = given_up_at ? parse_utc(*given_up_at) : std::nullopt;
  if (given_up_at && !given_up) return std::nullopt;
  return gap_mark{*reason, *found_at, given_up};
}

result<void> read_gaps(const value& object, network net, history_edit& to) {
  const auto found = object.FindMember("gaps");
  if (found == object.MemberEnd() || !found->value.IsArray()) return damaged("gaps is not a list of gaps");
  for (const auto& one : found->value.GetArray()) {
    const auto mark = read_mark(one);
    if (!mark) return damaged("gaps is not a list of gaps");
    const auto from = time_in(one, "from", net);
    const auto to_time = time_in(one, "to", net);
    if (!from || !to_time) return damaged("gaps is not a list of gaps");
    to.add_gap({{*from, *to_time}, mark->reason, mark->found_at, mark->given_up_at});
  }
  return {};
}

// nullopt: damaged. What an earlier release did not write is empty.
std::optional<std::string> added_text(const value& object, const char* name) {
  if (object.FindMember(name) == object.MemberEnd()) return "";
  return text_in(object, name);
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

}  // namespace

void put_member(value& object, const member_progress& member, allocator& memory) {
  const auto net = member.net;
  object.AddMember("identity", text(member.identity, memory), memory);
  object.AddMember("network", text(code(net), memory), memory);
  object.AddMember("start", text(format(member.start, utc_offset(net)), memory), memory);
  object.AddMember("position", text(format(member.position, utc_offset(net)), memory), memory);
  object.AddMember("ledger_from", text(format(member.ledger_from, utc_offset(net)), memory), memory);
  if (!member.topic.empty()) object.AddMember("topic", text(member.topic, memory), memory);
  if (!member.record_key.empty()) object.AddMember("record_key", text(member.record_key, memory), memory);
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
    return damaged("start, position or ledger_from is not a plausible time of " + std::string(code(*net)));
  }
  out.start = *start;
  out.position = *position;
  out.ledger_from = *ledger_from;
  const auto topic = added_text(object, "topic");
  const auto record_key = added_text(object, "record_key");
  if (!topic || !record_key) return damaged("topic or record_key is not a text");
  out.topic = *topic;
  out.record_key = *record_key;
  auto refresh = read_refresh(object, *net);
  if (!refresh) return damaged("refresh is not a refresh under way");
  out.refresh = std::move(*refresh);
  return out;
}

void put_month(value& object, const month_labels& labels, allocator& memory) {
  object.AddMember("labels", text(labels.text, memory), memory);
  if (labels.marks.empty()) return;
  value marks(rapidjson::kArrayType);
  for (const auto& mark : labels.marks) marks.PushBack(mark_value(mark, memory), memory);
  object.AddMember("marks", marks, memory);
}

result<month_labels> read_month(const value& object, std::chrono::year_month month) {
  if (!object.IsObject()) return damaged("a month is not an object");
  const auto labels = text_in(object, "labels");
  if (!labels) return damaged("no labels");
  std::vector<gap_mark> marks;
  const auto listed = object.FindMember("marks");
  if (listed != object.MemberEnd()) {
    if (!listed->value.IsArray() || listed->value.Size() > month_labels::most_marks) return damaged("wrong marks");
    for (const auto& one : listed->value.GetArray()) {
      auto mark = read_mark(one);
      if (!mark) return damaged("a mark without reason or time");
      marks.push_back(std::move(*mark));
    }
  }
  auto out = oes::read_month(*labels, std::move(marks), month);
  if (!out) return damaged("labels are not those of a month");
  return std::move(*out);
}

void put_months(value& object, const label_history& labels, allocator& memory, const sealed_list& except) {
  value months(rapidjson::kObjectType);
  for (const auto& [month, block] : labels.blocks()) {
    if (except.contains(month)) continue;
    value one(rapidjson::kObjectType);
    put_month(one, *block, memory);
    months.AddMember(text(month_name(month), memory), one, memory);
  }
  object.AddMember("months", months, memory);
}

value members_value(const progress_state& state, allocator& memory) {
  value members(rapidjson::kArrayType);
  for (const auto& [key, member] : state.members) {
    value one(rapidjson::kObjectType);
    one.AddMember("stream", text(key.first, memory), memory);
    one.AddMember("metric", text(key.second, memory), memory);
    put_member(one, member, memory);
    put_months(one, member.labels, memory);
    members.PushBack(one, memory);
  }
  return members;
}

result<label_history> read_months(const value& object) {
  const auto months = object.FindMember("months");
  if (months == object.MemberEnd() || !months->value.IsObject()) return damaged("no months");
  label_history out;
  for (const auto& one : months->value.GetObject()) {
    const auto month = parse_month({one.name.GetString(), one.name.GetStringLength()});
    if (!month) return damaged("months names something else");
    auto labels = read_month(one.value, *month);
    if (!labels) return labels.error();
    out.put(*month, std::move(*labels));
  }
  return out;
}

std::string month_name(std::chrono::year_month month) { return format(begin_of(month)).substr(0, 7); }

std::optional<std::chrono::year_month> parse_month(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  std::string first_day(text);
  first_day += "-01T00:00:00";
  const auto begin = parse_network_time(first_day);
  if (!begin) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(*begin));
  if (date.year() < std::chrono::year(1970) || date.year() >= std::chrono::year(2200)) return std::nullopt;
  return date.year() / date.month();
}

result<member_progress> read_first_member(const value& object) {
  auto out = read_member(object);
  if (!out) return out;
  const auto covered = read_ranges(object, "covered", out->net);
  if (!covered) return damaged("covered is not an ascending list of ranges");
  history_edit labels(out->labels);
  for (const auto& range : covered->ranges()) labels.cover(range);
  const auto gaps = read_gaps(object, out->net, labels);
  if (!gaps) return gaps.error();
  labels.finish();
  return out;
}

result<member_progress> read_whole_member(const value& object, std::int64_t format) {
  if (format == 1) return read_first_member(object);
  auto member = read_member(object);
  if (!member) return member;
  auto labels = read_months(object);
  if (!labels) return labels.error();
  member->labels = std::move(*labels);
  return member;
}

}  // namespace oes::progress_json
