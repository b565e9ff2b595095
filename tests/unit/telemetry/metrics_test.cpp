#include "telemetry/metrics.hpp"
#include "model/version.hpp"

#include <doctest/doctest.h>

using namespace oes;
using namespace std::chrono_literals;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

}  // namespace

TEST_CASE("what the daemon did can be read off its metrics") {
  metrics numbers;
  numbers.request("nem", "NEM", "ok", 300ms, 1200);
  numbers.request("nem", "NEM", "not_yet", 100ms, 40);
  numbers.published("nem", "power", 300);
  numbers.published("nem", "power", 5);
  numbers.transaction("committed", 30ms, 305);
  numbers.transaction("not_committed", 30ms, 305);
  numbers.newest_interval("nem", "power", 1795392300, 254);
  numbers.ledger("nem", "power", 800, 8000);
  numbers.gaps("nem", "power", 2, 1);
  numbers.credits(37, 500);
  numbers.leading(true);
  const auto text = numbers.exposition();
  CHECK(has_line(text, R"(openelectricity_api_requests_total{network="NEM",outcome="ok",stream="nem"} 1)"));
  CHECK(has_line(text, R"(openelectricity_api_requests_total{network="NEM",outcome="not_yet",stream="nem"} 1)"));
  CHECK(has_line(text, R"(openelectricity_api_request_duration_seconds_count{network="NEM",stream="nem"} 2)"));
  CHECK(has_line(text, R"(openelectricity_api_received_bytes_total{network="NEM",stream="nem"} 1240)"));
  CHECK(has_line(text, R"(openelectricity_records_published_total{metric="power",stream="nem"} 305)"));
  CHECK(has_line(text, R"(openelectricity_kafka_transactions_total{outcome="committed"} 1)"));
  CHECK(has_line(text, "openelectricity_kafka_transaction_records_sum 305"));
  CHECK(has_line(text, R"(openelectricity_newest_interval_lag_seconds{metric="power",stream="nem"} 254)"));
  CHECK(has_line(text, R"(openelectricity_ledger_points{metric="power",stream="nem"} 800)"));
  CHECK(has_line(text, R"(openelectricity_ledger_bytes{metric="power",stream="nem"} 8000)"));
  CHECK(has_line(text, R"(openelectricity_open_gaps{metric="power",stream="nem"} 2)"));
  CHECK(has_line(text, R"(openelectricity_given_up_gaps{metric="power",stream="nem"} 1)"));
  CHECK(has_line(text, "openelectricity_api_credits_used_today 37"));
  CHECK(has_line(text, "openelectricity_api_credits_per_day 500"));
  CHECK(has_line(text, "openelectricity_leading 1"));
}

TEST_CASE("every family of metrics says what it is") {
  metrics numbers;
  numbers.request("nem", "NEM", "ok", 300ms, 1200);
  const auto text = numbers.exposition();
  CHECK(text.find("# HELP openelectricity_build_info ") != std::string::npos);
  CHECK(text.find("openelectricity_build_info{commit=\"" + std::string(commit()) + "\",version=\"" +
                  std::string(version()) + "\"} 1\n") != std::string::npos);
  CHECK(text.find("# TYPE openelectricity_api_request_duration_seconds histogram\n") != std::string::npos);
  CHECK(text.find("# TYPE process_resident_memory_bytes gauge\n") != std::string::npos);
  CHECK(text.find("process_open_fds ") != std::string::npos);
}

TEST_CASE("an unknown credit limit is not shown as zero") {
  metrics numbers;
  numbers.credits(3, 0);
  CHECK(numbers.exposition().find("openelectricity_api_credits_per_day ") == std::string::npos);
}
