// openelectricity-simulator: options → world → server, until SIGTERM or SIGINT.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

#include "simulator/options.hpp"

namespace {

using namespace oes::sim;

oes::network_time history_start(const options& o) {
  const auto start = oes::to_network_time(o.api.clock.shown_anchor, oes::network::nem);
  return std::chrono::floor<std::chrono::days>(start - std::chrono::days(o.history_days));
}

void announce(const server& s, const options& o) {
  if (!o.port_file.empty()) {
    std::ofstream file(o.port_file);
    file << s.port() << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + o.port_file);
  }
  std::printf("listening http://%s:%u/v4\n", o.server.address.c_str(), static_cast<unsigned>(s.port()));
  std::fflush(stdout);
}

void serve(const options& o) {
  boost::asio::io_context io(1);
  api what(o.api,
           o.fixed_world ? make_fixed_world(history_start(o)) : make_world(history_start(o), o.facilities_per_fueltech),
           o.how, gate(o.keys, o.limit_rate));
  fault_desk faults(o.how.seed, o.faults);
  served_log served(o.served_log);
  server s(io, o.server, what, faults, served);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&s](const boost::system::error_code& error, int) {
    if (!error) s.stop();
  });
  boost::asio::co_spawn(io, s.run(), [&io](const std::exception_ptr& failed) {
    io.stop();
    if (failed) std::rethrow_exception(failed);
  });
  announce(s, o);
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto parsed = parse_options(argc, argv, exit_code);
  if (!parsed) return exit_code;
  try {
    serve(*parsed);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "openelectricity-simulator: %s\n", e.what());
    return 1;
  }
  return 0;
}
