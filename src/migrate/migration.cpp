#include "migrate/migration.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "migrate/cut_over.hpp"
#include "migrate/migration_remarks.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view usual_url = "https://api.openelectricity.org.au/v4";
constexpr auto longest_way_back = days(3650);  // farther back a date says more

// A stream, and the job that it is made of.
struct draft {
  migrated_stream one;
  const migrated_job* job = nullptr;
  std::optional<cut_over> alone;      ///< before other streams had a say in it
  std::optional<std::size_t> beside;  ///< of a job's market metrics: the draft of its others
  std::vector<std::string> also;      ///< other jobs that ask for the same
};

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

bool ask_for_the_same(const migrated_stream& a, const migrated_stream& b) {
  return std::tie(a.net, a.interval, a.primary, a.secondary) == std::tie(b.net, b.interval, b.primary, b.secondary) &&
         sorted(a.metrics) == sorted(b.metrics);
}

bool begin_alike(const migrated_stream& a, const migrated_stream& b) {
  return a.start == b.start && a.batch_size_hours == b.batch_size_hours && a.cut.has_value() == b.cut.has_value() &&
         (!a.cut || a.cut->hole_since == b.cut->hole_since);
}

std::string asked_text(const migrated_stream& one) {
  std::string grouping;
  if (one.primary != primary_grouping::network) grouping = code(one.primary);
  if (one.secondary != secondary_grouping::none)
    grouping += (grouping.empty() ? "" : "/") + std::string(code(one.secondary));
  return std::string(code(one.net)) + ", " + listed(one.metrics) + ", " + std::string(code(one.interval)) + ", " +
         (grouping.empty() ? "without a grouping" : "by " + grouping);
}

class planner {
 public:
  explicit planner(const migration_input& input) : input_(input) {}

  result<migration> run() {
    for (const auto& job : input_.jobs) add_job(job);
    if (urls_.size() > 1) {
      complain("the jobs have several values of base_url: " + printable(listed({urls_.begin(), urls_.end()})) +
               "; one daemon asks one API: migrate them one by one");
    }
    if (!complaints_.empty()) return error{errc::bad_config, complaints_};
    if (!urls_.empty() && *urls_.begin() != usual_url) out_.base_url = *urls_.begin();
    tell_shared_progress();
    give_names();
    for (auto& each : drafts_) out_.streams.push_back(std::move(each.one));
    join_cut_overs(out_, input_.now);
    give_topics();
    for (std::size_t i = 0; i < drafts_.size(); ++i) remark(drafts_[i], out_.streams[i]);
    return std::move(out_);
  }

 private:
  void complain(const std::string& why) { complaints_ += (complaints_.empty() ? "" : "\n") + why; }

  void add_job(const migrated_job& job) {
    const auto& asked = job.asked;
    auto url = asked.base_url.empty() ? std::string(usual_url) : asked.base_url;
    while (url.ends_with('/')) url.pop_back();
    urls_.insert(url);
    migrated_stream one;
    one.where = asked.where;
    one.net = asked.net;
    one.interval = asked.interval;
    one.primary = asked.primary;
    one.secondary = asked.secondary;
    if (input_.batch_size == old_batch_size::kept) one.batch_size_hours = asked.batch_size_hours;
    set_start(job, one);
    split_by_endpoint(job, std::move(one));
  }

  void set_start(const migrated_job& job, migrated_stream& one) {
    const auto& asked = job.asked;
    const auto now = to_network_time(input_.now, asked.net);
    if (job.progress) {
      one.cut = cut_over_after(*job.progress, asked, input_.now);
      if (!input_.since.empty()) {
        const auto earlier = cut_over_since(input_.since, *one.cut, asked, input_.now);
        if (earlier) {
          one.cut = *earlier;
        } else {
          complain(asked.where + ": " + earlier.error().context);
        }
      }
      one.from = one.cut->start;
    } else if (!input_.since.empty()) {
      complain(asked.where + ": --since " + input_.since +
               " is for jobs with a progress file: without one nothing is deleted; say start_time in the options");
    } else if (asked.start_hours_ago) {
      const auto span = seconds(static_cast<std::int64_t>(*asked.start_hours_ago * 3600));
      one.from = now - span;
      if (span < longest_way_back) {
        one.start = "-" + format_duration(span);
        return;
      }
      one.from = bucket_floor(one.from, asked.interval);
    } else if (asked.start_time) {
      one.from = bucket_floor(std::min(*asked.start_time, now), asked.interval);
    } else {
      one.from = now - hours(24);
      one.start = "-24h";
      return;
    }
    one.start = time_text(one.from, asked.net);
  }

  void split_by_endpoint(const migrated_job& job, migrated_stream one) {
    auto market = one;
    for (const auto& metric : job.asked.metrics) (is_market(metric) ? market : one).metrics.push_back(metric);
    market.secondary = secondary_grouping::none;
    std::optional<std::size_t> beside;
    if (!one.metrics.empty()) beside = add(job, std::move(one), std::nullopt);
    if (!market.metrics.empty()) add(job, std::move(market), beside);
  }

  // The place of the draft: its own, or that of one that asks for the same.
  std::size_t add(const migrated_job& job, migrated_stream one, std::optional<std::size_t> beside) {
    one.wide = one.metrics.size() > 1;
    const auto twin = std::find_if(drafts_.begin(), drafts_.end(),
                                   [&](const draft& before) { return ask_for_the_same(before.one, one); });
    if (twin == drafts_.end()) {
      const auto alone = one.cut;
      drafts_.push_back({std::move(one), &job, alone, beside, {}});
      return drafts_.size() - 1;
    }
    const bool is_new_data = is_market(one.metrics.front());  // the old source had none of it
    if (!is_new_data && !begin_alike(twin->one, one)) {
      complain(twin->one.where + " and " + one.where + " ask for the same (" + asked_text(one) + ") but begin at " +
               twin->one.start + " and " + one.start +
               ": nothing tells their records apart; leave one of them out of the options");
    } else if (one.from < twin->one.from) {
      twin->one.from = one.from;
      twin->one.start = one.start;
      twin->one.cut = twin->alone = one.cut;
    }
    twin->also.push_back(one.where);
    return static_cast<std::size_t>(twin - drafts_.begin());
  }

  void tell_shared_progress() {
    std::map<std::string, const old_job*> first;
    for (const auto& job : input_.jobs) {
      const auto& path = job.asked.progress_path;
      if (path.empty() || !job.progress) continue;
      const auto [before, is_new] = first.try_emplace(path, &job.asked);
      if (is_new) continue;
      out_.remarks.push_back(before->second->where + " and " + job.asked.where + " kept their progress in one place (" +
                             printable(path) +
                             "): each wrote over the other's, so it may tell of one alone where its rows end. Compare "
                             "it with max(interval) of each job's rows before anything is deleted.");
    }
  }

  void give_names() {
    for (auto& each : drafts_) {
      auto& name = each.one.name;
      name = each.beside ? free_name(drafts_[*each.beside].one.name + "-market", "") : free_name_of(each.one);
      names_.insert(name);
      for (const auto& other : each.also) {
        std::string remark = each.one.where;
        remark.append(" and ").append(other).append(" ask for the same: one stream, ").append(name).append(".");
        out_.remarks.push_back(std::move(remark));
      }
    }
  }

  [[nodiscard]] std::string free_name_of(const migrated_stream& one) const {
    const auto longer = ascii_lower(code(one.interval)) + (one.interval == interval_size::mo1 ? "o" : "");
    return free_name(ascii_lower(code(one.net)), longer);
  }

  [[nodiscard]] std::string free_name(const std::string& base, const std::string& more) const {
    if (!names_.contains(base)) return base;
    if (!more.empty() && !names_.contains(base + "-" + more)) return base + "-" + more;
    for (int i = 2;; ++i) {
      auto numbered = base + "-" + std::to_string(i);
      if (!names_.contains(numbered)) return numbered;
    }
  }

  // Of one topic a reader of the 22 columns can tell networks apart, and nothing else.
  void give_topics() {
    for (std::size_t i = 0; i < out_.streams.size(); ++i) {
      auto& one = out_.streams[i];
      one.own_topic = std::any_of(out_.streams.begin(), out_.streams.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const migrated_stream& before) {
                                    const bool same_topic =
                                        !before.own_topic && before.interval == one.interval &&
                                        is_market(before.metrics.front()) == is_market(one.metrics.front());
                                    const bool alike = before.net != one.net && before.primary == one.primary &&
                                                       before.secondary == one.secondary && before.wide == one.wide;
                                    return same_topic && !alike;
                                  });
    }
  }

  void remark(const draft& from, migrated_stream& one) const {
    if (!from.beside) one.remarks = from.job->asked.remarks;
    if (!from.beside && from.alone) remark_on_cut_over(one, *from.alone, from.job->asked.batch_size_hours, input_.now);
    remark_on_job({from.job->asked, from.job->progress.has_value(), from.beside.has_value()}, input_.now, one);
  }

  const migration_input& input_;
  migration out_;
  std::vector<draft> drafts_;
  std::set<std::string> names_;
  std::set<std::string> urls_;
  std::string complaints_;
};

}  // namespace

result<migration> plan_migration(const migration_input& input) { return planner(input).run(); }

}  // namespace oes
