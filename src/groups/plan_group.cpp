#include "groups/plan_group.hpp"

#include <algorithm>
#include <iterator>

#include "groups/search.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

network_time slowest(const std::vector<sought>& all, const std::vector<std::size_t>& members) {
  auto from = network_time::max();
  for (const auto i : members) from = std::min(from, all[i].from);
  return from;
}

// What was published was there: a time that lies before it, by more than the bucket that is served while it is open, is
// wrong, and only an answer corrects it. So that one is asked for, the next bucket counts as over. Where a member
// stands says nothing of the time: `start:` may lie ahead, and so does, of where the group may read, what was published
// before `publish_after` was raised.
network_time time_to_plan_by(const request_group& group, const group_state& state,
                             const std::vector<std::size_t>& members, network_time from, network_time now,
                             std::chrono::seconds fills) {
  const auto size = group.identity.interval;
  const auto open_until = [size](network_time t) { return bucket_add(bucket_floor(t, size), size, 1); };
  if (from <= open_until(now)) return now;
  const auto here = open_until(now + group.publish_after);
  const bool was_there = std::any_of(members.begin(), members.end(), [&](std::size_t i) {
    return state.members[i].labels.covered_until().value_or(here) > here;
  });
  if (!was_there || seeded_bug("time-behind-believed")) return now;
  return bucket_add(from, size, 1) + (size == interval_size::m5 ? std::chrono::seconds(0) : fills);
}

struct parted_members {
  std::vector<std::size_t> near;
  std::vector<std::size_t> far;
};

// Of those far behind, the slowest one's windows are as long as it may have them: who has others waits.
std::vector<std::size_t> with_the_slowest(const std::vector<sought>& all, const std::vector<std::size_t>& far) {
  const auto first =
      std::min_element(far.begin(), far.end(), [&](std::size_t a, std::size_t b) { return all[a].from < all[b].from; });
  std::vector<std::size_t> out;
  std::copy_if(far.begin(), far.end(), std::back_inserter(out),
               [&](std::size_t i) { return all[i].cap == all[*first].cap; });
  return out;
}

parted_members part(const group_state& state, const std::vector<sought>& all, network_time now) {
  parted_members out;
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    if (state.apart.contains(i)) continue;
    const bool is_near = now - all[i].from <= all[i].cap;
    (is_near ? out.near : out.far).push_back(i);
  }
  out.far = with_the_slowest(all, out.far);
  return out;
}

// A poll from there on has room for the label that shows whether the news before it are whole.
bool can_be_proven(window_question ask, network_time from, std::chrono::seconds longest) {
  ask.from = std::min(ask.from, from);
  const auto window = plan_window(ask);
  return !window || !wants_proof(ask, *window) || with_proof(ask, *window, longest) != *window;
}

// What is asked for, in the making.
struct asking {
  window_question question;
  std::chrono::seconds cap;  ///< of one request
  /// With the bucket that shows whether the news are whole: more than `batch_size`, if need be, but not more than the
  /// plan allows, or a server bears.
  std::chrono::seconds longest;
};

asking ask_for_news(const request_group& group, const group_state& state, const plan_context& context,
                    const std::vector<sought>& all, const std::vector<std::size_t>& candidates,
                    const window_trouble& trouble) {
  const auto size = group.identity.interval;
  std::chrono::seconds cap{0};
  for (const auto i : candidates) cap = std::max(cap, all[i].cap);
  auto longest = std::chrono::seconds(context.limits.max_window(size));
  if (trouble.smaller) cap = std::min(cap, *trouble.smaller);
  if (trouble.smaller) longest = std::min(longest, *trouble.smaller);
  const auto fills = fill_time(group.identity.net);
  const auto settles = settles_after(context.hole_after);
  const auto from = slowest(all, candidates);
  return {{.interval = size,
           .from = from,
           .now = time_to_plan_by(group, state, candidates, from, context.now, fills),
           .max_window = cap,
           .edge = group.edge,
           .fills = fills,
           .held_back_longer = group.publish_after.count() > 0,
           .news_from = from,
           .settles = settles},
          cap,
          longest};
}

// What goes with each poll, where it costs no second request; else it comes round by itself. Returns who looks back: a
// search that has gone past labels has nothing to do with what was read before them.
std::vector<std::size_t> add_what_goes_with_polls(group_plan& plan, asking& ask, group_state& state,
                                                  const std::vector<sought>& all,
                                                  const std::vector<std::size_t>& candidates) {
  std::vector<std::size_t> looking_back;
  for (const auto i : candidates) {
    const auto& member = state.members[i];
    if (all[i].from != member.position) continue;
    looking_back.push_back(i);
    const auto with_poll = state.re_reads.begin_of_poll(member);
    const bool fits = plan.planned - with_poll <= ask.cap && can_be_proven(ask.question, with_poll, ask.longest);
    state.re_reads.fall_due(i, member, plan.planned, fits ? each_poll::fits : each_poll::left_out);
    if (!fits) continue;
    plan.with_poll.emplace(i, with_poll);
    ask.question.from = std::min(ask.question.from, with_poll);
  }
  return looking_back;
}

void begin_where_owed(asking& ask, const group_state& state, const std::vector<std::size_t>& looking_back,
                      const window_trouble& trouble) {
  for (const auto i : looking_back) ask.question.from = std::min(ask.question.from, state.re_reads.owed_from(i));
  if (!trouble.smaller) return;
  ask.question.max_window = std::min(ask.question.max_window, *trouble.smaller);
  ask.longest = std::min(ask.longest, *trouble.smaller);
}

// nullopt: there is none. Else the window without what only proves it.
std::optional<time_window> take_window(group_plan& plan, const asking& ask, const window_trouble& news,
                                       std::chrono::seconds allowed) {
  const auto planned = plan_window(ask.question);
  if (!planned) return std::nullopt;
  const auto& window = *planned;
  plan.window = with_proof(ask.question, window, ask.longest);
  plan.asked = {window.start, window_end(plan.window)};
  plan.old_only = window_end(window) <= ask.question.news_from;
  plan.lacks_proof =
      !plan.deep_reread && news.smaller && plan.window == window && with_proof(ask.question, window, allowed) != window;
  plan.proof_is_unreadable = plan.lacks_proof && news.proof_is_unreadable && news.unproven->start == window.start;
  auto beyond = ask.question;
  beyond.from = window_end(window);
  beyond.max_window = ask.cap;
  plan.reaches_edge = !window.end || !plan_window(beyond);
  return window;
}

// Whose window it is, and what is wanted of it.
void fill_in(group_plan& plan, const request_group& group, const group_state& state,
             const std::vector<std::size_t>& candidates, const turn_trouble& trouble, const time_window& news) {
  for (const auto i : candidates) {
    if (state.members[i].ledger_from >= window_end(news)) continue;
    plan.members.push_back(i);
    for (const auto& metric : group.members[i].metrics) {
      if (std::find(plan.metrics.begin(), plan.metrics.end(), metric) == plan.metrics.end())
        plan.metrics.push_back(metric);
    }
  }
  plan.is_read_once = plan.window.start < plan.planned - horizon_of(group.re_reads);
  const auto& met = plan.deep_reread ? trouble.deep_reread : trouble.news;
  plan.had_trouble = met.times > 0 || met.smaller;
}

std::optional<group_plan> plan_for(const request_group& group, group_state& state, const plan_context& context,
                                   const std::vector<sought>& all, turn of,
                                   const std::vector<std::size_t>& candidates) {
  if (candidates.empty()) return std::nullopt;
  const auto& trouble = state.trouble[of];
  auto ask = ask_for_news(group, state, context, all, candidates, trouble.news);
  const bool news = plan_window(ask.question).has_value();
  group_plan plan;
  plan.of = of;
  plan.context = context;
  plan.planned = context.now;
  plan.settles = ask.question.settles;
  const auto looking_back = add_what_goes_with_polls(plan, ask, state, all, candidates);
  plan.deep_reread = state.re_reads.deep_reread_is_due(looking_back, context.now);
  if (!news && !plan.deep_reread) return std::nullopt;
  if (plan.deep_reread) begin_where_owed(ask, state, looking_back, trouble.deep_reread);
  const auto window = take_window(plan, ask, trouble.news, context.limits.max_window(group.identity.interval));
  if (!window) return std::nullopt;
  fill_in(plan, group, state, candidates, trouble, *window);
  return plan;
}

}  // namespace

bool others_wait(const request_group& group, const group_state& state, const plan_context& context, turn whose) {
  const auto parted = part(state, where_sought(group, state, context.limits), context.now);
  return !(whose == turn::live ? parted.far : parted.near).empty();
}

std::optional<group_plan> plan_group(const request_group& group, group_state& state, const plan_context& context,
                                     turn whose, other_turn other) {
  forget_searches_ahead(state, group.identity.interval, context.now);
  const auto all = where_sought(group, state, context.limits);
  const auto parted = part(state, all, context.now);
  const auto members = [&parted](turn of) -> const auto& { return of == turn::live ? parted.near : parted.far; };
  const auto others = whose == turn::live ? turn::behind : turn::live;
  auto of = whose;
  auto plan = plan_for(group, state, context, all, whose, members(whose));
  if (!plan && (other == other_turn::is_due || members(whose).empty())) {
    of = others;
    plan = plan_for(group, state, context, all, others, members(others));
  }
  if (!plan) return plan;
  plan->others_wait = !members(of == whose ? others : whose).empty();
  if (of == turn::behind) plan->purpose = plan->others_wait ? spend_on::leftover : spend_on::catch_up;
  return plan;
}

}  // namespace oes
