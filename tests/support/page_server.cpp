// The status page of a daemon in a given state, served as the daemon serves it: for looking at it in a browser. Each
// answer is a few seconds later than the one before. `page_server STATE`; prints its port.
#include <boost/asio/io_context.hpp>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "async/run_loop.hpp"
#include "telemetry/http_server.hpp"
#include "telemetry/page_memory.hpp"

using namespace oes;

namespace {

constexpr const char* groups[] = {"coal", "gas",   "distillate",          "bioenergy",        "hydro",
                                  "wind", "solar", "battery_discharging", "battery_charging", "pumps"};
constexpr const char* regions[] = {"NSW1", "QLD1", "SA1", "TAS1", "VIC1"};

double power_of(const std::string& group, double hour) {
  const auto sun = std::max(0.0, std::sin((hour - 6) / 12 * 3.14159));
  const auto evening = std::exp(-std::pow(hour - 19, 2) / 4);
  if (group == "coal") return 13000 - 4500 * sun + 900 * evening;
  if (group == "gas") return 900 + 1800 * evening;
  if (group == "distillate") return 40 * evening;
  if (group == "bioenergy") return 60;
  if (group == "hydro") return 1200 + 1500 * evening;
  if (group == "wind") return 3800 + 1500 * std::sin(hour / 4);
  if (group == "solar") return 13500 * sun;
  if (group == "battery_discharging") return 1400 * evening;
  if (group == "battery_charging") return 1300 * sun;
  return 400 * sun;
}

double price_of(int region, double hour) {
  const auto sun = std::max(0.0, std::sin((hour - 6) / 12 * 3.14159));
  const auto evening = std::exp(-std::pow(hour - 18.5, 2) / 3);
  double price = 85 - 140 * sun + 260 * evening + region * 9 - 15;
  if (region == 2 && hour > 18.2 && hour < 18.7) price = 17500;
  if (region == 2 && hour > 11.5 && hour < 12.2) price = -1000;
  return price;
}

member_status& member(daemon_status& status, const std::string& stream, const std::string& metric,
                      const std::string& network = "NEM", std::chrono::seconds lag = std::chrono::seconds(250)) {
  auto& one = status.members[{stream, metric}];
  one.stream = one.group = stream;
  one.metric = metric;
  one.dataset = metric == "price" || metric == "demand" ? "market" : "network";
  one.network = network;
  one.interval = "5m";
  one.topic = "openelectricity." + one.dataset + ".5m.v1";
  one.state = stream_state::live;
  const auto newest = std::chrono::floor<std::chrono::minutes>(status.now - lag);
  one.newest_at = newest;
  one.newest = format(to_network_time(newest, network::nem), utc_offset(network::nem));
  one.records = 48'213;
  one.revised = 812;
  one.trigger = one.polled_every = std::chrono::minutes(5);
  one.expected_lag = std::chrono::minutes(10);
  one.late_after = std::chrono::minutes(40);
  one.goes_on = status.now + std::chrono::seconds(172);
  one.last_success = one.last_commit = status.now - std::chrono::seconds(128);
  return one;
}

void follow_streams(page_memory& page) {
  page.chart.follow(
      {{network::nem, chart_part::generation, "nem-generation", "power", "MW", "", std::chrono::minutes(5)},
       {network::nem, chart_part::price, "nem-market", "price", "$/MWh", "", std::chrono::minutes(5)}});
}

void fill_chart(page_memory& page, const daemon_status& status) {
  const auto end = std::chrono::floor<std::chrono::minutes>(to_network_time(status.now, network::nem));
  for (int i = 287; i >= 1; --i) {
    const network_time label = end - std::chrono::minutes(5 * i) - end.time_since_epoch() % std::chrono::minutes(5);
    const auto hour =
        std::chrono::duration<double, std::ratio<3600>>(label.time_since_epoch() % std::chrono::days(1)).count();
    if (i > 130 && i < 138) continue;  // a hole
    for (const auto* group : groups) page.chart.add(0, group, group, label, power_of(group, hour));
    for (int r = 0; r < 5; ++r) page.chart.add(1, regions[r], regions[r], label, price_of(r, hour));
  }
}

void fill_history(page_memory& page, daemon_status& status) {
  const auto now = status.now;
  auto then = status;
  for (int i = 280; i >= 0; --i) {
    then.now = now - std::chrono::minutes(5 * i);
    for (auto& [key, one] : then.members) {
      const auto& real = status.members.at(key);
      one.records = real.records - std::int64_t{i} * (150 + i % 7 * 10);
      if (real.newest_at) one.newest_at = *real.newest_at - std::chrono::minutes(5 * i + (i % 9 == 0 ? 4 : 0));
    }
    page.lines.look(then);
  }
}

void say_usual_things(daemon_status& status) {
  status.version = "0.1.0";
  status.commit = "abcdef";
  status.librdkafka = "2.0.2";
  status.deployment = "openelectricity";
  status.instance = status.leader = "grid-1-4242-0badcafe";
  status.role = "leading";
  status.now = *parse_utc("2026-11-28T10:09:12Z");
  status.started_at = *parse_utc("2026-11-25T01:00:00Z");
  status.sequence = 5'213;
  status.transactions = 5'213;
  status.records = 144'639;
  status.requests = 2'731;
  status.plan = "COMMUNITY";
  status.credits_used_today = 212;
  status.credits_per_day = 500;
  status.credits_left = 288;
  status.credits_day_ends = *parse_utc("2026-11-29T00:00:00Z");
  status.api_url = "https://api.openelectricity.org.au/v4";
  status.kafka_servers = "kafka-1:9092,kafka-2:9092";
  status.kafka.brokers = 3;
  status.kafka.brokers_up = 3;
  status.kafka.told_at = status.now;
  status.kafka.last_commit = status.now - std::chrono::seconds(128);
  status.kafka.producers_replaced["idle"] = 1;
  for (
      const auto* line :
      {R"({"network_code":"NEM","interval":"2026-11-28T20:05:00+10:00","metric":"power","value":5234.5,"unit":"MW",)"
       R"("network_region":"NSW1","fueltech_group":"coal","revision":0})",
       R"({"network_code":"NEM","interval":"2026-11-28T20:05:00+10:00","metric":"price","value":-31.25,"unit":"$/MWh",)"
       R"("network_region":"SA1","revision":2})",
       R"({"network_code":"NEM","interval":"2026-11-28T20:00:00+10:00","metric":"demand","value":null,"unit":"MW",)"
       R"("network_region":"TAS1","revision":0})",
       R"({"network_code":"NEM","interval":"2026-11-28T20:00:00+10:00","power":1234,"energy":102.83,"unit_code":"BW01",)"
       R"("revision":0,"version":144639})"})
    status.recent.emplace_back(line);
  note_event(status, daemon_event::kind::takeover, "this instance leads", *parse_utc("2026-11-27T14:02:10Z"));
  note_event(status, daemon_event::kind::trouble, "the API is away: GET /v4/data/network/NEM: 503 Maintenance Mode",
             *parse_utc("2026-11-28T02:10:05Z"));
  note_event(status, daemon_event::kind::recovery,
             "over: the API is away: GET /v4/data/network/NEM: 503 Maintenance Mode",
             *parse_utc("2026-11-28T02:31:40Z"));
  note_event(status, daemon_event::kind::reload, "reloaded: streams added: wem-generation",
             *parse_utc("2026-11-28T08:15:00Z"));
}

void be_healthy(daemon_status& status) {
  member(status, "nem-generation", "power");
  member(status, "nem-market", "price");
  member(status, "nem-market", "demand");
  auto& wem = member(status, "wem-generation", "power", "WEM", std::chrono::hours(2));
  wem.state = stream_state::waiting;
  wem.expected_lag = std::chrono::hours(3);
  wem.late_after = std::chrono::hours(9);
  wem.open_gaps = 2;
}

void fail_all(daemon_status& status, stream_state state, const std::string& why) {
  for (auto& [key, one] : status.members) {
    one.state = state;
    one.last_error = why;
    one.trouble_since = status.now - std::chrono::minutes(42);
  }
}

void lag(daemon_status& status) {
  be_healthy(status);
  for (const auto* metric : {"price", "demand"})
    member(status, "nem-market", metric, "NEM", std::chrono::minutes(83)).state = stream_state::waiting;
}

void spend_credits(daemon_status& status) {
  be_healthy(status);
  fail_all(status, stream_state::limit_reached, "the day's share of credits is spent");
  status.credits_used_today = 500;
  status.credits_left = 0;
  status.credits_resume_at = status.credits_day_ends;
  for (auto& [key, one] : status.members) one.goes_on = status.credits_day_ends;
}

// As the configuration has it, and nothing more.
member_status unread(const member_status& known) {
  member_status one;
  one.stream = known.stream;
  one.group = known.group;
  one.dataset = known.dataset;
  one.network = known.network;
  one.metric = known.metric;
  one.interval = known.interval;
  one.topic = known.topic;
  one.trigger = std::chrono::minutes(5);
  return one;
}

void lose_kafka(daemon_status& status) {
  be_healthy(status);
  for (auto& [key, one] : status.members) {
    one = unread(one);
  }
  status.role = "starting";
  status.leader.clear();
  status.kafka = {};
  status.records = status.transactions = 0;
  status.events.clear();
  status.recent.clear();
  note_trouble(status, "kafka",
               {health_level::failing,
                "Kafka: kafka-1:9092: Connection refused",
                {},
                "start the brokers, or correct kafka.bootstrap_servers; tried again until it works"},
               status.now - std::chrono::minutes(3));
  note_event(status, daemon_event::kind::trouble, "Kafka: kafka-1:9092: Connection refused",
             status.now - std::chrono::minutes(3));
}

void refuse_key(daemon_status& status) {
  be_healthy(status);
  for (auto& [key, one] : status.members) one.newest = std::nullopt, one.newest_at = std::nullopt;
  fail_all(status, stream_state::bad_key, "GET /v4/data/network/NEM: 401 Invalid API key");
}

void stand_by(daemon_status& status) {
  be_healthy(status);
  for (auto& [key, one] : status.members) {
    one = unread(one);
    one.state = stream_state::standby;
  }
  status.role = "standby";
  status.leader = "grid-1-4242-0badcafe";
  status.instance = "grid-2-77-deadbeef";
  status.kafka = {};
  status.records = status.transactions = status.requests = 0;
  status.recent.clear();
}

void have_many(daemon_status& status) {
  be_healthy(status);
  for (int i = 0; i < 50; ++i) {
    const auto name = "region-stream-" + std::string(i < 10 ? "0" : "") + std::to_string(i);
    auto& one = member(status, name, i % 2 == 0 ? "power" : "energy");
    if (i % 10 == 3) one.state = stream_state::catching_up;
    if (i == 17) {
      one.state = stream_state::set_apart;
      one.last_error = "topic t refuses records: Broker: Topic authorization failed";
      one.trouble_since = status.now - std::chrono::minutes(12);
      one.goes_on = status.now + std::chrono::minutes(2);
    }
  }
}

const std::map<std::string, void (*)(daemon_status&)> states{
    {"healthy", be_healthy},    {"lagging", lag},        {"credits-spent", spend_credits},
    {"kafka-away", lose_kafka}, {"bad-key", refuse_key}, {"standby", stand_by},
    {"fifty", have_many}};

}  // namespace

int main(int argc, char** argv) {
  const auto state = states.find(argc > 1 ? argv[1] : "");
  if (state == states.end()) {
    for (const auto& [name, make] : states) std::cout << name << '\n';
    return 2;
  }
  daemon_status status;
  page_memory page;
  status.page = &page;
  say_usual_things(status);
  state->second(status);
  follow_streams(page);
  if (status.role == "leading") {
    fill_history(page, status);
    fill_chart(page, status);
  }
  telemetry_settings settings;
  settings.http_port = 0;
  settings.log_level = "error";
  logger log(settings);
  metrics numbers(status.deployment);
  boost::asio::io_context loop;
  auto moving = [&]() -> const daemon_status& {
    status.now += std::chrono::seconds(2);
    page.lines.look(status);
    return status;
  };
  auto serving = serve_http(settings, numbers, moving, log, [](std::uint16_t port) { std::cout << port << std::endl; });
  const auto ended = run_to_end(loop, "the page", std::move(serving));
  return ended ? 0 : 1;
}
