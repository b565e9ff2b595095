#include "groups/group_state.hpp"

#include <algorithm>
#include <iterator>

#include "model/fault_point.hpp"

namespace oes {
namespace {

enum class reach { usual, widest };

std::chrono::seconds window_cap(const request_group& group, const group_state& state, const plan_limits& limits,
                                reach how_far) {
  std::chrono::seconds cap = limits.max_window(group.identity.interval);
  if (group.batch_size && how_far == reach::usual) cap = std::min(cap, *group.batch_size);
  if (state.batch_cap) cap = std::min(cap, *state.batch_cap);
  return cap;
}

const search* search_of(const group_state& state, std::size_t member) {
  const auto found = state.searches.find(member);
  const bool holds = found != state.searches.end() && found->second.position == state.members[member].position;
  return holds ? &found->second : nullptr;
}

reach reach_for(const group_state& state, std::size_t member) {
  return search_of(state, member) != nullptr ? reach::widest : reach::usual;
}

// Where the next label of a member is looked for.
network_time wanted_from(const group_state& state, std::size_t member) {
  const auto* const found = search_of(state, member);
  return found != nullptr ? found->from : state.members[member].position;
}

// A search that has gone past labels has nothing to do with what was read before them.
bool looks_back(const group_state& state, std::size_t member) {
  return wanted_from(state, member) == state.members[member].position;
}

network_time slowest(const group_state& state, const std::vector<std::size_t>& members) {
  auto from = network_time::max();
  for (const auto i : members) from = std::min(from, wanted_from(state, i));
  return from;
}

// What was published was there: a time that lies before it, by more than the bucket that is served while it is open, is
// wrong, and only an answer corrects it. So that one is asked for, the next bucket counts as over. Where a member
// stands says nothing of the time: `start:` may lie ahead, and so does, of where the group may read, what was published
// before `publish_after` was raised.
network_time time_to_plan_by(const request_group& group, const group_state& state,
                             const std::vector<std::size_t>& members, network_time now, std::chrono::seconds fills) {
  const auto size = group.identity.interval;
  const auto open_until = [size](network_time t) { return bucket_add(bucket_floor(t, size), size, 1); };
  const auto from = slowest(state, members);
  if (from <= open_until(now)) return now;
  const auto here = open_until(now + group.publish_after);
  const bool was_there = std::any_of(members.begin(), members.end(), [&](std::size_t i) {
    return state.members[i].labels.covered_until().value_or(here) > here;
  });
  if (!was_there || seeded_bug("time-behind-believed")) return now;
  return bucket_add(from, size, 1) + (size == interval_size::m5 ? std::chrono::seconds(0) : fills);
}

network_time window_end(const time_window& window) { return window.end.value_or(network_time::max()); }

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

struct parted_members {
  std::vector<std::size_t> near;
  std::vector<std::size_t> far;
};

// Of those far behind, the slowest one's windows are as long as it may have them: who has others waits.
std::vector<std::size_t> with_the_slowest(const request_group& group, const group_state& state,
                                          const plan_context& context, const std::vector<std::size_t>& far) {
  const auto cap = [&](std::size_t i) { return window_cap(group, state, context.limits, reach_for(state, i)); };
  const auto first = std::min_element(far.begin(), far.end(), [&](std::size_t a, std::size_t b) {
    return wanted_from(state, a) < wanted_from(state, b);
  });
  std::vector<std::size_t> out;
  std::copy_if(far.begin(), far.end(), std::back_inserter(out), [&](std::size_t i) { return cap(i) == cap(*first); });
  return out;
}

parted_members part(const request_group& group, const group_state& state, const plan_context& context) {
  parted_members out;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (state.apart.contains(i)) continue;
    const auto cap = window_cap(group, state, context.limits, reach_for(state, i));
    const bool is_near = context.now - wanted_from(state, i) <= cap;
    (is_near ? out.near : out.far).push_back(i);
  }
  out.far = with_the_slowest(group, state, context, out.far);
  return out;
}

// A poll from there on has room for the label that shows whether the news before it are whole.
bool can_be_proven(window_question ask, network_time from, std::chrono::seconds longest) {
  ask.from = std::min(ask.from, from);
  const auto window = plan_window(ask);
  return !window || !wants_proof(ask, *window) || with_proof(ask, *window, longest) != *window;
}

std::optional<group_plan> plan_for(const request_group& group, group_state& state, const plan_context& context, turn of,
                                   const std::vector<std::size_t>& candidates) {
  if (candidates.empty()) return std::nullopt;
  // One that went on into the future went by a time that was wrong.
  const auto size = group.identity.interval;
  const auto farthest = bucket_add(bucket_floor(context.now, size), size, 2);
  std::erase_if(state.searches, [&](const auto& one) { return one.second.from > farthest; });
  const auto& trouble = state.trouble[of];
  const bool searching =
      std::any_of(candidates.begin(), candidates.end(), [&](std::size_t i) { return search_of(state, i) != nullptr; });
  auto cap = window_cap(group, state, context.limits, searching ? reach::widest : reach::usual);
  if (trouble.news.smaller) cap = std::min(cap, *trouble.news.smaller);
  const auto fills = fill_time(group.identity.net);
  const auto from = slowest(state, candidates);
  window_question ask{.interval = size,
                      .from = from,
                      .now = time_to_plan_by(group, state, candidates, context.now, fills),
                      .max_window = cap,
                      .edge = group.edge,
                      .fills = fills,
                      .held_back_longer = group.publish_after.count() > 0,
                      .news_from = from,
                      .settles = settles_after(context.hole_after)};
  // A bucket more than `batch_size` may be asked for as a proof; but not more than the plan allows, or a server bears.
  auto longest = std::chrono::seconds(context.limits.max_window(size));
  if (trouble.news.smaller) longest = std::min(longest, *trouble.news.smaller);
  const bool news = plan_window(ask).has_value();
  group_plan plan;
  plan.of = of;
  plan.planned = context.now;
  std::vector<std::size_t> looking_back;
  for (const auto i : candidates) {
    if (!looks_back(state, i)) continue;
    looking_back.push_back(i);
    // What goes with each poll is left out where it would cost a second request; then it comes round by itself.
    const auto with_poll = state.re_reads.begin_of_poll(state.members[i]);
    const bool fits = context.now - with_poll <= cap && can_be_proven(ask, with_poll, longest);
    state.re_reads.fall_due(i, state.members[i], context.now, fits ? each_poll::fits : each_poll::left_out);
    if (!fits) continue;
    plan.with_poll.emplace(i, with_poll);
    ask.from = std::min(ask.from, with_poll);
  }
  plan.deep_reread = state.re_reads.deep_reread_is_due(looking_back, context.now);
  if (!news && !plan.deep_reread) return std::nullopt;
  if (plan.deep_reread) {
    for (const auto i : looking_back) ask.from = std::min(ask.from, state.re_reads.owed_from(i));
    if (trouble.deep_reread.smaller) ask.max_window = std::min(ask.max_window, *trouble.deep_reread.smaller);
    if (trouble.deep_reread.smaller) longest = std::min(longest, *trouble.deep_reread.smaller);
  }
  const auto window = plan_window(ask);
  if (!window) return std::nullopt;
  plan.window = with_proof(ask, *window, longest);
  plan.asked = {window->start, window_end(plan.window)};
  plan.old_only = window_end(*window) <= ask.news_from;
  plan.lacks_proof = !plan.deep_reread && trouble.news.smaller && plan.window == *window &&
                     with_proof(ask, *window, context.limits.max_window(size)) != *window;
  plan.proof_is_unreadable =
      plan.lacks_proof && trouble.news.proof_is_unreadable && trouble.news.unproven->start == window->start;
  ask.from = window_end(*window);
  ask.max_window = cap;
  plan.reaches_edge = !window->end || !plan_window(ask);
  for (const auto i : candidates) {
    if (state.members[i].ledger_from < window_end(*window)) plan.members.push_back(i);
  }
  return plan;
}

}  // namespace

bool others_wait(const request_group& group, const group_state& state, const plan_context& context, turn whose) {
  const auto parted = part(group, state, context);
  return !(whose == turn::live ? parted.far : parted.near).empty();
}

std::optional<group_plan> plan_group(const request_group& group, group_state& state, const plan_context& context,
                                     turn whose, other_turn other) {
  const auto parted = part(group, state, context);
  const auto members = [&parted](turn of) -> const auto& { return of == turn::live ? parted.near : parted.far; };
  const auto others = whose == turn::live ? turn::behind : turn::live;
  auto of = whose;
  auto plan = plan_for(group, state, context, whose, members(whose));
  if (!plan && (other == other_turn::is_due || members(whose).empty())) {
    of = others;
    plan = plan_for(group, state, context, others, members(others));
  }
  if (plan) plan->others_wait = !members(of == whose ? others : whose).empty();
  return plan;
}

network_time network_now(const request_group& group, utc_time now) {
  return to_network_time(now, group.identity.net) - group.publish_after;
}

std::vector<std::string> metrics_of(const request_group& group, const group_plan& plan) {
  std::vector<std::string> metrics;
  for (const auto i : plan.members) {
    for (const auto& metric : group.members[i].metrics) {
      if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
    }
  }
  return metrics;
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

namespace {

// The end of what was asked and is old enough for nothing to be late any more.
network_time empty_until(const request_group& group, const group_plan& plan, const plan_context& context) {
  const std::chrono::seconds late = plan.reaches_edge ? settles_after(context.hole_after) : context.hole_after;
  const auto old_enough = first_open(context.now - late, group.identity.interval);
  return std::min(window_end(plan.window), old_enough);
}

// What of it a search may pass. A bucket of 1h and more may be there and wait for the data after it, where those can
// be read.
network_time passed_until(const request_group& group, network_time until, const group_plan& plan,
                          const plan_context& context) {
  if (group.identity.interval == interval_size::m5) return until;
  const auto late = plan.proof_is_unreadable ? context.hole_after : settles_after(context.hole_after);
  return std::min(until, first_open(context.now - late, group.identity.interval));
}

// What a search knows once the plan's window has brought nothing of the member.
std::optional<search> searched(const request_group& group, const group_state& state, std::size_t member,
                               const group_plan& plan, const plan_context& context) {
  // The window is shorter than its trouble: what is behind it is tried first.
  if (plan.lacks_proof && !plan.proof_is_unreadable) return std::nullopt;
  const auto until = plan.proof_is_unreadable ? window_end(plan.window) : empty_until(group, plan, context);
  const auto passed = passed_until(group, until, plan, context);
  const auto position = state.members[member].position;
  const auto from = wanted_from(state, member);
  const auto gone_on = passed > from ? std::optional(search{position, passed}) : std::nullopt;
  if (from > position || plan.proof_is_unreadable) return gone_on;
  // It has yet to go past anything, and does so after a whole window only: its newest data may be late.
  const bool whole = plan.window.start == position && !plan.reaches_edge && until == window_end(plan.window);
  if (!whole || until <= from) return std::nullopt;
  const auto widest = window_cap(group, state, context.limits, reach::widest);
  const bool is_widest = longest_end(position, group.identity.interval, widest) <= window_end(plan.window);
  return is_widest ? gone_on : search{position, position};
}

}  // namespace

bool note_search(const request_group& group, group_state& state, const group_plan& plan, const plan_context& context) {
  bool goes_on = false;
  for (const auto i : plan.members) {
    const auto next = searched(group, state, i, plan, context);
    if (!next) continue;
    state.searches[i] = *next;
    goes_on = true;
  }
  return goes_on && !plan.reaches_edge;
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
  return note_trouble(trouble, plan.window, interval, now, plan.deep_reread ? 1 : patience_with_a_window);
}

}  // namespace oes
