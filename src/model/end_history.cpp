#include "model/end_history.hpp"

#include <algorithm>
#include <iterator>

namespace oes {
namespace {

// Of each kind of work: its newest end; a day without one, and all of them are forgotten.
std::map<work_key, utc_time> newest_of(const std::vector<unexpected_end>& ends) {
  std::map<work_key, utc_time> newest;
  for (const auto& one : ends) {
    auto& at = newest[one.of];
    at = std::max(at, one.at);
  }
  return newest;
}

}  // namespace

end_history merged(const end_history& a, const end_history& b, utc_time now) {
  end_history out;
  for (const auto* side : {&a, &b}) {
    for (const auto& [of, since] : side->well) {
      if (since + ends_are_remembered < now) continue;
      auto& known = out.well[of];
      known = std::max(known, since);
    }
    for (const auto& one : side->ends) {
      if (std::find(out.ends.begin(), out.ends.end(), one) == out.ends.end()) out.ends.push_back(one);
    }
  }
  const auto newest = newest_of(out.ends);
  std::erase_if(out.ends, [&](const unexpected_end& one) {
    const auto well = out.well.find(one.of);
    return (well != out.well.end() && one.at <= well->second) || newest.at(one.of) + ends_are_remembered < now;
  });
  std::stable_sort(out.ends.begin(), out.ends.end(),
                   [](const unexpected_end& x, const unexpected_end& y) { return x.at < y.at; });
  if (out.ends.size() > most_ends_kept) {
    out.ends.erase(out.ends.begin(), out.ends.end() - static_cast<std::ptrdiff_t>(most_ends_kept));
  }
  return out;
}

std::vector<unexpected_end> ends_of(const end_history& history, const work_key& of) {
  std::vector<unexpected_end> out;
  std::copy_if(history.ends.begin(), history.ends.end(), std::back_inserter(out),
               [&](const unexpected_end& one) { return one.of == of; });
  return out;
}

}  // namespace oes
