// A listener: with $OES_CASE_REPORTS set, <folder>/<executable>.xml names every test case that ended (JUnit's form), so
// that tests/support/total.py counts cases and not executables. doctest's own junit reporter would silence the console.
#include <doctest/doctest.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool printable = static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t';
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += printable ? c : '?';
    }
  }
  return out;
}

class case_report final : public doctest::IReporter {
 public:
  explicit case_report(const doctest::ContextOptions& options)
      : counts_only_(options.count || options.list_test_cases) {}

  void test_run_start() override {
    const char* folder = std::getenv("OES_CASE_REPORTS");
    if (folder == nullptr || counts_only_) return;
    file_.open(std::string(folder) + '/' + program_invocation_short_name + ".xml");
    file_ << "<testsuite name=\"" << escaped(program_invocation_short_name) << "\">\n";
  }
  void test_run_end(const doctest::TestRunStats& /*stats*/) override { file_ << "</testsuite>\n" << std::flush; }

  void test_case_start(const doctest::TestCaseData& one) override {
    name_ = one.m_name;
    why_.clear();
  }
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    file_ << "<testcase classname=\"" << escaped(program_invocation_short_name) << "\" name=\"" << escaped(name_)
          << "\" time=\"" << stats.seconds << "\">";
    if (!stats.testCaseSuccess) file_ << "<failure message=\"" << escaped(why_) << "\"/>";
    file_ << "</testcase>\n" << std::flush;
  }
  void test_case_exception(const doctest::TestCaseException& thrown) override { note(thrown.error_string.c_str()); }
  void log_assert(const doctest::AssertData& check) override {
    if (check.m_failed) note(std::string(check.m_file) + ':' + std::to_string(check.m_line) + ": " + check.m_expr);
  }
  void log_message(const doctest::MessageData& said) override {
    if (said.m_severity != doctest::assertType::is_warn) note(said.m_string.c_str());
  }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*one*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*one*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*part*/) override {}
  void subcase_end() override {}

 private:
  void note(const std::string& text) {
    if (why_.empty()) why_ = text;
  }

  bool counts_only_;
  std::ofstream file_;
  std::string name_;
  std::string why_;
};

}  // namespace

DOCTEST_REGISTER_LISTENER("cases", 1, case_report);
