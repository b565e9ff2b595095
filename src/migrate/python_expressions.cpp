// What expressions of a script stand for: the few that people write where options are made.
#include <iterator>

#include "config/quantity.hpp"
#include "migrate/python_names.hpp"
#include "migrate/python_string.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;

// A name that stands for itself, or names that double at every step, would be followed without an end.
constexpr std::size_t deepest_expression = 16;
constexpr std::size_t most_expression_work = 4UL * 1024 * 1024;  // bytes read and copied

error no_literal() { return untold("it is Python code, which is not run here"); }

const python_literal* member(const python_literal& of, const python_literal& key) {
  if (of.is == kind::list && key.is == kind::number) {
    const auto place = parse_integer(key.text);
    return place && *place >= 0 && *place < static_cast<std::int64_t>(of.items.size())
               ? &of.items[static_cast<std::size_t>(*place)]
               : nullptr;
  }
  if (of.is != kind::dict) return nullptr;
  for (std::size_t i = of.keys.size(); i-- > 0;) {
    if (of.keys[i].is == key.is && of.keys[i].text == key.text) return &of.items[i];
  }
  return nullptr;
}

std::size_t weight(const python_literal& of) {
  std::size_t out = sizeof(of) + of.text.size();
  for (const auto& key : of.keys) out += weight(key);
  for (const auto& item : of.items) out += weight(item);
  return out;
}

}  // namespace

result<python_literal> python_names::of_expression(std::string_view code, std::size_t place,
                                                   std::vector<std::string>& unread) {
  work_ += code.size();
  if (depth_ >= deepest_expression || work_ > most_expression_work) return untold("its names lead too far");
  ++depth_;
  auto out = of_parts(python_tokens(code), place, unread);
  --depth_;
  if (out) work_ += weight(*out);
  return out;
}

// a | b
result<python_literal> python_names::of_parts(const python_tokens& code, std::size_t place,
                                              std::vector<std::string>& unread) {
  python_literal merged;
  merged.is = kind::dict;
  const auto end = code.size() - 1;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= end; ++at) {
    if (code.opens(at) && code[at].partner != python_token::nowhere) at = code[at].partner;
    if (at != end && !code.is(at, "|")) continue;
    auto part = of_operand(code, begin, at, place, unread);
    if (!part || (begin == 0 && at == end)) return part;
    if (part->is != kind::dict) return no_literal();
    std::move(part->keys.begin(), part->keys.end(), std::back_inserter(merged.keys));
    std::move(part->items.begin(), part->items.end(), std::back_inserter(merged.items));
    begin = at + 1;
  }
  return merged;
}

// `common`, `jobs["nem"]`, `common.copy()`, `{…}`
result<python_literal> python_names::of_operand(const python_tokens& code, std::size_t first, std::size_t behind,
                                                std::size_t place, std::vector<std::string>& unread) {
  if (code[first].is == python_token::kind::string) return of_string(code, first, behind, place, unread);
  if (python_reader(code, first).at_dict()) {
    const auto value = read_python_literal(code.text(first, behind));
    return value && value->is == kind::dict ? result<python_literal>(resolved(*value, place, unread)) : no_literal();
  }
  if (!code.is_name(first)) return no_literal();
  auto out = look_up(code.text(first), place, unread);
  for (auto at = first + 1; out && at < behind;) {
    if (code.is(at, ".") && code.is(at + 1, "copy") && code.is(at + 2, "(") && code.is(at + 3, ")")) {
      at += 4;
      continue;
    }
    if (!code.is(at, "[") || code[at].partner == python_token::nowhere) return no_literal();
    const auto key = python_reader(code, at + 1).value();
    const auto* found = key ? member(*out, *key) : nullptr;
    if (found == nullptr) return no_literal();
    auto inner = *found;
    out = std::move(inner);
    at = code[at].partner + 1;
  }
  return out;
}

// f"/tmp/{network}/", ",".join(metrics)
result<python_literal> python_names::of_string(const python_tokens& code, std::size_t first, std::size_t behind,
                                               std::size_t place, std::vector<std::string>& unread) {
  python_literal out;
  out.is = kind::text;
  if (behind == first + 1) {
    const auto pieces = f_string_pieces(code.text(first));
    if (!pieces) return no_literal();
    for (const auto& piece : *pieces) {
      if (!piece.is_expression) {
        out.text += piece.text;
        continue;
      }
      const auto value = of_expression(piece.text, place, unread);
      if (!value || (value->is != kind::text && value->is != kind::number)) return no_literal();
      out.text += value->text;
    }
    return out;
  }
  const auto bracket = first + 3;
  const auto between = string_of(code.text(first));
  if (!between || has_expressions(code.text(first)) || !code.is(first + 1, ".") || !code.is(first + 2, "join") ||
      !code.is(bracket, "(") || code[bracket].partner + 1 != behind) {
    return no_literal();
  }
  auto list = python_reader(code, bracket + 1).value();
  if (!list) return no_literal();
  const auto known = resolved(*list, place, unread);
  if (known.is != kind::list) return no_literal();
  for (std::size_t i = 0; i < known.items.size(); ++i) {
    if (known.items[i].is != kind::text) return no_literal();
    out.text += (i == 0 ? "" : *between) + known.items[i].text;
  }
  return out;
}

}  // namespace oes
