#include "simulation/world/checker.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/network.hpp"
#include "simulation/world/followed.hpp"
#include "simulation/world/found_records.hpp"

namespace oes::simulation {
namespace {

using std::chrono::minutes;

// What a value has, from its being served to the next poll's commit.
minutes for_a_poll(const served_grid& grid) { return grid.scale() * minutes(10); }

// Each is a value that was served, however often it comes.
void check_served(const point_name& point, const std::vector<found_record>& found,
                  const std::vector<served_version>& served, check_report& report) {
  for (const auto& one : found) {
    if (std::ranges::find(served, one.value, &served_version::text) == served.end())
      report.violations.push_back("not served so: " + text_of(point) + " = " + one.value);
  }
}

// What is left of a point of which Kafka lost something.
void check_rising(const point_name& point, const std::vector<found_record>& found, check_report& report) {
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i].version <= found[i - 1].version)
      report.violations.push_back("version does not rise: " + text_of(point));
  }
}

// Numbered and versioned, and each other than the one before.
void check_rows(const point_name& point, const std::vector<found_record>& found, check_report& report) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].revision != static_cast<int>(i)) {
      report.violations.push_back("repeated or lost: " + text_of(point) + " has revision " +
                                  std::to_string(found[i].revision) + " where " + std::to_string(i) + " was to come");
    }
    if (i > 0 && found[i].value == found[i - 1].value)
      report.violations.push_back("repeated: " + text_of(point) + " = " + found[i].value);
  }
  check_rising(point, found, report);
}

// The values of a column: where another one changed, it is there again.
std::vector<found_record> changes_in(std::vector<found_record> found) {
  const auto same = [](const auto& a, const auto& b) { return a.value == b.value; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  for (std::size_t i = 0; i < found.size(); ++i) found[i].revision = static_cast<int>(i);
  return found;
}

// Each value once, in the order in which it was served, numbered and versioned.
void check_sequence(const point_name& point, const std::vector<found_record>& found,
                    const std::vector<served_version>& served, check_report& report) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& one = found[i];
    if (one.revision != static_cast<int>(i)) {
      report.violations.push_back("repeated or lost: " + text_of(point) + " has revision " +
                                  std::to_string(one.revision) + " where " + std::to_string(i) + " was to come");
    }
    if (i > 0 && one.version <= found[i - 1].version) {
      report.violations.push_back("version does not rise: " + text_of(point));
    }
    while (at < served.size() && served[at].text != one.value) ++at;
    if (at == served.size()) {
      report.violations.push_back("not served so, or not in this order: " + text_of(point) + " = " + one.value);
      return;
    }
    ++at;
  }
}

// Each time that an operator had a stream begin again, a point may begin anew.
std::vector<std::vector<found_record>> lives_of(const point_name& point, const std::vector<found_record>& found,
                                                const std::vector<published_again>& again, check_report& report) {
  std::size_t most = 1;
  for (const auto& one : again) {
    if (std::get<0>(point).ends_with(" " + one.stream) && std::get<3>(point) >= one.from) most += one.times;
  }
  std::vector<std::vector<found_record>> out;
  if (most > 1) check_rising(point, found, report);
  for (const auto& one : found) {
    if (out.empty() || (one.revision == 0 && out.size() < most)) out.emplace_back();
    out.back().push_back(one);
  }
  return out;
}

bool has_any(const std::vector<found_record>& records, std::vector<served_version>::const_iterator from,
             std::vector<served_version>::const_iterator to) {
  return std::any_of(from, to, [&](const auto& one) {
    return std::ranges::find(records, one.text, &found_record::value) != records.end();
  });
}

bool has_null(std::vector<served_version>::const_iterator from, std::vector<served_version>::const_iterator to) {
  return std::any_of(from, to, [](const auto& one) { return one.text == "null"; });
}

class completeness {
 public:
  completeness(const check_question& q, const wanted_points& wanted, const found_points& found, check_report& report)
      : q_(q),
        wanted_(wanted),
        found_(found),
        report_(report),
        edges_(rising_edge::of_answers(q.log, wanted.metric)),
        published_(rising_edge::of_records(found, wanted.topic, wanted.metric)),
        told_(last_told(
            {wanted.topic, wanted.metric, wanted.served_until, wanted.compared, q.api.grid(), wanted.asked_with}, q.log,
            q.kafka.writers, found)) {
    if (wanted.asked_alike) told_.clear();
    for (const auto& answer : q.log) {
      for (const auto& [metric, region, label] : answer.left_out) {
        if (metric == wanted.metric) left_out_.emplace(region, label);
      }
    }
  }

  void check() {
    for (const auto& region : q_.api.regions()) {
      for (auto label = wanted_.first; label < wanted_.complete; label = q_.api.grid().next(label))
        check(region, label);
    }
  }

 private:
  void check(const std::string& region, network_time label) {
    const auto served = q_.api.versions(wanted_.metric, region, label);
    const auto late = std::ranges::find_if(served, [&](const auto& one) { return one.from > wanted_.served_until; });
    if (late == served.begin()) return;
    ++report_.points;
    const point_name point{wanted_.topic, wanted_.metric, region, label};
    const auto here = found_.find(point);
    static const std::vector<found_record> nothing;
    const auto& records = here == found_.end() ? nothing : here->second;
    // The newest, or one that took its place before anybody asked; each point once has any.
    if (has_any(records, wanted_.first_only ? served.begin() : late - 1, served.end())) return;
    // A null of which no number was published.
    // With at_least_once a number may be there of which progress does not know.
    const bool knows_no_number = records.empty() || wanted_.began_again || q_.repeats;
    if (knows_no_number && !wanted_.nulls && has_null(late - 1, served.end())) return;
    const auto told = told_.find({region, label});
    const bool was_told = told != told_.end() && !told->second.empty();
    const auto as_told = was_told ? std::ranges::find(served, told->second, &served_version::text) : served.end();
    const bool null_of_nothing = was_told && told->second == "null" && knows_no_number && !wanted_.nulls;
    const bool is_enough = null_of_nothing || (wanted_.first_only && !records.empty());
    if (was_told && !is_enough && !has_any(records, as_told, served.end())) {
      return fault(records.empty() ? "lost, though told: " : "the value told last is missing: ", point, told->second);
    }
    // Published, or null at first.
    const bool was_there = !records.empty() || has_null(served.begin(), late);
    const bool excused = left_out_.contains({region, label}) || (was_there && is_behind(label, (late - 1)->from));
    if (!excused)
      return fault(records.empty() ? "lost: " : "the newest value is missing: ", point,
                   (late - 1)->text + ", served from " + format(to_network_time((late - 1)->from, q_.api.grid().net)));
    ++report_.excused;
  }

  // By the time it was served, what had been told lay so far ahead that nobody asked for that label any more. A
  // provisional label is published, and not among what an answer had to show.
  [[nodiscard]] bool is_behind(network_time label, utc_time served) const {
    // The edge rises with time: the last instant at which it was asked for.
    auto low = virtual_time::zero();
    auto high = q_.kafka.on().now();
    while (high - low > std::chrono::milliseconds(1)) {
      const auto middle = low + (high - low) / 2;
      (q_.api_time(middle) < served + for_a_poll(q_.api.grid()) ? low : high) = middle;
    }
    const auto edge = std::max(edges_.at(high), published_.at(high));
    if (edge == network_time::min()) return false;
    // Where a stream stands: up to the next label, which is not there yet.
    return q_.api.grid().next(edge) > label + wanted_.back - for_a_poll(q_.api.grid());
  }

  void fault(const std::string& what, const point_name& point, const std::string& number) {
    report_.violations.push_back(what + text_of(point) + " = " + number);
  }

  const check_question& q_;
  const wanted_points& wanted_;
  const found_points& found_;
  check_report& report_;
  rising_edge edges_;
  rising_edge published_;
  std::map<std::pair<std::string, network_time>, std::string> told_;
  std::set<std::pair<std::string, network_time>> left_out_;
};

// Each point is there, where it was compared as it was served when it was asked for or newer, but for what an answer
// since has left out. What one has left out before is a gap, for which a backfill does not ask, unless it refreshes.
void check_asked(const check_question& q, const asked_points& asked, const found_points& found, check_report& report) {
  std::set<std::pair<std::string, network_time>> left_out;
  for (const auto& answer : q.log) {
    if (asked.compared_behind && answer.at < asked.asked) continue;
    for (const auto& [metric, region, label] : answer.left_out) {
      if (metric == asked.metric) left_out.emplace(region, label);
    }
  }
  auto compared_until = network_time::min();
  const auto edge = rising_edge::of_records(found, asked.topic, asked.metric).at(asked.asked);
  if (asked.compared_behind && edge != network_time::min())
    compared_until = edge - *asked.compared_behind - for_a_poll(q.api.grid());
  static const std::vector<found_record> nothing;
  for (const auto& region : q.api.regions()) {
    for (auto label = asked.labels.begin; label < asked.labels.end; label = q.api.grid().next(label)) {
      const auto served = q.api.versions(asked.metric, region, label);
      const auto later = std::ranges::find_if(served, [&](const auto& one) { return one.from > asked.since; });
      if (later == served.begin() || (asked.compared_behind && label >= compared_until)) continue;
      const point_name point{asked.topic, asked.metric, region, label};
      const auto here = found.find(point);
      const auto oldest = asked.compared_behind ? later - 1 : served.begin();
      if (has_any(here == found.end() ? nothing : here->second, oldest, served.end())) continue;
      const bool null_of_nothing = here == found.end() && has_null(served.begin(), later);
      if (null_of_nothing || left_out.contains({region, label})) {
        ++report.excused;
      } else {
        report.violations.push_back("done, it was said, and yet missing: " + text_of(point) + " = " +
                                    (later - 1)->text);
      }
    }
  }
}

}  // namespace

check_report check_topics(const check_question& q) {
  check_report report;
  auto found = read_committed(q.kafka);
  report.violations = std::move(found.faults);
  report.records = found.count;
  for (const auto& [point, records] : found.points) {
    if (std::get<3>(point) < q.whole_from) {
      if (q.versions_rise) check_rising(point, records, report);
      continue;
    }
    if (q.repeats && std::get<1>(point) == "*") continue;
    if (std::get<1>(point) == "*") {
      check_rows(point, records, report);
      continue;
    }
    const auto& grid = q.api.grid();
    if (!grid.is_native() && q.api_time(records.front().at) < grid.end_of(std::get<3>(point)))
      report.violations.push_back("published before its time was over: " + text_of(point));
    const auto served = q.api.versions(std::get<1>(point), std::get<2>(point), std::get<3>(point));
    if (q.repeats) {
      check_served(point, records, served, report);
      continue;
    }
    for (const auto& life : lives_of(point, records, q.again, report)) {
      if (q.first_only && life.size() > 1)
        report.violations.push_back("a revision of what has none: " + text_of(point));
      check_sequence(point, life.front().wide ? changes_in(life) : life, served, report);
    }
  }
  for (const auto& one : q.wanted) completeness(q, one, found.points, report).check();
  for (const auto& one : q.asked) check_asked(q, one, found.points, report);
  return report;
}

}  // namespace oes::simulation
