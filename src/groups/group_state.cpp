#include "groups/group_state.hpp"

#include <algorithm>

#include "groups/search.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

// The API answers, whatever it said. Only the answer to a deep re-read tells that windows so long are answered, and
// none of those that the bucket after the news can be read.
void end_trouble(group_state& state, const group_plan& plan) {
  if (seeded_bug("trouble-lasts")) return;
  auto& trouble = state.trouble[plan.of];
  if (plan.deep_reread) trouble.deep_reread = {};
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

}  // namespace

network_time network_now(const request_group& group, utc_time now) {
  return to_network_time(now, group.identity.net) - group.publish_after;
}

member_patch patch_of(const advance_answer& advance, time_range part, utc_time now) {
  const auto within = [part](time_range r) {
    return time_range{std::max(r.begin, part.begin), std::min(r.end, part.end)};
  };
  member_patch patch;
  for (const auto& range : advance.publish) patch.covered.add(within(range));
  for (const auto& hole : advance.holes) {
    const auto passed = within(hole);
    if (!passed.empty()) patch.gaps.push_back({passed, "no_data", now});
  }
  if (advance.moved) patch.position = std::min(advance.position, part.end);
  return patch;
}

void reload_committed(const request_group& group, group_state& state,
                      const std::map<member_key, member_progress>& committed) {
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const auto found = committed.find(group.members[i].key);
    if (found != committed.end()) state.members[i] = found->second;
  }
}

void note_answered(group_state& state, const group_plan& plan, const std::map<std::size_t, unanswered>& not_whole,
                   network_time now) {
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

bool is_read_again(const group_plan& plan) {
  // Away from the edge nothing is late: what was to be read again there is not there any more.
  return plan.old_only || (plan.deep_reread && !plan.reaches_edge);
}

bool note_empty_window(const request_group& group, group_state& state, const group_plan& plan,
                       const plan_context& context) {
  if (is_read_again(plan)) {
    note_answered(state, plan, published_of(state, plan), context.now);
  } else {
    end_trouble(state, plan);
  }
  const bool goes_on = note_search(group, state, plan, context);
  return goes_on || is_read_again(plan);
}

window_trouble& trouble_of(group_state& state, const group_plan& plan) {
  auto& trouble = state.trouble[plan.of];
  return plan.deep_reread ? trouble.deep_reread : trouble.news;
}

after_trouble note_trouble(group_state& state, const group_plan& plan, interval_size interval, network_time now,
                           const error& why) {
  auto& trouble = trouble_of(state, plan);
  trouble.why = why;
  // What was too large once would be so again.
  const bool halves_at_once = plan.deep_reread || why.code == errc::too_large;
  return note_trouble(trouble, plan.window, interval, now, halves_at_once ? 1 : patience_with_a_window);
}

}  // namespace oes
