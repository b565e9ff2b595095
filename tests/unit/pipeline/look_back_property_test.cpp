// A look-back is done when it is done: whatever the limits, windows, failures and kills, each value that was changed
// within the look-back while nobody looked is published, once, in its order.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

using place = std::pair<std::string, network_time>;  // metric and region, label

std::string place_text(const place& p) { return p.first + " " + format(p.second); }

// What the API holds, and each value it ever held.
struct world {
  explicit world(unsigned seed) : dice(seed) {
    std::uniform_int_distribution<int> few(1, 3);
    metrics = few(dice);
    regions = few(dice);
    f.chunk.records = static_cast<std::size_t>(one_of({1, 2, 3, 7, 20, 100}));
    f.chunk.bytes = static_cast<std::size_t>(one_of({1, 2'000, 10'000, 1'000'000}));
    stream.name = "s";
    stream.topic = "t";
    stream.primary = primary_grouping::network_region;
    stream.metrics.assign(names.begin(), names.begin() + metrics);
    stream.start = first;
    stream.shape = one_of({0, 0, 1}) == 1 ? record_shape::wide : record_shape::long_form;
    stream.edge = one_of({0, 1}) == 1 ? edge_policy::provisional : edge_policy::held_back;
    stream.revisions = one_of({0, 0, 0, 1}) == 1 ? revision_policy::first : revision_policy::all;
    if (one_of({0, 1}) == 1) stream.batch_size = std::chrono::minutes(5 * one_of({1, 3, 6, 24}));
    const auto short_one = std::chrono::minutes(5 * one_of({1, 3, 12}));
    const auto long_one = std::chrono::minutes(5 * one_of({12, 24, 40}));
    horizon = one_of({0, 1}) == 1 ? long_one : short_one;
    stream.re_reads = {{short_one, {}, {}}};
    if (horizon == long_one) stream.re_reads.push_back({long_one, std::chrono::minutes(one_of({10, 60})), {}});
    f.from.serve = [this](const fetch_request& r) { return answer(r); };
  }

  int one_of(std::initializer_list<int> of) {
    std::uniform_int_distribution<std::size_t> at(0, of.size() - 1);
    return *(of.begin() + static_cast<std::ptrdiff_t>(at(dice)));
  }
  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(dice) < p; }

  void advance(int minutes) {
    now += std::chrono::minutes(minutes);
    f.set_now(format(now));
  }
  // A new number each time; sometimes none, where there was one or where none ever was.
  void change(const place& at) { history[at].push_back(chance(0.1) ? "null" : std::to_string(++counter)); }
  void grow() {
    for (; newest + step <= now - step; newest += step) {
      for (int m = 0; m < metrics; ++m) {
        for (int r = 0; r < regions; ++r) {
          if (!chance(0.05)) change({key(m, r), newest + step});
        }
      }
    }
  }
  // While the daemon is away: what lies within its look-back, late series among it.
  void revise() {
    const auto known = f.kafka.state.members;
    for (auto& [member, stands] : known) {
      for (auto label = std::max(first, stands.position - horizon); label < stands.position; label += step) {
        for (int m = 0; m < metrics; ++m) {
          if (member.second != names.at(static_cast<std::size_t>(m)) && member.second != "*") continue;
          for (int r = 0; r < regions; ++r) {
            if (chance(0.3)) change({key(m, r), label});
          }
        }
      }
    }
  }
  static std::string key(int m, int r) { return names.at(static_cast<std::size_t>(m)) + " R" + std::to_string(r); }

  result<raw_answer> answer(const fetch_request& request) {
    if (faulty && chance(0.1)) return error{errc::network_error, "reset"};  // a 503 would open the breaker
    if (faulty && chance(0.1)) return error{errc::server_error, "500", {}, 500};
    if (faulty) advance(one_of({0, 0, 1, 5, 20}));
    grow();
    const auto end = request.window.end.value_or(newest);
    std::string blocks;
    bool any = false;
    for (int m = 0; m < metrics; ++m) {
      std::string results;
      for (int r = 0; r < regions; ++r) {
        std::string data;
        for (auto label = request.window.start; label < end; label += step) {
          const auto found = history.find({key(m, r), label});
          if (found == history.end()) continue;
          data += (data.empty() ? "" : ",") + ("[\"" + format(label) + "+10:00\"," + found->second.back() + "]");
          served[found->first] = found->second.back();
        }
        if (data.empty()) continue;
        any = true;
        results += (results.empty() ? "" : ",") + (R"({"name":"x","columns":{"region":"R)" + std::to_string(r)) +
                   R"("},"data":[)" + data + "]}";
      }
      blocks += (blocks.empty() ? "" : ",") +
                (R"({"network_code":"NEM","metric":")" + names.at(static_cast<std::size_t>(m))) +
                R"(","unit":"MW","interval":"5m","groupings":[],"results":[)" + results + "]}";
    }
    if (!any) return error{errc::not_yet, "404", {}, 404};
    return raw_answer{R"({"version":"4","success":true,"data":[)" + blocks + "]}", {}};
  }

  // A process: killed behind a random transaction, or after some requests.
  void run(int cycles, int transactions) {
    f.kafka.fates.assign(static_cast<std::size_t>(transactions), fate::commit);
    if (transactions > 0) f.kafka.fates.push_back(fate::fence);
    f.cycles({stream}, cycles);
    f.kafka.fates.clear();
  }

  network_time position_of(const place& at) const {
    const auto metric = stream.shape == record_shape::wide ? std::string("*") : at.first.substr(0, at.first.find(' '));
    return f.kafka.state.members.at({"s", metric}).position;
  }

  static inline const std::vector<std::string> names{"power", "energy", "emissions"};
  static constexpr auto step = std::chrono::minutes(5);
  std::mt19937 dice;
  poll_fixture f{"2026-11-23T16:01:00"};
  network_time first = at("2026-11-23T10:00:00");
  network_time now = at("2026-11-23T16:01:00");
  network_time newest = at("2026-11-23T09:55:00");
  stream_spec stream;
  std::chrono::seconds horizon{};
  std::map<place, std::vector<std::string>> history;
  std::map<place, std::string> served;
  int metrics = 1;
  int regions = 1;
  int counter = 0;
  bool faulty = true;
};

std::string field(const std::string& record, const std::string& name) {
  const auto found = record.find("\"" + name + "\":");
  if (found == std::string::npos) return "null";
  auto from = found + name.size() + 3;
  if (record[from] == '"') ++from;
  return record.substr(from, record.find_first_of(",}\"", from) - from);
}

// What is wrong with what was published; empty: nothing.
std::string wrong(const world& w) {
  std::map<std::string, int> revisions;
  std::map<place, std::vector<std::string>> published;
  for (const auto& [key, value] : w.f.kafka.records) {
    if (field(value, "revision") != std::to_string(revisions[key]++)) return "revision out of order: " + value;
    for (const auto& metric : w.stream.metrics) {
      const bool wide = w.stream.shape == record_shape::wide;
      if (!wide && field(value, "metric") != metric) continue;
      const place at{metric + " " + field(value, "network_region"),
                     parse_network_time(field(value, "interval").substr(0, 19)).value()};
      auto& values = published[at];
      const auto number = field(value, metric);
      if (!wide && !values.empty() && values.back() == number) return "twice: " + value;
      if (values.empty() || values.back() != number) values.push_back(number);
    }
  }
  for (const auto& [at, values] : w.history) {
    const auto seen = published.find(at);
    const std::string last = seen == published.end() ? "null" : seen->second.back();
    if (seen != published.end()) {
      auto have = values.begin();
      for (const auto& one : seen->second) {
        if (one == "null" && w.stream.shape == record_shape::wide) continue;
        have = std::find(have, values.end(), one);
        if (have == values.end()) return "never served, or out of order: " + one + " of " + place_text(at);
      }
    }
    const auto told = w.served.find(at);
    if (told == w.served.end()) continue;
    if (w.position_of(at) <= at.second) continue;  // held back
    if (w.stream.revisions == revision_policy::first) {
      if (seen == published.end() && values.back() != "null") return "missing: " + place_text(at);
      continue;
    }
    if (last != values.back()) return "lost: " + place_text(at) + " is " + values.back() + ", published " + last;
  }
  return {};
}

}  // namespace

TEST_CASE("A1, A2, A3: no limit, window, failure or kill loses or repeats what a look-back owes") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    world w(seed);
    for (int life = 0; life < 4; ++life) {
      w.run(w.one_of({1, 2, 5, 20}), w.one_of({0, 2, 3, 5, 9}));
      w.revise();
      w.advance(w.one_of({0, 5, 60}));
    }
    w.faulty = false;
    w.run(200, 0);
    const auto fault = wrong(w);
    CAPTURE(w.stream.batch_size.value_or(std::chrono::seconds(0)).count());
    CAPTURE(w.horizon.count());
    CAPTURE(w.f.chunk.records);
    CHECK(fault == "");
    if (!fault.empty()) break;
  }
}
