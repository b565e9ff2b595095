// openelectricity-mock-kafka: librdkafka's embedded mock cluster as a process of its own, for the demo and for tests
// without a Kafka. It keeps nothing on disk and speaks enough of the protocol for idempotent producers and consumers.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view usage =
    "usage: openelectricity-mock-kafka [--brokers N] [--topic NAME:PARTITIONS]... [--bootstrap-file FILE]\n"
    "Prints `bootstrap HOST:PORT` and runs until SIGTERM or SIGINT.\n";

struct options {
  int brokers = 1;
  std::string bootstrap_file;
  std::vector<std::pair<std::string, int>> topics;
};

bool parse_number(std::string_view text, int& value) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && value > 0;
}

bool parse_topic(std::string_view text, options& o) {
  const auto colon = text.rfind(':');
  int partitions = 1;
  if (colon != std::string_view::npos && !parse_number(text.substr(colon + 1), partitions)) return false;
  o.topics.emplace_back(text.substr(0, std::min(colon, text.size())), partitions);
  return !o.topics.back().first.empty();
}

bool parse(int argc, char** argv, options& o) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    const std::string_view value = argv[i + 1];
    if (option == "--brokers") {
      if (!parse_number(value, o.brokers) || o.brokers > 9) return false;
    } else if (option == "--bootstrap-file") {
      o.bootstrap_file = value;
    } else if (option != "--topic" || !parse_topic(value, o)) {
      return false;
    }
  }
  return argc % 2 == 1;
}

struct handle_closer {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
};
struct cluster_closer {
  void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
};

int run(const options& o, const sigset_t& signals) {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  // Warnings about a client without brokers are of no use here: the client only carries the cluster.
  rd_kafka_conf_set(conf, "log_level", "3", why.data(), why.size());
  const std::unique_ptr<rd_kafka_t, handle_closer> handle(
      rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
  if (!handle) {
    rd_kafka_conf_destroy(conf);
    std::fprintf(stderr, "openelectricity-mock-kafka: %s\n", why.data());
    return 1;
  }
  const std::unique_ptr<rd_kafka_mock_cluster_t, cluster_closer> cluster(
      rd_kafka_mock_cluster_new(handle.get(), o.brokers));
  if (!cluster) {
    std::fputs("openelectricity-mock-kafka: the cluster did not start\n", stderr);
    return 1;
  }
  for (const auto& [name, partitions] : o.topics) {
    const auto error = rd_kafka_mock_topic_create(cluster.get(), name.c_str(), partitions, o.brokers);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    std::fprintf(stderr, "openelectricity-mock-kafka: topic %s: %s\n", name.c_str(), rd_kafka_err2str(error));
    return 1;
  }
  const std::string bootstrap = rd_kafka_mock_cluster_bootstraps(cluster.get());
  if (!o.bootstrap_file.empty()) {
    std::ofstream file(o.bootstrap_file);
    file << bootstrap << '\n';
    if (!file.flush()) {
      std::fprintf(stderr, "openelectricity-mock-kafka: cannot write %s\n", o.bootstrap_file.c_str());
      return 1;
    }
  }
  std::printf("bootstrap %s\n", bootstrap.c_str());
  std::fflush(stdout);
  int caught = 0;
  sigwait(&signals, &caught);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::fputs(usage.data(), stdout);
    return 0;
  }
  options o;
  if (!parse(argc, argv, o)) {
    std::fputs(usage.data(), stderr);
    return 2;
  }
  // Blocked before librdkafka starts threads, so that only sigwait sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return run(o, signals);
}
