#include "app/answer_job.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "app/exit_code.hpp"
#include "async/race.hpp"
#include "async/timer.hpp"
#include "telemetry/health.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto patience_with_kafka = std::chrono::seconds(5);

// The newest claim names the leader, unless that has just died.
asio::awaitable<std::string> name_of_leader(parts& all) {
  auto loading = all.store->load();
  auto late = pause_for(patience_with_kafka);
  auto racing = race(std::move(loading), std::move(late));
  auto first = co_await std::move(racing);
  const bool known = first.index() == 0 && std::get<0>(first) && std::get<0>(first)->found;
  co_return known ? std::get<0>(first)->found->snapshot.state.claim_owner : std::string();
}

}  // namespace

asio::awaitable<job_answer> answer_job(parts& all, request_queue& requests, config_reload& config, job asked,
                                       std::shared_ptr<job_wire> wire) {
  const auto& serves = all.config.publish.deployment;
  if (!asked.deployment.empty() && asked.deployment != serves) {
    const auto why = "the daemon on " + all.config.progress_path + " serves deployment " + serves + ", not " +
                     asked.deployment + ": each deployment on a host needs a progress_path of its own";
    co_return job_answer{exit_config, why};
  }
  if (asked.kind == job_kind::status) {
    all.board.now = all.clock.now();
    co_return job_answer{exit_ok, "", false, {}, to_json(all.board)};
  }
  if (asked.kind == job_kind::reload) {
    auto answer = co_await config.reload(std::move(asked));
    co_return answer;
  }
  if (requests.is_open()) {
    auto work = requests.hand_in(std::move(asked), std::move(wire));
    auto answer = co_await std::move(work);
    co_return answer;
  }
  auto leader = co_await name_of_leader(all);
  job_answer answer{exit_locked, ""};
  answer.text = "the daemon on this progress_path, " + all.instance.id + ", does not lead deployment " +
                all.config.publish.deployment + (leader.empty() ? "" : "; the newest claim is of " + leader);
  const auto judged = judge_health(all.board);
  if (judged.level == health_level::failing) answer.text += "; it waits: " + line_of(judged.reasons.front());
  answer.text += ": run the command where the leader runs, or again when this one leads";
  co_return answer;
}

}  // namespace oes
