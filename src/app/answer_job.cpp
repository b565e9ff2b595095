#include "app/answer_job.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "app/exit_code.hpp"
#include "async/race.hpp"
#include "async/timer.hpp"
#include "telemetry/health.hpp"
#include "telemetry/status_json.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto patience_with_the_claim = std::chrono::seconds(5);

// The newest claim names the leader, unless that has just died.
asio::awaitable<std::string> name_of_leader(progress_store& store) {
  auto loading = store.load();
  auto late = pause_for(patience_with_the_claim);
  auto racing = race(std::move(loading), std::move(late));
  auto first = co_await std::move(racing);
  const bool known = first.index() == 0 && std::get<0>(first) && std::get<0>(first)->found;
  co_return known ? std::get<0>(first)->found->snapshot.state.claim_owner : std::string();
}

}  // namespace

asio::awaitable<job_answer> answer_job(job_desk desk, job asked, std::shared_ptr<job_wire> wire) {
  const auto& serves = desk.config.publish.deployment;
  if (!asked.deployment.empty() && asked.deployment != serves) {
    const auto why = "the daemon on " + desk.config.progress_path + " serves deployment " + serves + ", not " +
                     asked.deployment + ": each deployment on a host needs a progress_path of its own";
    co_return job_answer{exit_config, why};
  }
  if (asked.kind == job_kind::status) {
    desk.board.now = desk.clock.now();
    co_return job_answer{exit_ok, "", false, {}, to_json(desk.board)};
  }
  if (asked.kind == job_kind::reload) {
    auto answer = co_await desk.reload.reload(std::move(asked));
    co_return answer;
  }
  if (desk.requests.is_open()) {
    auto work = desk.requests.hand_in(std::move(asked), std::move(wire));
    auto answer = co_await std::move(work);
    co_return answer;
  }
  auto leader = co_await name_of_leader(desk.store);
  job_answer answer{exit_locked, ""};
  answer.text = "the daemon on this progress_path, " + desk.instance.id + ", does not lead deployment " +
                desk.config.publish.deployment + (leader.empty() ? "" : "; the newest claim is of " + leader);
  const auto judged = judge_health(desk.board);
  if (judged.level == health_level::failing) answer.text += "; it waits: " + line_of(judged.reasons.front());
  answer.text += ": run the command where the leader runs, or again when this one leads";
  co_return answer;
}

}  // namespace oes
