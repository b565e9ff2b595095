#include "migrate/python_blocks.hpp"

#include <algorithm>
#include <array>

namespace oes {
namespace {

using token = python_token::kind;
using block_kind = python_block::kind;

// Blocks in blocks without an end, which nobody writes, would be walked through again and again.
constexpr std::size_t most_block_work = 16UL * 1024 * 1024;

bool line_ends(const python_tokens& tokens, std::size_t at) {
  return tokens[at].is == token::end || tokens[at].is == token::line_end || tokens.is(at, ";");
}

std::size_t place_in_line(const python_tokens& tokens, std::size_t at, std::string_view word) {
  while (!line_ends(tokens, at) && !tokens.is(at, word)) at = behind_piece(tokens, at);
  return at;
}

bool is_branch(const python_tokens& tokens, std::size_t at) {
  constexpr std::array words{"if", "elif", "else", "while", "except", "case"};
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return tokens.is(at, word); });
}

// From its first word; false: it has no body.
bool find_body(const python_tokens& tokens, python_block& block) {
  const auto colon = place_in_line(tokens, block.header, ":");
  if (!tokens.is(colon, ":")) return false;
  block.begin = block.end = colon + 1;
  if (tokens[block.begin].is != token::line_end) {
    while (tokens[block.end].is != token::end && tokens[block.end].is != token::line_end) ++block.end;
    return true;
  }
  const auto indent = tokens[block.header].indent;
  while (tokens[block.end].is != token::end &&
         (tokens[block.end].is == token::line_end || tokens[block.end].indent > indent)) {
    ++block.end;
  }
  return true;
}

bool is_left(const python_tokens& tokens, const python_block& loop) {
  for (auto at = loop.begin; at < loop.end; ++at) {
    if ((tokens.is(at, "continue") || tokens.is(at, "break")) && begins_statement(tokens, at)) return true;
  }
  return false;
}

}  // namespace

bool begins_statement(const python_tokens& tokens, std::size_t at) {
  return at == 0 || tokens[at - 1].is == token::line_end || tokens.is(at - 1, ";") || tokens.is(at - 1, ":") ||
         (tokens.is(at - 1, "async") && (tokens.is(at, "def") || tokens.is(at, "for")));
}

std::size_t behind_piece(const python_tokens& tokens, std::size_t at) {
  return tokens.opens(at) && tokens[at].partner != python_token::nowhere ? tokens[at].partner + 1 : at + 1;
}

python_blocks::python_blocks(const python_tokens& tokens) {
  find(tokens);
  std::stable_sort(blocks_.begin(), blocks_.end(),
                   [](const auto& a, const auto& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  nest(tokens.size());
}

void python_blocks::find(const python_tokens& tokens) {
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens.opens(at) && tokens[at].partner != python_token::nowhere) {
      open.push_back(at);
    } else if (!open.empty() && tokens[open.back()].partner == at) {
      open.pop_back();
    }
    if (!tokens.is_name(at)) continue;
    if (!open.empty()) {
      if (tokens.is(at, "for")) add_comprehension(tokens, at, open.back());
    } else if (begins_statement(tokens, at)) {
      python_block one;
      one.header = at;
      if (tokens.is(at, "def")) {
        add_function(tokens, at);
      } else if (tokens.is(at, "for")) {
        one.is = block_kind::loop;
        one.targets = at + 1;
        one.iterable = place_in_line(tokens, at, "in") + 1;
        add(tokens, std::move(one));
        if (!blocks_.empty() && blocks_.back().header == at)
          blocks_.back().is_filtered = is_left(tokens, blocks_.back());
      } else if (tokens.is(at, "class") || is_branch(tokens, at)) {
        one.is = tokens.is(at, "class") ? block_kind::type : block_kind::branch;
        add(tokens, std::move(one));
      }
    }
  }
}

void python_blocks::add(const python_tokens& tokens, python_block one) {
  if (work_ > most_block_work || !find_body(tokens, one)) return;
  work_ += one.end - one.header;
  blocks_.push_back(std::move(one));
}

void python_blocks::add_function(const python_tokens& tokens, std::size_t at) {
  python_block one;
  one.is = block_kind::function;
  one.header = at;
  one.name = at + 1;
  const auto bracket = at + 2;
  if (!tokens.is(bracket, "(") || tokens[bracket].partner == python_token::nowhere) return;
  auto is = python_parameter::kind::one;
  bool begins = true;
  for (auto place = bracket + 1; place < tokens[bracket].partner; place = behind_piece(tokens, place)) {
    if (tokens.is(place, ",")) {
      begins = true;
      is = python_parameter::kind::one;
    } else if (tokens.is(place, "*") && begins) {
      is = python_parameter::kind::rest;
    } else if (tokens.is(place, "**") && begins) {
      is = python_parameter::kind::named_rest;
    } else if (tokens.is_name(place) && begins) {
      one.parameters.push_back({is, place, 0});
      begins = false;
    } else if (tokens.is(place, "=") && !one.parameters.empty()) {
      one.parameters.back().otherwise = place + 1;
    }
  }
  add(tokens, std::move(one));
}

void python_blocks::add_comprehension(const python_tokens& tokens, std::size_t at, std::size_t bracket) {
  if (work_ > most_block_work) return;
  python_block one;
  one.is = block_kind::comprehension;
  one.header = at;
  one.begin = bracket + 1;
  one.end = tokens[bracket].partner;
  one.targets = at + 1;
  auto place = at + 1;
  while (place < one.end && !tokens.is(place, "in")) place = behind_piece(tokens, place);
  one.iterable = place + 1;
  for (; place < one.end; place = behind_piece(tokens, place), ++work_) {
    one.is_filtered = one.is_filtered || tokens.is(place, "if");
  }
  work_ += one.iterable - one.header;
  blocks_.push_back(std::move(one));
}

void python_blocks::nest(std::size_t size) {
  innermost_.assign(size, none);
  parents_.assign(blocks_.size(), none);
  std::vector<std::size_t> open;
  std::size_t next = 0;
  for (std::size_t at = 0; at < size; ++at) {
    while (!open.empty() && blocks_[open.back()].end <= at) open.pop_back();
    for (; next < blocks_.size() && blocks_[next].begin <= at; ++next) {
      parents_[next] = open.empty() ? none : open.back();
      if (blocks_[next].end > at) open.push_back(next);
    }
    if (!open.empty()) innermost_[at] = open.back();
  }
}

std::size_t python_blocks::up_to(std::size_t block, bool scopes) const {
  while (block != none && blocks_[block].is != block_kind::function &&
         !(scopes && blocks_[block].is == block_kind::comprehension)) {
    block = parents_[block];
  }
  return block;
}

std::size_t python_blocks::function_around(std::size_t place) const { return up_to(around(place), false); }
std::size_t python_blocks::scope_around(std::size_t place) const { return up_to(around(place), true); }
std::size_t python_blocks::scope_outside(std::size_t scope) const { return up_to(parents_[scope], true); }

std::vector<std::size_t> python_blocks::all_around(std::size_t place) const {
  std::vector<std::size_t> out;
  for (auto one = around(place); one != none; one = parents_[one]) out.push_back(one);
  std::reverse(out.begin(), out.end());
  return out;
}

bool python_blocks::is_method(std::size_t function) const {
  const auto parent = parents_[function];
  return parent != none && blocks_[parent].is == block_kind::type;
}

}  // namespace oes
