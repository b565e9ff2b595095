// Alerts, their tests and docs/runbook.md belong together: who is woken by one finds its entry.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

namespace fs = std::filesystem;

/// Of each match the first group.
std::set<std::string> all_of(const std::string& text, const std::string& what) {
  const std::regex pattern(what);
  std::set<std::string> found;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), pattern); match != std::sregex_iterator(); ++match) {
    found.insert((*match)[1].str());
  }
  return found;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string rules() { return text_of(checkout / "deploy" / "prometheus" / "rules.yaml"); }

std::string runbook() { return text_of(checkout / "docs" / "runbook.md"); }

}  // namespace

TEST_CASE("each alert has its entry in docs/runbook.md, and is led there") {
  const auto alerts = all_of(rules(), "- alert: ([A-Za-z]+)");
  const auto headings = all_of(runbook(), "\n### (OpenElectricity[A-Za-z]*)");
  CHECK(alerts.size() > 20);
  CHECK(alerts == headings);
  std::set<std::string> anchors;
  for (const auto& alert : alerts) anchors.insert(lower(alert));
  CHECK(all_of(rules(), "runbook_url: docs/runbook\\.md#([a-z]+)\n") == anchors);
}

TEST_CASE("each exit code has its entry in docs/runbook.md") {
  const auto codes = all_of(text_of(checkout / "docs" / "cli.md"), "\n\\| ([0-9]+) \\|");
  CHECK(codes.contains("78"));
  CHECK(all_of(runbook(), "\n### Exit code ([0-9]+)\n") == codes);
}

TEST_CASE("an entry of docs/runbook.md is an alert's or an exit code's, and says how to confirm it") {
  const auto text = runbook();
  const std::string heading = "\n### ";
  int alerts = 0;
  for (auto begin = text.find(heading); begin != std::string::npos; begin = text.find(heading, begin + 1)) {
    const auto entry = text.substr(begin + heading.size(), text.find("\n## ", begin + 1) - begin - heading.size());
    const auto one = entry.substr(0, entry.find(heading));
    const auto name = one.substr(0, one.find('\n'));
    if (std::regex_match(name, std::regex("Exit code [0-9]+"))) continue;
    CHECK_MESSAGE(std::regex_match(name, std::regex("OpenElectricity[A-Za-z]+")), name);
    CHECK_MESSAGE(one.find("\n- Confirm: ") != std::string::npos, name);
    ++alerts;
  }
  CHECK(alerts > 20);
}

TEST_CASE("each alert is seen firing by a test of promtool") {
  const auto folder = checkout / "deploy" / "prometheus";
  const auto tests = text_of(folder / "rules_test.yaml") + text_of(folder / "rules_days_test.yaml");
  CHECK(all_of(tests, "ALERTS\\{alertname=\"([A-Za-z]+)\",alertstate=\"firing\"") ==
        all_of(rules(), "- alert: ([A-Za-z]+)"));
}

TEST_CASE("each metric that alerts and dashboard ask for is one of docs/monitoring.md") {
  const auto known =
      all_of(text_of(checkout / "docs" / "monitoring.md"), "\\b((?:openelectricity|process)_[a-z0-9_]+)");
  auto asked = all_of(rules(), "\\b((?:openelectricity|process)_[a-z0-9_]+)");
  asked.merge(all_of(text_of(checkout / "deploy" / "grafana" / "dashboards" / "openelectricity-stream.json"),
                     "\\b((?:openelectricity|process)_[a-z0-9_]+)"));
  CHECK(asked.size() > 50);
  for (const auto& one : asked) {
    const auto family = std::regex_replace(one, std::regex("_(bucket|sum|count)$"), "");
    CHECK_MESSAGE((known.contains(one) || known.contains(family)), one);
  }
}
