#include "migrate/python_sharing.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace oes {
namespace {

using change = python_binding::change;

constexpr auto nowhere = static_cast<std::size_t>(-1);
// More are not looked at: what they change is unclear from the first place on.
constexpr std::size_t most_seen = 50;

class sharing {
 public:
  sharing(const python_tokens& tokens, const python_blocks& blocks, python_bindings& bindings)
      : tokens_(tokens), blocks_(blocks), bindings_(bindings) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      if (tokens.is_name(at) && bindings.contains(tokens.text(at))) last_[tokens.text(at)] = at;
    }
  }

  void run() {
    find_names();
    find_loops();
    find_calls();
    for (const auto& [name, place] : unclear_) {
      auto& all = bindings_.find(name)->second;
      python_binding one;
      one.is = change::unclear;
      one.name = one.place = place;
      one.behind = place + 1;
      one.line = tokens_[place].line;
      one.indent = tokens_[place].indent;
      all.push_back(std::move(one));
    }
    for (auto it = unclear_.begin(); it != unclear_.end(); it = unclear_.lower_bound({it->first, nowhere})) {
      auto& all = bindings_.find(it->first)->second;
      std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    }
  }

 private:
  [[nodiscard]] bool is_in_place(const python_binding& one) const {
    const bool is_member = tokens_.is(one.name + 1, ".") || tokens_.is(one.name + 1, "[");
    return one.is == change::item_set || one.is == change::updated || (one.is == change::unclear && is_member);
  }

  // Each place between two where what a name stands for is changed, in the function that is around the first.
  template <class Tell>
  void changes_of(std::string_view name, std::size_t first, std::size_t behind, Tell tell) const {
    const auto found = bindings_.find(name);
    if (found == bindings_.end()) return;
    const auto& all = found->second;
    const auto begin = std::lower_bound(all.begin(), all.end(), first,
                                        [](const auto& one, std::size_t place) { return one.name < place; });
    std::size_t seen = 0;
    for (auto it = begin; it != all.end() && it->name < behind; ++it) {
      const auto& one = *it;
      if (++seen > most_seen) return tell(first);
      if (blocks_.function_around(one.name) != blocks_.function_around(first)) continue;
      if (one.is == change::assigned) return;
      if (is_in_place(one)) tell(one.name);
    }
  }

  void unclear(std::string_view name, std::size_t place) {
    const auto last = last_.find(name);
    if (last != last_.end() && last->second > place) unclear_.emplace(name, place);
  }

  // other = name
  void find_names() {
    for (const auto& [name, all] : bindings_) {
      for (const auto& one : all) {
        if (one.is != change::assigned || one.behind != one.place + 1 || !tokens_.is_name(one.place)) continue;
        const auto other = tokens_.text(one.place);
        changes_of(name, one.behind, tokens_.size(), [&](std::size_t at) { unclear(other, at); });
        changes_of(other, one.behind, tokens_.size(),
                   [&, own = std::string_view(name)](std::size_t at) { unclear(own, at); });
      }
    }
  }

  // for job in jobs: job[…] = …
  void find_loops() {
    for (const auto& block : blocks_.all()) {
      if (block.is != python_block::kind::loop || !tokens_.is_name(block.iterable)) continue;
      const auto jobs = tokens_.text(block.iterable);
      for (auto at = block.targets; at + 1 < block.iterable; ++at) {
        if (!tokens_.is_name(at)) continue;
        changes_of(tokens_.text(at), block.begin, block.end, [&](std::size_t place) { unclear(jobs, place); });
      }
    }
  }

  // Whatever is handed to a function that changes what it is handed.
  void find_calls() {
    std::set<std::string_view> functions;
    for (const auto& block : blocks_.all()) {
      for (const auto& one : block.parameters) {
        changes_of(tokens_.text(one.place), block.begin, block.end,
                   [&](std::size_t) { functions.insert(tokens_.text(block.name)); });
      }
    }
    for (std::size_t at = 1; at < tokens_.size() && !functions.empty(); ++at) {
      const bool is_call = tokens_.is_name(at) && tokens_.is(at + 1, "(") && !tokens_.is(at - 1, "def");
      if (!is_call || !functions.contains(tokens_.text(at))) continue;
      const auto end = behind_piece(tokens_, at + 1);
      for (auto place = at + 2; place < end; place = behind_piece(tokens_, place)) {
        const bool begins = tokens_.is(place - 1, "(") || tokens_.is(place - 1, ",") || tokens_.is(place - 1, "=");
        const bool ends = tokens_.is(place + 1, ")") || tokens_.is(place + 1, ",");
        if (tokens_.is_name(place) && begins && ends) unclear(tokens_.text(place), place);
      }
    }
  }

  const python_tokens& tokens_;
  const python_blocks& blocks_;
  python_bindings& bindings_;
  std::map<std::string_view, std::size_t> last_;  ///< where a name stands last
  std::set<std::pair<std::string_view, std::size_t>> unclear_;
};

}  // namespace

void add_shared_changes(const python_tokens& tokens, const python_blocks& blocks, python_bindings& bindings) {
  sharing(tokens, blocks, bindings).run();
}

}  // namespace oes
