#include "chaos/proxy/orders.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace oes::chaos {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

using words = std::map<std::string, std::string>;

int number(const words& from, const std::string& name, int otherwise) {
  const auto found = from.find(name);
  return found == from.end() ? otherwise : std::atoi(found->second.c_str());
}

std::string text(const words& from, const std::string& name) {
  const auto found = from.find(name);
  return found == from.end() ? std::string() : found->second;
}

std::optional<link_mode> mode_of(const std::string& word) {
  static const std::map<std::string, link_mode> known{{"silent", link_mode::silent},
                                                      {"slow", link_mode::slow},
                                                      {"delay", link_mode::delay},
                                                      {"refuse", link_mode::refuse}};
  const auto found = known.find(word);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

std::optional<rule_action> action_of(const std::string& word) {
  static const std::map<std::string, rule_action> known{{"hold", rule_action::hold},
                                                        {"drop", rule_action::drop},
                                                        {"lose_answer", rule_action::lose_answer},
                                                        {"delay", rule_action::delay},
                                                        {"release", rule_action::release}};
  const auto found = known.find(word);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

bool fill_link(command& c, const std::string& word, const words& rest, clock::time_point now) {
  const auto mode = mode_of(word);
  if (!mode) return false;
  link_order order{c.id, *mode, c.whom, clock::time_point::max(), milliseconds(number(rest, "lag", 0)), 0};
  if (const auto span = number(rest, "for", 0); span > 0) order.until = now + milliseconds(span);
  order.bytes_per_s = number(rest, "rate", 0);
  c.link = order;
  return true;
}

bool fill_rule(command& c, const std::string& word, const words& rest) {
  const auto action = action_of(word);
  if (!action) return false;
  c.rule = rule_order{c.id,
                      *action,
                      c.whom,
                      number(rest, "key", -1),
                      number(rest, "skip", 0),
                      number(rest, "times", 1),
                      milliseconds(number(rest, "for", 0)),
                      text(rest, "of")};
  return true;
}

}  // namespace

bool target::covers(const std::string& client_id, int at_node) const {
  if (node != 0 && node != at_node) return false;
  return std::ranges::any_of(
      match, [&](const std::string& part) { return part == "*" || client_id.find(part) != std::string::npos; });
}

std::optional<command> parse(const std::string& line, clock::time_point now) {
  const auto parts = split(line, ' ');
  if (parts.size() < 2) return std::nullopt;
  command c{parts[0], parts[1], {}, {}, {}};
  const bool with_kind = c.verb == "link" || c.verb == "rule";
  if (with_kind && parts.size() < 3) return std::nullopt;
  words rest;
  for (std::size_t i = with_kind ? 3 : 2; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string::npos) return std::nullopt;
    rest[parts[i].substr(0, equals)] = parts[i].substr(equals + 1);
  }
  c.whom = {split(text(rest, "match"), ','), number(rest, "node", 0)};
  if (c.verb == "link" && !fill_link(c, parts[2], rest, now)) return std::nullopt;
  if (c.verb == "rule" && !fill_rule(c, parts[2], rest)) return std::nullopt;
  return c;
}

void order_book::add(const command& c) {
  if (c.link) links_.push_back(*c.link);
  if (c.rule) rules_.push_back(*c.rule);
}

void order_book::clear(const std::string& id) {
  std::erase_if(links_, [&](const link_order& order) { return order.id == id; });
  std::erase_if(rules_, [&](const rule_order& order) { return order.id == id; });
}

std::optional<rule_order> order_book::rule_for(const std::string& client_id, int node, int key) {
  for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
    if (rule->key != key || !rule->whom.covers(client_id, node)) continue;
    if (rule->skip > 0) {
      --rule->skip;
      continue;
    }
    const rule_order now = *rule;
    if (--rule->times <= 0) rules_.erase(rule);
    return now;
  }
  return std::nullopt;
}

const link_order* order_book::find(link_mode mode, const std::string& client_id, int node,
                                   clock::time_point now) const {
  for (const auto& order : links_) {
    if (order.mode == mode && now < order.until && order.whom.covers(client_id, node)) return &order;
  }
  return nullptr;
}

bool order_book::silent(const std::string& client_id, int node, clock::time_point now) const {
  return find(link_mode::silent, client_id, node, now) != nullptr;
}

bool order_book::refused(const std::string& client_id, int node, clock::time_point now) const {
  return find(link_mode::refuse, client_id, node, now) != nullptr;
}

milliseconds order_book::wait_of(const std::string& client_id, int node, std::size_t bytes,
                                 clock::time_point now) const {
  milliseconds wait{0};
  if (const auto* late = find(link_mode::delay, client_id, node, now)) wait += late->span;
  if (const auto* slow = find(link_mode::slow, client_id, node, now); slow != nullptr && slow->bytes_per_s > 0) {
    wait += milliseconds(static_cast<long>(static_cast<double>(bytes) * 1000 / slow->bytes_per_s));
  }
  return wait;
}

void order_book::forget_over(clock::time_point now) {
  std::erase_if(links_, [&](const link_order& order) { return now >= order.until; });
}

}  // namespace oes::chaos
