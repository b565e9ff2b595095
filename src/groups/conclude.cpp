#include "groups/conclude.hpp"

#include <algorithm>
#include <optional>

#include "groups/search.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

// What was too large once would be so again: windows stay as small until all that is owed was read.
window_trouble left_of(const window_trouble& had, const group_state& state, const group_plan& plan) {
  const bool too_large = had.why && had.why->code == errc::too_large;
  const bool owes = std::any_of(plan.members.begin(), plan.members.end(), [&](std::size_t member) {
    return state.re_reads.owed_from(member) != network_time::max();
  });
  window_trouble left;
  if (!too_large || !owes) return left;
  left.smaller = had.smaller;
  left.why = had.why;
  return left;
}

// The API answers, whatever it said. Only the answer to a deep re-read tells that windows so long are answered, and
// none of those that the bucket after the news can be read.
void end_trouble(group_state& state, const group_plan& plan) {
  if (seeded_bug("trouble-lasts")) return;
  auto& trouble = state.trouble[plan.of];
  if (plan.deep_reread) trouble.deep_reread = left_of(trouble.deep_reread, state, plan);
  if (!plan.lacks_proof && !(plan.deep_reread && trouble.news.unproven)) trouble.news = {};
}

// Members of which something was published in the window: an answer without them leaves that out. Of the others it
// tells nothing new: a hole was one before.
std::map<std::size_t, unanswered> published_of(const group_state& state, const group_plan& plan) {
  std::map<std::size_t, unanswered> out;
  for (const auto i : plan.members) {
    if (i < state.ledgers.size() && state.ledgers[i].published(plan.asked)) out.emplace(i, unanswered::left_out);
  }
  return out;
}

// What of the window was a re-read is read again, or still owed.
void note_answered(group_state& state, const group_plan& plan, const std::map<std::size_t, unanswered>& not_whole) {
  const auto now = plan.context.now;
  bool owing = false;
  for (const auto i : plan.members) {
    const auto found = not_whole.find(i);
    if (found != not_whole.end()) {
      owing = state.re_reads.not_answered(i, plan.asked, found->second, now) || owing;
    } else {
      state.re_reads.answered(i, plan.asked, plan.planned);
    }
  }
  for (const auto& [i, begin] : plan.with_poll) {
    if (not_whole.contains(i)) {
      state.re_reads.polled_in_part(i, state.members[i], begin);
    } else {
      state.re_reads.polled(i, plan.planned);
    }
  }
  if (owing) state.re_reads.postpone(now);
  end_trouble(state, plan);
}

// A plan that lacks its proof was answered. Where nothing of it was taken, trouble is not over: why.
std::optional<error> note_unproven(group_state& state, const group_plan& plan, interval_size interval,
                                   what_was_taken taken) {
  if (!plan.lacks_proof) return std::nullopt;
  auto& trouble = state.trouble[plan.of].news;
  if (taken == what_was_taken::something) {
    trouble = {};
    return std::nullopt;
  }
  note_unproven(trouble, plan.window, interval);
  const auto why = trouble.why.value_or(error{errc::malformed, ""});
  return error{why.code, "nothing shows yet that " + format(plan.window.start) +
                             " is whole: what is behind it cannot be read: " + why.context};
}

// All of the window was published before.
bool is_read_again(const group_plan& plan) {
  // Away from the edge nothing is late: what was to be read again there is not there any more.
  return plan.old_only || (plan.deep_reread && !plan.reaches_edge);
}

}  // namespace

result<bool> conclude(const request_group& group, group_state& state, const group_plan& plan,
                      const std::map<std::size_t, unanswered>& not_whole, what_was_taken taken) {
  note_answered(state, plan, not_whole);
  auto unproven = note_unproven(state, plan, group.identity.interval, taken);
  const bool more = note_search(group, state, plan) || is_read_again(plan);
  if (unproven && !more) return std::move(*unproven);
  return more;
}

result<bool> conclude_empty(const request_group& group, group_state& state, const group_plan& plan) {
  auto unproven = note_unproven(state, plan, group.identity.interval, what_was_taken::nothing);
  if (is_read_again(plan)) {
    note_answered(state, plan, published_of(state, plan));
  } else {
    end_trouble(state, plan);
  }
  const bool more = note_search(group, state, plan) || is_read_again(plan);
  if (unproven && !more) return std::move(*unproven);
  return more;
}

after_trouble learn_from_trouble(group_state& state, const group_plan& plan, interval_size interval, const error& why) {
  auto& troubles = state.trouble[plan.of];
  auto& trouble = plan.deep_reread ? troubles.deep_reread : troubles.news;
  trouble.why = why;
  // What was too large once would be so again.
  const bool halves_at_once = plan.deep_reread || why.code == errc::too_large;
  return count_trouble(trouble, plan.window, interval, plan.context.now, halves_at_once ? 1 : patience_with_a_window);
}

}  // namespace oes
