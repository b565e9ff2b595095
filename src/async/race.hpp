#pragma once
// The first of several coroutines to complete ends the race: the others are cancelled and awaited, so that none
// outlives it. A branch that throws ends it too, and is rethrown once the others have ended. (Asio's `||` drops the
// exception and waits for another branch.) What cannot be cancelled, a commit, belongs into a task_group.
//
//   auto racing = race(std::move(reading), pause_for(patience));
//   auto first = co_await std::move(racing);
//   if (first.index() == 1) …        // as Asio's `||`: a variant, monostate for void
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace oes {

/// The index of the first to complete. What a cancelled loser throws to say so is dropped, anything else is rethrown.
boost::asio::awaitable<std::size_t> first_of(std::vector<boost::asio::awaitable<void>> branches);

/// Completes when all have; the first exception cancels the others and is rethrown once they have ended.
boost::asio::awaitable<void> when_all(std::vector<boost::asio::awaitable<void>> branches);

namespace racing {

template <class T>
using kept = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::shared_ptr<std::optional<kept<T>>> into) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(work);
    into->emplace();
  } else {
    auto value = co_await std::move(work);
    into->emplace(std::move(value));
  }
}

template <class Variant, class Slots, std::size_t... I>
Variant chosen(Slots& slots, std::size_t index, std::index_sequence<I...> /*all*/) {
  std::optional<Variant> out;
  static_cast<void>(
      ((I == index && (out.emplace(std::in_place_index<I>, std::move(*std::get<I>(slots))), true)) || ...));
  return std::move(*out);
}

template <class Variant, class Slots>
boost::asio::awaitable<Variant> run(std::vector<boost::asio::awaitable<void>> branches, std::shared_ptr<Slots> slots) {
  auto all = first_of(std::move(branches));
  const std::size_t index = co_await std::move(all);
  co_return chosen<Variant>(*slots, index, std::make_index_sequence<std::tuple_size_v<Slots>>());
}

template <class Slots, class... Ts, std::size_t... I>
std::vector<boost::asio::awaitable<void>> branches_of(const std::shared_ptr<Slots>& slots,
                                                      std::index_sequence<I...> /*all*/,
                                                      boost::asio::awaitable<Ts>&&... work) {
  std::vector<boost::asio::awaitable<void>> out;
  out.reserve(sizeof...(Ts));
  (out.push_back(keep<Ts>(std::move(work), {slots, &std::get<I>(*slots)})), ...);
  return out;
}

}  // namespace racing

template <class... Ts>
boost::asio::awaitable<std::variant<racing::kept<Ts>...>> race(boost::asio::awaitable<Ts>... work) {
  using slots_type = std::tuple<std::optional<racing::kept<Ts>>...>;
  auto slots = std::make_shared<slots_type>();  // shared by the branches and whoever reads the winner's value
  auto branches = racing::branches_of(slots, std::index_sequence_for<Ts...>(), std::move(work)...);
  return racing::run<std::variant<racing::kept<Ts>...>>(std::move(branches), std::move(slots));
}

}  // namespace oes
