#pragma once
// A source to push answers into: it keeps what was asked and gives what was queued, in order.
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <vector>

#include "fetch/source.hpp"
#include "support/poison.hpp"

namespace oes::test {

class fake_source final : public source {
 public:
  void answer(std::string body) { queued_.emplace_back(raw_answer{std::move(body), {}}); }
  void answer(error failure) { queued_.emplace_back(std::move(failure)); }
  [[nodiscard]] const std::vector<fetch_request>& asked() const { return asked_; }

  boost::asio::awaitable<result<raw_answer>> fetch(fetch_request request) override {
    bad->begins("fetch");
    asked_.push_back(std::move(request));
    bad->has_done_its_work();
    if (queued_.empty() && serve) co_return serve(asked_.back());
    if (queued_.empty()) co_return error{errc::not_yet, "nothing was queued", {}, 404};
    auto next = std::move(queued_.front());
    queued_.pop_front();
    co_return next;
  }
  boost::asio::awaitable<result<account>> fetch_account() override {
    bad->begins("fetch_account");
    co_return account{};
  }
  boost::asio::awaitable<result<facility_list>> fetch_facilities() override {
    bad->begins("fetch_facilities");
    ++lists_asked;
    bad->has_done_its_work();
    co_return list;
  }

  std::function<result<raw_answer>(const fetch_request&)> serve;  ///< answers where nothing is queued
  result<facility_list> list = error{errc::server_error, "no list was given", {}, 500};
  int lists_asked = 0;
  poison none;
  poison* bad = &none;  ///< a test gives several fakes the same one

 private:
  std::deque<result<raw_answer>> queued_;
  std::vector<fetch_request> asked_;
};

}  // namespace oes::test
