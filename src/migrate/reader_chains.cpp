#include "migrate/reader_chains.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "migrate/reader_finder.hpp"
#include "migrate/replaced_options.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;
using step_kind = reader_step::kind;

constexpr std::string_view source_name = "openelectricity_stream";
constexpr std::size_t deepest_chain = 8;
constexpr std::size_t most_chains = 1'000;

bool is_same(const python_literal& a, const python_literal& b) {
  return a.is == b.is && a.truth == b.truth && a.text == b.text &&
         std::equal(a.keys.begin(), a.keys.end(), b.keys.begin(), b.keys.end(), is_same) &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), is_same);
}

class evaluation {
 public:
  evaluation(const python_tokens& tokens, python_names& names)
      : tokens_(tokens), names_(names), walks_(tokens, names), found_(find_readers(tokens, walks_, names.blocks())) {}

  found_chains run() {
    for (const auto& made : found_.made) {
      const auto frames = walks_.to(made.place);
      const auto first = out_.chains.size();
      for (const auto& frame : frames) {
        is_cut_ = is_cut_ || out_.chains.size() >= most_chains;
        if (is_cut_) break;
        evaluate(made, frame, frames.size() > 1, first);
      }
    }
    std::stable_sort(out_.chains.begin(), out_.chains.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    if (!out_.chains.empty()) tell_strays();
    if (!out_.chains.empty() && (is_cut_ || walks_.is_cut())) {
      out_.chains.front().unread.emplace_back("it makes more readers than are followed");
    }
    out_.taken = std::move(found_.taken);
    return std::move(out_);
  }

 private:
  enum class source { other, untold, ours };
  struct draft {
    reader_chain chain;
    source is = source::other;
    std::string format;  ///< where it cannot be told
  };

  void evaluate(const made_reader& made, const python_frame& frame, bool is_one_of_several, std::size_t first) {
    draft one;
    one.chain.options.is = kind::dict;
    one.chain.line = tokens_[made.place].line;
    apply(made, made.place, frame, one);
    if (one.is == source::untold && names_replaced_option(one.chain.options)) {
      one.chain.unread.push_back("format(" + one.format + "): whose reader it is cannot be told");
    } else if (one.is != source::ours) {
      return;
    }
    const auto function = names_.blocks().function_around(made.place);
    const auto call = frame.called_from.find(function);
    if (is_one_of_several && call != frame.called_from.end()) one.chain.line = tokens_[call->second].line;
    if (const auto line = line_of_if(made.place)) {
      one.chain.remarks.push_back("Whether this reader is made is decided in line " + std::to_string(*line) +
                                  " of that file: where it is not, leave the stream out.");
    }
    const bool known = std::any_of(
        out_.chains.begin() + static_cast<std::ptrdiff_t>(first), out_.chains.end(), [&](const reader_chain& before) {
          return is_same(before.options, one.chain.options) && before.unread == one.chain.unread;
        });
    if (!known) out_.chains.push_back(std::move(one.chain));
  }

  // But for `if __name__ == "__main__"`.
  [[nodiscard]] std::optional<std::size_t> line_of_if(std::size_t place) const {
    for (const auto index : names_.blocks().all_around(place)) {
      const auto& one = names_.blocks().all()[index];
      const auto is = [&](std::string_view word) { return tokens_.is(one.header, word); };
      const bool decides = is("if") || is("elif") || is("else") || is("case");
      if (decides && !tokens_.is(one.header + 1, "__name__")) return tokens_[one.header].line;
    }
    return std::nullopt;
  }

  // What is done to a reader up to a place, as it is seen from another, where the frame stands.
  void apply(const made_reader& made, std::size_t from, const python_frame& frame, draft& to) {
    const auto& reader = found_.all[made.reader];
    if (++depth_ > deepest_chain) {
      to.chain.unread.emplace_back("its functions lead too far");
      --depth_;
      return;
    }
    for (std::size_t i = 0; i < made.steps; ++i) {
      const auto& step = reader.steps[i];
      if (const auto branch = branch_between(step.place, from, reader.steps.front().place)) {
        to.chain.unread.push_back("line " + std::to_string(tokens_[step.place].line) + ": whether ." +
                                  printable(tokens_.text(step.place), longest_shown) +
                                  "(…) is set there is decided by code (line " + std::to_string(*branch) +
                                  "), which is not run here");
        continue;
      }
      for (const auto& turn : walks_.turns(step.place, from, frame)) apply(step, turn, to);
    }
    to.chain.unread.insert(to.chain.unread.end(), reader.lost.begin(), reader.lost.end());
    --depth_;
  }

  // The line of a branch, or of a function, around the step that is neither around the place from which it is seen nor
  // where it began.
  [[nodiscard]] std::optional<std::size_t> branch_between(std::size_t step, std::size_t from, std::size_t begin) const {
    const auto& blocks = names_.blocks();
    const auto seen = blocks.all_around(from);
    const auto began = blocks.all_around(begin);
    const auto holds = [](const auto& list, std::size_t one) {
      return std::find(list.begin(), list.end(), one) != list.end();
    };
    for (const auto one : blocks.all_around(step)) {
      const auto is = blocks.all()[one].is;
      const bool decides = is == python_block::kind::branch || is == python_block::kind::function;
      if (!decides || holds(seen, one) || holds(began, one)) continue;
      return tokens_[blocks.all()[one].header].line;
    }
    return std::nullopt;
  }

  void apply(const reader_step& step, const python_frame& frame, draft& to) {
    if (step.is == step_kind::call) {
      const auto returned = found_.returned.find(step.function);
      if (returned == found_.returned.end()) return;
      const auto inner = walks_.into(step.function, step.place, frame);
      apply(returned->second, returned->second.place, inner, to);
      to.chain.line = tokens_[step.place].line;
      return;
    }
    names_.enter(&frame);
    auto value = names_.resolved(step.value, step.place, to.chain.unread);
    names_.enter(nullptr);
    if (step.is == step_kind::format) return set_format(value, step.place, to);
    auto& options = to.chain.options;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      if (tokens_.is(step.place, "load") && value.keys[i].text == "format") {
        set_format(value.items[i], step.place, to);
      } else {
        options.keys.push_back(std::move(value.keys[i]));
        options.items.push_back(std::move(value.items[i]));
      }
    }
  }

  void set_format(const python_literal& value, std::size_t place, draft& to) {
    to.is = value.is == kind::code ? source::untold : value.text == source_name ? source::ours : source::other;
    to.format = printable(value.text, longest_shown);
    to.chain.line = tokens_[place].line;
  }

  // Options of the source that are set on what is not seen to be a reader: they would be lost without a word.
  void tell_strays() {
    for (const auto& stray : found_.strays) {
      std::vector<std::string> unread;
      const auto value = names_.resolved(stray.value, stray.place, unread);
      if (!names_replaced_option(value)) continue;
      out_.chains.front().unread.push_back("line " + std::to_string(tokens_[stray.place].line) + ": ." +
                                           printable(tokens_.text(stray.place), longest_shown) +
                                           "(…): on which reader it is set cannot be told");
    }
  }

  const python_tokens& tokens_;
  python_names& names_;
  python_walks walks_;
  found_readers found_;
  found_chains out_;
  bool is_cut_ = false;
  std::size_t depth_ = 0;
};

}  // namespace

found_chains find_reader_chains(const python_tokens& tokens, python_names& names) {
  return evaluation(tokens, names).run();
}

}  // namespace oes
