#include "migrate/reader_chains.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace oes {
namespace {

using kind = python_literal::kind;
using token = python_token::kind;

constexpr std::string_view source_name = "openelectricity_stream";

struct open_chain {
  reader_chain chain;
  bool ours = false;
  bool went_on = false;  ///< in another statement, by its name
};

class finder {
 public:
  finder(const python_tokens& tokens, python_names& names) : tokens_(tokens), names_(names) {
    found_.taken.resize(tokens.size());
  }

  found_chains run() {
    while (tokens_[at_].is != token::end) {
      if (tokens_[at_].is == token::line_end || tokens_.is(at_, ";")) {
        end_statement();
        ++at_;
      } else if (tokens_.is(at_, ".") && tokens_.is_name(at_ + 1)) {
        ++at_;
        step();
      } else {
        begin();
        ++at_;
      }
    }
    end_statement();
    for (auto& [name, open] : readers_) {
      if (open.ours && !open.went_on) keep(std::move(open));
    }
    std::stable_sort(found_.chains.begin(), found_.chains.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(found_);
  }

 private:
  // `reader = …`, and what is done with a reader that has a name.
  void begin() {
    const bool first = at_ == 0 || tokens_[at_ - 1].is == token::line_end || tokens_.is(at_ - 1, ";");
    if (first) target_.clear();
    if (!tokens_.is_name(at_)) return;
    const auto known = readers_.find(tokens_.text(at_));
    if (first && (known != readers_.end() || tokens_.is(at_ + 1, "="))) target_ = tokens_.text(at_);
    if (known == readers_.end() || !tokens_.is(at_ + 1, ".")) return;
    known->second.went_on = true;
    open_ = known->second;
    open_->went_on = false;
  }

  void end_statement() {
    if (open_ && !target_.empty()) {
      readers_[target_] = std::move(*open_);
    } else if (open_ && open_->ours && !open_->chain.options.items.empty()) {
      keep(std::move(*open_));
    }
    open_.reset();
    target_.clear();
  }

  void keep(open_chain open) { found_.chains.push_back(std::move(open.chain)); }

  // At the name behind a dot.
  void step() {
    const auto name = tokens_.text(at_);
    const auto place = at_++;
    if (name == "readStream" || name == "read") {
      open_.emplace();
      open_->chain.options.is = kind::dict;
      open_->chain.line = tokens_[place].line;
    } else if (name == "writeStream" || name == "write") {
      open_.reset();
    } else if (tokens_.is(at_, "(") && (name == "format" || name == "option" || name == "options" || name == "load")) {
      call(name, place);
    }
  }

  void call(std::string_view name, std::size_t place) {
    python_reader reader(tokens_, at_);
    auto arguments = reader.arguments();
    if (!arguments) {
      if (open_ && name != "format") open_->chain.unread.push_back("." + std::string(name) + "(…): it cannot be read");
      return;
    }
    if (name == "format") return format(*arguments, place, reader.position());
    if (!open_) return;
    take_until(reader.position());
    if (name == "option") return option(std::move(*arguments), place);
    options(std::move(*arguments), place);
    if (name != "load") return;
    if (open_->ours) keep(std::move(*open_));
    open_.reset();
  }

  void take_until(std::size_t behind) {
    for (; at_ < behind; ++at_) found_.taken[at_] = true;
  }

  void format(const python_arguments& arguments, std::size_t place, std::size_t behind) {
    std::vector<std::string> ignored;
    const auto& given = arguments.values.empty() ? arguments.named.items : arguments.values;
    const bool ours = given.size() == 1 && names_.resolved(given.front(), place, ignored).text == source_name;
    if (!open_ && !ours) return;
    if (!open_) open_.emplace();
    open_->chain.options.is = kind::dict;
    open_->ours = ours;
    if (ours) open_->chain.line = tokens_[place].line;
    take_until(behind);
  }

  void option(python_arguments arguments, std::size_t place) {
    auto& given = arguments.values;
    std::move(arguments.named.items.begin(), arguments.named.items.end(), std::back_inserter(given));  // key=, value=
    if (given.size() == 2) {
      add(std::move(given[0]), std::move(given[1]), place);
    } else {
      open_->chain.unread.emplace_back(".option(…): it has no name and value");
    }
  }

  void options(python_arguments arguments, std::size_t place) {
    auto& named = arguments.named;
    for (std::size_t i = 0; i < named.items.size(); ++i) {
      if (named.keys[i].text == "format" && named.items[i].text == source_name) {
        open_->ours = true;
      } else {
        add(std::move(named.keys[i]), std::move(named.items[i]), place);
      }
    }
  }

  void add(python_literal key, python_literal value, std::size_t place) {
    auto& chain = open_->chain;
    const auto& from = key.is_unpacking() ? value : key;
    if (from.is == kind::code && names_.is_handed_over(from.text)) chain.is_handed_options = true;
    python_literal one;
    one.is = kind::dict;
    one.keys.push_back(std::move(key));
    one.items.push_back(std::move(value));
    auto read = names_.resolved(one, place, chain.unread);
    std::move(read.keys.begin(), read.keys.end(), std::back_inserter(chain.options.keys));
    std::move(read.items.begin(), read.items.end(), std::back_inserter(chain.options.items));
  }

  const python_tokens& tokens_;
  python_names& names_;
  std::size_t at_ = 0;
  found_chains found_;
  std::optional<open_chain> open_;
  std::string target_;  ///< the name that this statement gives a value
  std::map<std::string, open_chain, std::less<>> readers_;
};

}  // namespace

found_chains find_reader_chains(const python_tokens& tokens, python_names& names) {
  return finder(tokens, names).run();
}

}  // namespace oes
