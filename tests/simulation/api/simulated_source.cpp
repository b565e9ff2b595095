#include "simulation/api/simulated_source.hpp"

#include <array>
#include <utility>

#include "async/timer.hpp"
#include "model/network.hpp"
#include "simulation/api/lies.hpp"

namespace oes::simulation {
namespace {

namespace asio = boost::asio;

constexpr std::array<errc, 4> ways_to_fail{errc::server_error, errc::unreachable, errc::network_error, errc::timed_out};

class simulated_source final : public source {
 public:
  simulated_source(simulated_api& api, time_source& clock) : api_(api), clock_(clock) {}

  asio::awaitable<result<raw_answer>> fetch(fetch_request request) override {
    const auto sent = clock_.run();
    auto arriving = arrive();
    const auto refused = co_await std::move(arriving);
    if (refused) co_return *refused;
    const auto now = api_.now();
    auto told = tell(request, now);
    auto coming = pause_for(some_while());
    const bool came = co_await std::move(coming);
    if (!came) co_return error{errc::stopped, "stopped"};
    const auto said = std::chrono::floor<std::chrono::seconds>(now) + api_.faults.date_off;
    clock_.see({said, sent, clock_.run()});
    if (told.second.empty()) co_return error{errc::not_yet, "no data", {}, 404};
    api_.tell("the API answers " + text_of(told.first));
    api_.log.push_back(std::move(told.first));
    api_.log.back().at = machine::running()->now();
    co_return raw_answer{std::move(told.second), clock_.now(), said};
  }

  asio::awaitable<result<account>> fetch_account() override {
    if (!api_.key.admits(api_.now())) co_return refusal();
    co_return api_.key.tell();
  }

  asio::awaitable<result<facility_list>> fetch_facilities() override {
    if (api_.units == nullptr) co_return error{errc::server_error, "no list of facilities in this world", {}, 500};
    const auto sent = clock_.run();
    auto arriving = arrive();
    const auto refused = co_await std::move(arriving);
    if (refused) co_return *refused;
    const auto now = api_.now();
    auto list = list_units(now);
    auto coming = pause_for(some_while());
    const bool came = co_await std::move(coming);
    if (!came) co_return error{errc::stopped, "stopped"};
    clock_.see({std::chrono::floor<std::chrono::seconds>(now) + api_.faults.date_off, sent, clock_.run()});
    list.received_at = clock_.now();
    co_return list;
  }

 private:
  // What becomes of a request on its way; nothing: it is answered now.
  asio::awaitable<std::optional<error>> arrive() {
    auto waiting = pause_for(some_while());
    const bool waited = co_await std::move(waiting);
    if (!waited) co_return error{errc::stopped, "stopped"};
    if (auto failed = fails()) co_return failed;
    if (!api_.key.admits(api_.now())) co_return refusal();
    co_return std::nullopt;
  }
  [[nodiscard]] error refusal() const {
    api_.tell("the API refuses the key");
    return {api_.key.ever_admitted() ? errc::limit_reached : errc::bad_key, "Authentication failed", {}, 401};
  }
  [[nodiscard]] std::chrono::microseconds some_while() const {
    return std::chrono::microseconds(1000 * (5 + api_.draw() % 120) / api_.hurry);
  }
  [[nodiscard]] std::optional<error> fails() const {
    const auto drawn = api_.draw();
    if (!api_.faults.away && static_cast<int>(drawn % 1000) >= api_.faults.failing) return std::nullopt;
    return error{ways_to_fail[drawn / 1000 % ways_to_fail.size()], "the API fails in this world", {}, 0};
  }

  // What the answer shows, and its text; no text: there is nothing.
  [[nodiscard]] std::pair<served_answer, std::string> tell(const fetch_request& asked, utc_time now) const {
    auto told = api_.what.answer(asked, now);
    served_answer out{{}, now, machine::running()->current_process(), asked.window, asked.metrics, points_in(told), {}};
    if (out.shown.empty()) return {std::move(out), ""};
    // What there is of a bucket that is not over nobody has to publish.
    const auto& grid = api_.what.grid();
    const auto is_open = [&](const auto& one) { return grid.end_of(std::get<2>(one.first)) > now; };
    if (std::erase_if(out.shown, is_open) > 0 && out.shown.empty()) return {std::move(out), text_of(told)};
    const auto drawn = api_.draw();
    if (static_cast<int>(drawn % 1000) >= api_.faults.lying) return {std::move(out), text_of(told)};
    auto which = all_lies[drawn / 1000 % all_lies.size()];
    // With a Date as false as the label, nobody could know.
    if (which == lie::label_ahead && api_.faults.date_off > std::chrono::seconds(0)) which = lie::row_repeated;
    leave_out(told, which, drawn);
    auto left = points_in(told);
    std::erase_if(left, is_open);
    for (const auto& [point, number] : out.shown) {
      if (!left.contains(point)) out.left_out.insert(point);
    }
    out.shown = std::move(left);
    // Such an answer is refused as a whole: whoever asked has been told nothing.
    if (which == lie::odd_region) out.shown.clear();
    add_untrue(told, which, drawn, asked.window, to_network_time(now, api_.what.grid().net));
    api_.tell("the API lies to " + out.to->name + ": " + std::string(name(which)));
    return {std::move(out), text_of(told)};
  }

  // One that is cut short, or has an entry that cannot be used, says nothing of what it lacks.
  [[nodiscard]] facility_list list_units(utc_time now) const {
    auto list = api_.units->list(now);
    const auto drawn = api_.draw();
    std::string told = std::to_string(list.units.size()) + " units";
    if (static_cast<int>(drawn % 1000) < api_.faults.lying) {
      if (drawn / 1000 % 2 == 0) {
        list.units.resize(served_facilities::cut_short);
        told += ", cut short";
      } else {
        const auto unusable = list.units.begin() + static_cast<std::ptrdiff_t>(drawn / 2000 % list.units.size());
        list.left_out_of = {unusable->facility_code};
        list.units.erase(unusable);
        list.left_out = 1;
        list.left_out_because = "a unit without a code";
        told += ", one of them without a code";
      }
    }
    api_.tell("the API lists to " + machine::running()->current_process()->name + ": " + told);
    return list;
  }

  simulated_api& api_;
  time_source& clock_;
};

}  // namespace

std::unique_ptr<source> make_simulated_source(simulated_api& api, time_source& clock) {
  return std::make_unique<simulated_source>(api, clock);
}

}  // namespace oes::simulation
