#include "app/backfill_job.hpp"

#include <cmath>

#include "app/backfill_report.hpp"
#include "app/edit_plan.hpp"
#include "app/exit_code.hpp"
#include "app/published_before.hpp"
#include "async/clock.hpp"
#include "backfill/backfill.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// What the job tells on its wire and on the status board.
class teller {
 public:
  teller(daemon_status& board, operator_request& one) : board_(board), one_(one), began_(steady_now()) {}
  ~teller() { board_.backfill.reset(); }
  teller(const teller&) = delete;
  teller& operator=(const teller&) = delete;

  void tell(const backfill_news& news) {
    job_progress line;
    line.done = static_cast<std::int64_t>(news.done);
    line.of = static_cast<std::int64_t>(news.done + news.left);
    line.records = static_cast<std::int64_t>(news.records);
    line.requests = static_cast<std::int64_t>(news.requests);
    if (!news.chunk.empty()) {
      line.from = format(news.chunk.begin);
      line.to = format(news.chunk.end);
    }
    line.waits_for = news.waits_for;
    if (news.until) line.until = format_utc_seconds(*news.until);
    if (news.done > 0 && news.waits_for.empty()) {
      const auto spent = std::chrono::duration<double>(steady_now() - began_).count();
      line.seconds_left = std::llround(spent / static_cast<double>(news.done) * static_cast<double>(news.left));
    }
    const auto& asked = one_.what;
    board_.backfill = backfill_status{asked.stream, asked.from,    asked.to,       line.done, line.of,
                                      line.records, line.requests, line.waits_for, line.until};
    one_.wire->tell(std::move(line));
  }

 private:
  daemon_status& board_;
  operator_request& one_;
  steady_time began_;
};

std::string amounts_of(const backfill_news& news) {
  const auto left_out = news.out_of_reach.empty() ? "" : "; not asked for: " + news.out_of_reach;
  return std::to_string(news.records) + " record(s) from " + std::to_string(news.requests) + " request(s)" + left_out;
}

// nullopt: the tap closed before it was done, and it is still wanted.
std::optional<job_answer> answer_of(const result<backfill_news>& ended, const operator_request& one, event& tap) {
  if (ended) return job_answer{exit_ok, "done: " + amounts_of(*ended)};
  const auto& why = ended.error();
  if (why.code == errc::fenced) tap.set();
  if (!one.wire->has_listener())
    return job_answer{exit_failure,
                      "the command that asked for this backfill has disconnected; run it again to go on",
                      false,
                      {},
                      {}};
  if (why.code == errc::stopped || why.code == errc::fenced) return std::nullopt;
  return job_answer{exit_code_for(why.code), why.context};
}

asio::awaitable<std::optional<job_answer>> backfill(background_context& context, const poll_context& by, reader& read,
                                                    writer& write, operator_request& one) {
  teller voice(context.board, one);
  label_places places;
  backfill_context bench{
      context.groups,
      by,
      &context.facilities,
      read,
      write,
      [&voice](const backfill_news& news) { voice.tell(news); },
      [&one] { return one.wire->has_listener(); },
      [&context, &by, &write, &places](const request_group& group, std::vector<member_labels> asked) {
        return read_published(topic_access_of(context.config, context.log), by.tap, group, std::move(asked),
                              write.committer.snapshot(), places);
      }};
  context.log.info("backfill begins", {{"stream", one.what.stream}, {"command", one.what.command}});
  auto order = order_of(one.what);
  auto reason = reason_of(one.what, by.clock.now());
  auto ended = co_await run_backfill(std::move(order), std::move(reason), bench);
  auto answer = answer_of(ended, one, by.tap);
  context.log.info("backfill ends",
                   {{"stream", one.what.stream}, {"outcome", answer ? answer->text : "to be continued"}});
  co_return answer;
}

}  // namespace

asio::awaitable<void> do_backfill(background_context& context, const poll_context& by, reader& read, writer& write) {
  const auto one = context.requests.background();
  auto answer = co_await backfill(context, by, read, write, *one);
  if (answer) context.requests.finish_background(std::move(*answer));
}

}  // namespace oes
