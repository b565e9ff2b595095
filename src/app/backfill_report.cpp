#include "app/backfill_report.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/exit_code.hpp"
#include "facilities/facility_batches.hpp"
#include "progress/member_text.hpp"
#include "telemetry/human_text.hpp"

namespace oes {
namespace {

// Seen with 8 days of 5m by region and fueltech: 700,000 points in 12 s, most of it the server's.
constexpr double points_per_second = 60'000;
constexpr double seconds_per_request = 0.5;

struct amounts {
  std::size_t requests = 0;
  double records = 0;
  double points = 0;  ///< that the API sends for them
};

// Where the ledger knows nothing yet.
double usual_density(const group_identity& id, const facility_list* list) {
  if (asked_in_batches(id) && list != nullptr) {
    return static_cast<double>(std::count_if(list->units.begin(), list->units.end(),
                                             [&](const facility_unit& unit) { return wants_unit(id, unit); }));
  }
  const double regions = id.primary == primary_grouping::network || id.net == network::wem ? 1 : 5;
  switch (id.secondary) {
    case secondary_grouping::none:
      return regions;
    case secondary_grouping::fueltech:
      return regions * 9;
    case secondary_grouping::fueltech_group:
      return regions * 6;
    case secondary_grouping::status:
    case secondary_grouping::renewable:
      return regions * 2;
  }
  return regions;
}

std::string days_text(time_range range) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(range.end - range.begin).count();
  if (hours % 24 == 0) return std::to_string(hours / 24) + (hours == 24 ? " day" : " days");
  return std::to_string(hours) + " h";
}

std::string counted(std::size_t amount, const std::string& what) {
  return std::to_string(amount) + " " + what + (amount == 1 ? "" : "s");
}

std::string about(double amount) {
  const auto digits = amount < 1000 ? 1.0 : std::pow(10.0, std::floor(std::log10(amount)) - 2);
  return grouped(static_cast<std::int64_t>(std::round(amount / digits) * digits));
}

amounts measure(const backfill_outlook& by, const backfill_plan& plan) {
  amounts out;
  out.requests = plan.requests();
  for (const auto& work : plan.groups) {
    const auto& group = by.groups[work.group];
    for (std::size_t i = 0; i < work.members.size(); ++i) {
      const auto known = by.density.find(group.members[work.members[i]].key);
      const double series =
          known == by.density.end() ? usual_density(group.identity, by.facilities.list()) : known->second;
      out.records += series * static_cast<double>(count_labels(work.wanted[i].ranges(), group.identity.interval));
      out.points += series * static_cast<double>(count_labels(work.windows, group.identity.interval));
    }
  }
  return out;
}

std::string group_line(const backfill_outlook& by, const group_backfill& work) {
  const auto& group = by.groups[work.group];
  std::string metrics;
  for (const auto member : work.members) {
    for (const auto& metric : group.members[member].metrics) metrics += (metrics.empty() ? "" : ", ") + metric;
  }
  std::chrono::seconds cap = by.limits.max_window(group.identity.interval);
  if (group.batch_size) cap = std::min(cap, *group.batch_size);
  const auto longest = network_time(cap);
  const auto line = "  " + std::string(dataset(group.identity.from)) + " (" + metrics + "): ";
  const auto requests = counted(std::accumulate(work.requests.begin(), work.requests.end(), std::size_t{0}), "request");
  if (!asked_in_batches(group.identity)) {
    return line + requests + " of at most " + days_text({network_time(), longest});
  }
  if (by.facilities.list() == nullptr) {
    return line + "at least " + requests + ": the list of facilities is not known yet";
  }
  return line + requests + " in " + counted(work.windows.size(), "window") + ", at most 30 facilities in each";
}

std::string credits_line(const backfill_outlook& by, const backfill_plan& plan) {
  const auto& budget = by.budget;
  const auto per_day = budget.credits.per_day();
  auto line = "credits   " + grouped(static_cast<std::int64_t>(plan.requests()));
  if (!per_day) return line + "; the plan has no daily limit";
  const auto today = budget.spare(by.now);
  line += "; live polls leave " + grouped(today) + " of today's " + grouped(*per_day);
  const auto days = budget.days_for(plan.requests_by_window(), by.now);
  if (!days) return line + ", which never pays a window's requests together: it waits for the key's plan";
  if (*days == 1) return line;
  const auto each_day = std::max<std::int64_t>(1, budget.spare(budget.credits.next_day(by.now)));
  return line + " and " + grouped(each_day) + " of a whole day's: it takes " + std::to_string(*days) + " days";
}

std::vector<std::string> describe(const backfill_outlook& by, const backfill_plan& plan, const job& asked) {
  std::vector<std::string> says;
  const auto& id = by.groups[plan.groups.empty() ? 0 : plan.groups.front().group].identity;
  const auto named = std::find_if(by.groups.begin(), by.groups.end(), [&](const request_group& group) {
    return group.members.front().stream() == asked.stream;
  });
  const auto net = named == by.groups.end() ? id.net : named->identity.net;
  const auto interval = named == by.groups.end() ? id.interval : named->identity.interval;
  says.push_back(asked.stream + ": " + format(plan.asked.begin, utc_offset(net)) + " to " +
                 format(plan.asked.end, utc_offset(net)) + ", " + days_text(plan.asked) + " of " +
                 std::string(code(interval)));
  for (const auto& work : plan.groups) says.push_back(group_line(by, work));
  for (const auto& line : plan.left_out) says.push_back("  " + line);
  if (plan.groups.empty()) return says;
  if (asked.republish) {
    says.emplace_back(
        "  all of it is published again, with revision 0 and higher versions: readers of the topics see it twice");
  } else if (asked.refresh) {
    says.emplace_back(
        "  read again and compared with the data topics: only what changed is published, as the next revision");
  }
  const auto sum = measure(by, plan);
  says.push_back("requests  " + grouped(static_cast<std::int64_t>(sum.requests)));
  says.push_back(credits_line(by, plan));
  says.push_back("records   " + std::string(asked.refresh && !asked.republish ? "at most about " : "about ") +
                 about(sum.records));
  const auto spacing = std::chrono::duration<double>(by.budget.credits.spacing()).count();
  says.push_back(
      "time      about " +
      duration_words(std::llround(static_cast<double>(sum.requests) * std::max(spacing, seconds_per_request) +
                                  sum.points / points_per_second)) +
      ", where the credits suffice");
  return says;
}

}  // namespace

backfill_order order_of(const job& asked) {
  const auto mode = asked.republish ? backfill_mode::republish
                    : asked.refresh ? backfill_mode::refresh
                                    : backfill_mode::fill;
  return {asked.stream, asked.metric, asked.from, asked.to, mode};
}

std::map<member_key, double> density_of(const ledger_book& ledger) {
  std::map<member_key, double> out;
  for (const auto& [key, image] : ledger) {
    std::size_t points = 0;
    for (const auto& [label, cells] : image.rows) points += cells.size();
    if (points > 0) out[key] = static_cast<double>(points) / static_cast<double>(image.rows.size());
  }
  return out;
}

job_answer estimate_backfill(const backfill_outlook& by, const std::map<member_key, member_progress>& members,
                             const job& asked) {
  const auto order = order_of(asked);
  const auto plan = plan_backfill({order,
                                   by.groups,
                                   members,
                                   by.limits,
                                   by.budget.credits.plan_is_certain(),
                                   by.now,
                                   std::nullopt,
                                   {},
                                   &by.facilities,
                                   {},
                                   by.budget.credits.certain_per_day()});
  if (!plan) return {exit_config, plan.error().context};
  job_answer answer{exit_ok, "", asked.republish && !plan->groups.empty(), describe(by, *plan, asked), {}};
  if (plan->groups.empty()) answer.text = "nothing to do";
  return answer;
}

}  // namespace oes
