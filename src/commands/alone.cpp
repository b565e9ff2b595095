#include "commands/alone.hpp"

#include <iostream>
#include <utility>

#include "app/fresh_permit.hpp"
#include "app/last_write.hpp"
#include "app/learn_limits.hpp"
#include "app/term.hpp"
#include "async/run_loop.hpp"
#include "files/lock_file.hpp"
#include "operate/control_client.hpp"
#include "progress/progress_file.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

configuration for_a_command(configuration config) {
  config.telemetry.log_level = "warn";
  config.publish.standby = false;
  return config;
}

asio::awaitable<void> begin(parts& all, found_progress file, run_mode mode, const work_alone& work, exit_code& code) {
  request_queue requests(all.loop.get_executor());
  auto budget = make_rationing(account_access_of(all));
  auto learning = learn_limits(account_access_of(all), budget, all.state.stop);
  const auto limits = co_await std::move(learning);
  term_context context{all, requests, std::move(file), limits, budget, mode};
  context.asked_as = running_account(account_access_of(all));
  context.fresh_allowed = has_fresh_permit(all.config.progress_path);
  auto working = work(context);
  const auto ended = co_await std::move(working);
  code = ended;
}

}  // namespace

exit_code run_alone(configuration config, run_mode mode, const work_alone& work) {
  auto lock = lock_file::acquire(config.progress_path);
  if (!lock) return fail(lock.error());
  remove_dead_socket(config.progress_path);
  auto file = read_progress_file(config.progress_path);
  if (!file) return fail(file.error());
  parts all(for_a_command(std::move(config)));
  exit_code code = exit_failure;
  run_to_end(all.loop, "the command", begin(all, std::move(*file), mode, work, code));
  if (!finish_files(*all.kafka.store, all.files, all.crashes, all.telling.log)) leave_now(all.telling.log, code);
  all.blocking.join();
  return code;
}

asio::awaitable<result<both_sides>> look_alone(term_context& context, std::string home) {
  auto looking = topics_of(topic_sight_of(context.all), std::move(home), missing_topics::leave);
  auto topics = co_await std::move(looking);
  if (!topics) co_return topics.error();
  auto file = context.known;
  auto finding = find_both_sides(progress_sight_of(context.all), std::move(file), std::move(topics->cluster_id));
  auto found = co_await std::move(finding);
  co_return found;
}

asio::awaitable<result<job_answer>> run_term_for(term_context& context, const operator_request& mine) {
  auto running = run_term(context);
  const auto ended = co_await std::move(running);
  co_await context.all.kafka.publisher->resign();
  if (!ended && (ended.error().code != errc::stopped || !mine.done.is_set())) co_return ended.error();
  co_return mine.answer;
}

exit_code fail(const error& why) {
  std::cerr << why.context << '\n';
  return exit_code_for(why.code);
}

exit_code tell(const job_answer& given) {
  if (!given.text.empty()) (given.exit == exit_ok ? std::cout : std::cerr) << given.text << '\n';
  return static_cast<exit_code>(given.exit);
}

}  // namespace oes
