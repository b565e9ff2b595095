#include "simulation/world/plan.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "simulation/kafka/client.hpp"
#include "simulation/world/draws.hpp"

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::vector<std::string>> draw_streams(draws& d) {
  static const std::vector<std::vector<std::string>> choices{{"power"},           {"power", "emissions"}, {"price"},
                                                             {"price", "demand"}, {"emissions"},          {"demand"}};
  std::vector<std::vector<std::string>> out;
  const int count = d.of(1, 3);
  for (int i = 0; i < count; ++i) out.push_back(choices[static_cast<std::size_t>(d.of(0, 5))]);
  return out;
}

std::vector<re_read> draw_re_reads(draws& d) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const std::vector<std::vector<re_read>> choices{
      {}, {}, {{minutes(30), {}, {}}}, {{hours(2), {}, {}}}, {{hours(1), {}, {}}, {hours(6), hours(1), {}}}};
  return choices[static_cast<std::size_t>(d.of(0, static_cast<int>(choices.size()) - 1))];
}

trouble draw_trouble(draws& d, const world_plan& plan) {
  static constexpr std::array kinds{trouble::kind::kill,       trouble::kind::kill,     trouble::kind::kill_at,
                                    trouble::kind::kill_at,    trouble::kind::kill_at,  trouble::kind::freeze,
                                    trouble::kind::stop_clean, trouble::kind::cut_off,  trouble::kind::freeze,
                                    trouble::kind::kafka_away, trouble::kind::api_away, trouble::kind::wrong_date,
                                    trouble::kind::wire,       trouble::kind::wire,     trouble::kind::wire,
                                    trouble::kind::compaction, trouble::kind::clock_set};
  trouble one;
  one.what = kinds[static_cast<std::size_t>(d.of(0, static_cast<int>(kinds.size()) - 1))];
  one.at = milliseconds(d.of(500, static_cast<int>(milliseconds(plan.trouble_ends).count()) - 15'000));
  one.lasts = milliseconds(d.any(std::array{200, 1000, 3000, 7000, 12'000}) + d.of(0, 500));
  one.instance = d.of(0, plan.instances - 1);
  one.passings = d.any(std::array{3, 10, 40, 150, 600});
  one.passings = d.of(1, one.passings);
  if (one.what == trouble::kind::wire) {
    one.request = d.any(std::array<int, 7>{api_end_txn, api_end_txn, api_end_txn, api_add_partitions_to_txn,
                                           api_init_producer_id, api_produce, api_join_group});
    one.fate = static_cast<request_order::kind>(d.of(0, 2));
    one.passings = d.any(std::array{1, 1, 3, 400});
  }
  one.off = std::chrono::minutes(d.any(std::array{-4320, -120, -20, 20, 120, 4320}));
  // Days apart from the API no clock is followed, and somebody has to set it.
  if (one.what == trouble::kind::clock_set) one.off %= std::chrono::minutes(1400);
  return one;
}

// A world shows something from two kills on, and not each finds a process that runs, or passes so many points: most
// have four or more.
void add_kills(draws& d, world_plan& plan) {
  constexpr std::ptrdiff_t enough = 4;
  const auto is_kill = [](const auto& one) {
    return one.what == trouble::kind::kill || one.what == trouble::kind::kill_at;
  };
  for (auto has = std::ranges::count_if(plan.troubles, is_kill); has < enough; ++has) {
    auto one = draw_trouble(d, plan);
    one.what = d.one_in(4) ? trouble::kind::kill : trouble::kind::kill_at;
    one.passings = d.of(1, d.any(std::array{3, 10, 40, 100}));
    plan.troubles.push_back(one);
  }
}

// One in a world: after two on one request its stream is set apart, for longer than a world lasts.
void add_throw(draws& d, world_plan& plan) {
  auto one = draw_trouble(d, plan);
  one.what = trouble::kind::throw_at;
  one.passings = d.of(1, d.any(std::array{3, 10, 40, 150}));
  plan.troubles.push_back(one);
  std::ranges::stable_sort(plan.troubles, {}, &trouble::at);
}

// Who leads sleeps, and is slow when it wakes; whoever leads by then goes.
void add_absence(draws& d, world_plan& plan) {
  auto asleep = draw_trouble(d, plan);
  asleep.of_leader = true;
  asleep.what = trouble::kind::freeze;
  asleep.lasts = milliseconds(d.of(8'000, 16'000));
  plan.troubles.push_back(asleep);
  auto slow = asleep;
  slow.what = trouble::kind::hold;
  slow.lasts = milliseconds(d.of(300, 3'000));
  slow.passings = d.of(3, 12);
  plan.troubles.push_back(slow);
  auto gone = asleep;
  gone.what = d.one_in(4) ? trouble::kind::kill : trouble::kind::stop_clean;
  gone.at += asleep.lasts + milliseconds(d.of(-800, 800));
  plan.troubles.push_back(gone);
}

trouble draw_host_trouble(draws& d, const world_plan& plan) {
  trouble one;
  one.what = d.one_in(4) ? trouble::kind::power_cut : trouble::kind::disk;
  one.at = milliseconds(d.of(500, static_cast<int>(milliseconds(plan.trouble_ends).count()) - 15'000));
  one.lasts = milliseconds(d.any(std::array{200, 3000, 12'000}) + d.of(0, 500));
  one.instance = d.of(0, plan.instances - 1);
  one.passings = d.of(0, 9999);
  one.of_disk = draw_disk_trouble(d);
  return one;
}

trouble draw_administration(draws& d, const world_plan& plan) {
  trouble one;
  one.what = d.one_in(4) ? trouble::kind::partitions : trouble::kind::right;
  one.at = milliseconds(d.of(500, static_cast<int>(milliseconds(plan.trouble_ends).count()) - 15'000));
  one.lasts = milliseconds(d.any(std::array{200, 3000, 12'000}) + d.of(0, 500));
  one.passings = d.of(1, 2);
  one.taken = draw_right(d);
  return one;
}

data_loss draw_loss(draws& d, const world_plan& plan) {
  using kind = data_loss::kind;
  static constexpr std::array kinds{kind::progress_back,   kind::progress_back,  kind::data_back,
                                    kind::progress_remade, kind::data_remade,    kind::other_cluster,
                                    kind::old_view,        kind::old_view,       kind::old_view,
                                    kind::progress_forked, kind::progress_forked};
  data_loss one;
  one.what = kinds[static_cast<std::size_t>(d.of(0, static_cast<int>(kinds.size()) - 1))];
  one.copied = milliseconds(d.of(1000, 30'000));
  one.at = one.copied + milliseconds(d.of(1000, static_cast<int>(milliseconds(plan.trouble_ends).count()) - 32'000));
  one.lasts = milliseconds(d.of(2000, 25'000));
  one.dies = d.one_in(2);
  return one;
}

operator_wish draw_wish(draws& d, const world_plan& plan) {
  using std::chrono::minutes;
  operator_wish one;
  one.what = static_cast<operator_wish::kind>(d.any(std::array{0, 0, 0, 1, 1, 1, 2, 3}));
  one.at = milliseconds(d.of(5'000, static_cast<int>(milliseconds(plan.trouble_ends).count()) - 15'000));
  one.stream = static_cast<std::size_t>(d.of(0, static_cast<int>(plan.streams.size()) - 1));
  const auto length = minutes(5 * d.of(1, 72));
  if (one.what == operator_wish::kind::backfill) {
    one.to = minutes(-5 * d.any(std::array{0, 0, 0, 30}));
    one.from = one.to - length;
  } else if (one.what == operator_wish::kind::refresh) {
    one.to = std::min(length, std::chrono::floor<minutes>(plan.starts_before));
  }
  return one;
}

std::vector<config_change> draw_changes(draws& d, const world_plan& plan) {
  using kind = config_change::kind;
  static constexpr std::array kinds{kind::add_stream, kind::add_metric, kind::re_read, kind::trigger,
                                    kind::drop_stream};
  std::vector<config_change> out;
  for (int i = d.of(1, 3); i > 0; --i) {
    config_change one;
    one.what = kinds[static_cast<std::size_t>(d.of(0, static_cast<int>(kinds.size()) - 1))];
    one.at = milliseconds(d.of(3'000, 40'000));
    one.stream = static_cast<std::size_t>(d.of(0, static_cast<int>(plan.streams.size()) - 1));
    const bool again = std::ranges::any_of(out, [&](const auto& other) { return other.what == one.what; });
    const bool last_one = one.what == kind::drop_stream && plan.streams.size() < 2;
    if (again || last_one) continue;
    out.push_back(one);
    if (one.what == kind::drop_stream && d.one_in(2))
      out.push_back({kind::bring_back, one.at + milliseconds(d.of(500, 15'000)), one.stream});
  }
  std::ranges::stable_sort(out, {}, &config_change::at);
  return out;
}

// A reading of progress that was under way waits for its end (75 s), what shows less than is known is looked at again
// for a while (30 s); then an operator acts, and an hour of the API's time passes. Where the leader is away, all that
// begins when it is back.
seconds noticed_and_mended(const data_loss& one) {
  const auto back =
      one.what == data_loss::kind::progress_forked ? longest_wait_for_fork + longest_absence + seconds(10) : seconds(0);
  return std::chrono::ceil<seconds>(one.at) + back + seconds(75 + 30 + 15 + 60);
}

// Midnight comes while troubles go on; whoever has been refused for long comes back late.
void spend_credits(world_plan& plan, draws& d) {
  plan.credits = d.any(std::array{0, 0, 1, 4});
  plan.credits_told = d.one_in(2);
  plan.speed = 60;
  plan.begins_at = std::chrono::minutes(24 * 60 - d.of(15, 50));
  plan.ends += seconds(60);
  plan.wishes.clear();  // they wait for what live polls leave over
}

// Labels of an hour, a day, a week, a month: the API's time runs so much faster.
void take_longer(world_plan& plan, draws& d) {
  constexpr std::array sizes{interval_size::h1, interval_size::h1, interval_size::d1, interval_size::d7,
                             interval_size::mo1};
  plan.grid.interval = d.any(sizes);
  plan.speed = plan.grid.interval == interval_size::h1 ? 720 : 17'280;
  plan.starts_before *= plan.grid.scale();
  plan.re_reads.clear();
  const bool even = plan.grid.interval == interval_size::h1 || plan.grid.interval == interval_size::d1;
  if (!even) plan.wishes.clear();
  std::erase_if(plan.changes, [](const auto& one) {
    return one.what == config_change::kind::re_read || one.what == config_change::kind::trigger;
  });
}

}  // namespace

world_plan draw_plan(std::uint64_t seed) {
  draws d(seed);
  world_plan plan;
  plan.seed = seed;
  plan.instances = d.any(std::array{1, 2, 2, 2, 3});
  plan.regions = d.of(1, 3);
  plan.streams = draw_streams(d);
  plan.max_transaction_records = static_cast<std::size_t>(d.any(std::array{1, 3, 10, 100, 50'000}));
  plan.data_partitions = d.of(1, 3);
  plan.starts_before = std::chrono::minutes(d.any(std::array{10, 30, 120, 600}));
  const int bad = d.any(std::array{0, 0, 3, 15, 60});
  plan.request_lost = d.of(0, bad);
  plan.reply_lost = d.of(0, bad);
  plan.request_late = d.of(0, bad);
  plan.api_failing = d.any(std::array{0, 10, 100, 300});
  plan.api_lying = d.any(std::array{0, 0, 30, 60, 200});
  plan.begins_at = std::chrono::minutes(d.of(0, 24 * 60 - 1));
  plan.re_reads = draw_re_reads(d);
  plan.gap_retry = std::chrono::hours(d.any(std::array{1, 2, 6, 24}));
  plan.speed = d.any(std::array{60, 60, 60, 200});
  const int count = d.any(std::array{0, 2, 4, 6, 9});
  for (int i = 0; i < count; ++i) plan.troubles.push_back(draw_trouble(d, plan));
  if (!d.one_in(8)) add_kills(d, plan);
  std::ranges::sort(plan.troubles, {}, &trouble::at);
  plan.one_topic = d.one_in(4);
  plan.idle_retirement = seconds(d.any(std::array{1, 10, 3600, 3600}));
  plan.impatient = d.one_in(2);
  plan.stable_lag = milliseconds(d.any(std::array{0, 0, 30, 300}));
  if (d.one_in(12)) {
    plan.every = std::chrono::minutes(d.any(std::array{10, 30}));
    // What is missing as regularly as this counts as such after a day.
    plan.starts_before = std::chrono::hours(d.any(std::array{2, 30, 60}));
  }
  if (d.one_in(6)) plan.loss = draw_loss(d, plan);
  if (plan.loss.what != data_loss::kind::none) plan.ends = std::max(plan.ends, noticed_and_mended(plan.loss));
  if (needs_the_file(plan.loss.what)) {
    plan.instances = 1;
    for (auto& one : plan.troubles) one.instance = 0;
  }
  if (plan.loss.what == data_loss::kind::progress_forked) {
    plan.instances = std::max(plan.instances, 2);
    std::erase_if(plan.troubles, [](const auto& one) {
      return one.what == trouble::kind::compaction || one.what == trouble::kind::clock_set;
    });
  }
  if (plan.loss.what == data_loss::kind::none && d.one_in(3)) {
    for (int i = d.of(1, 2); i > 0; --i) plan.wishes.push_back(draw_wish(d, plan));
    if (d.one_in(2)) plan.repaired = milliseconds(d.of(3'000, 40'000));
  }
  if (plan.loss.what == data_loss::kind::none && d.one_in(3)) plan.changes = draw_changes(d, plan);
  if (!loses_progress(plan.loss.what) && d.one_in(3)) {
    for (int i = d.of(1, 3); i > 0; --i) plan.troubles.push_back(draw_host_trouble(d, plan));
  }
  if (plan.loss.what == data_loss::kind::none && d.one_in(4)) {
    for (int i = d.of(1, 2); i > 0; --i) plan.troubles.push_back(draw_administration(d, plan));
  }
  std::ranges::sort(plan.troubles, {}, &trouble::at);
  const bool has_two = std::ranges::any_of(plan.streams, [](const auto& one) { return one.size() > 1; });
  if (has_two && d.one_in(3)) {
    plan.wide = true;
    std::erase_if(plan.wishes, [](const auto& one) { return one.what >= operator_wish::kind::seek; });
    plan.one_topic = false;
    // A row whose column was left out waits for as long as most of a world lasts.
    plan.api_lying = 0;
    std::erase_if(plan.changes, [](const auto& one) { return one.what == config_change::kind::add_metric; });
  }
  if (!plan.wide) {
    plan.nulls = d.one_in(3);
    plan.publish_nulls = plan.nulls && d.one_in(2);
    plan.first_only = d.one_in(8);
  }
  if (d.one_in(25) && plan.loss.what == data_loss::kind::none) plan.at_least_once = true;
  if (d.one_in(10) && plan.loss.what == data_loss::kind::none) spend_credits(plan, d);
  plan.by_network = d.one_in(8);
  if (d.one_in(40)) {
    plan.starts_before = std::chrono::hours(24 * 7);
    plan.max_transaction_records = std::max<std::size_t>(plan.max_transaction_records, 1000);  // of thousands of labels
  }
  if (d.one_in(8)) plan.grid.net = network::wem;
  if (plan.every == std::chrono::minutes(5) && !plan.credits && d.one_in(5)) take_longer(plan, d);
  if (d.one_in(4)) add_throw(d, plan);
  if (plan.instances > 1 && d.one_in(2)) {
    for (int i = d.of(1, 2); i > 0; --i) add_absence(d, plan);
    plan.idle_retirement = std::min(plan.idle_retirement, seconds(d.any(std::array{10, 3600})));
  }
  if (plan.loss.what == data_loss::kind::none && !plan.credits && d.one_in(4)) {
    plan.list_every = plan.grid.scale() * std::chrono::minutes(d.any(std::array{10, 25, 60}));
    plan.tombstones = d.one_in(2);
  }
  plan.provisional = plan.grid.is_native() && !plan.wide && d.one_in(8);
  return plan;
}

}  // namespace oes::simulation
