// Secrets: where they may come from, and that they are shown nowhere.
#include <doctest/doctest.h>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

class secret_files {
 public:
  secret_files() : folder_(std::filesystem::temp_directory_path() / ("oes-secrets-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  secret_files(const secret_files&) = delete;
  secret_files& operator=(const secret_files&) = delete;
  ~secret_files() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  [[nodiscard]] std::string folder() const { return folder_.string(); }

 private:
  std::filesystem::path folder_;
};

variables broker_only() { return {{"KAFKA_BOOTSTRAP_SERVERS", "a:1"}}; }

std::string everything(const loaded_configuration& loaded) {
  std::string out = loaded.resolved_yaml;
  for (const auto& line : lines(loaded)) out += line + "\n";
  return out;
}

std::string property(const configuration& c, const std::string& name) {
  for (const auto& [key, value] : c.publish.properties) {
    if (key == name) return value;
  }
  return "(none)";
}

}  // namespace

TEST_CASE("the key from a file, without the line break at its end") {
  const secret_files files;
  const auto loaded = load("api: {api_key_file: " + files.write("k", "oe_key_from_file\n") + "}", broker_only());
  REQUIRE(loaded.config);
  CHECK(loaded.config->fetch.api_key == "oe_key_from_file");
  CHECK(lines(loaded).empty());
  CHECK_FALSE(has(everything(loaded), "oe_key_from_file"));
}

TEST_CASE("a key file goes before the environment's key") {
  const secret_files files;
  const auto loaded = load("api: {api_key_file: " + files.write("k", "from_file") + "}");
  CHECK(loaded.config->fetch.api_key == "from_file");
}

TEST_CASE("a secret's file that cannot be used is a fault") {
  const secret_files files;
  CHECK(has(said("api: {api_key_file: /no/such/key}"),
            "c.yaml:1:21: error: api.api_key_file: cannot read '/no/such/key': No such file or directory"));
  CHECK(has(said("api: {api_key_file: " + files.folder() + "}"), "Is a directory"));
  CHECK(has(said("api: {api_key_file: " + files.write("e", "\n") + "}"), "is empty"));
  CHECK(has(said("api: {api_key: a, api_key_file: " + files.write("k", "b") + "}"), "given beside api.api_key"));
  CHECK(has(said("api: {ca_file: /no/such/ca.pem}"), "api.ca_file: cannot read '/no/such/ca.pem'"));
  const auto two_lines = said("api: {api_key_file: " + files.write("t", "line_one_x\nline_two_x") + "}");
  CHECK(has(two_lines, "holds a space, a line break"));
  CHECK_FALSE(has(two_lines, "line_one_x"));
}

TEST_CASE("of a secret's file that may not be read it is told who may not") {
  if (::geteuid() != 0) return;
  const secret_files files;
  const auto path = files.write("k", "a");
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  const auto* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  REQUIRE(::seteuid(nobody->pw_uid) == 0);
  const auto of_the_key = said("api: {api_key_file: " + path + "}");
  const auto of_a_property = said("kafka: {properties: {sasl.password_file: " + path + "}}");
  REQUIRE(::seteuid(0) == 0);
  CHECK(has(of_the_key, "api.api_key_file: cannot read '" + path + "': Permission denied (as user nobody)"));
  CHECK(has(of_a_property, "cannot read '" + path + "': Permission denied (as user nobody)"));
}

TEST_CASE("secret properties of Kafka come from files too") {
  const secret_files files;
  const auto path = files.write("p", "pass word$1\r\n");
  const auto loaded = load("kafka: {properties: {sasl.username: me, sasl.password_file: " + path +
                           ", ssl.key.password: inline_secret, linger.ms: 5}}");
  REQUIRE(loaded.config);
  CHECK(property(*loaded.config, "sasl.password") == "pass word$1");
  CHECK(property(*loaded.config, "sasl.password_file") == "(none)");
  CHECK(property(*loaded.config, "ssl.key.password") == "inline_secret");
  CHECK(property(*loaded.config, "linger.ms") == "5");
  const auto shown = everything(loaded);
  CHECK(has(shown, "sasl.username: me"));
  CHECK(has(shown, "sasl.password: \"[redacted]\""));
  CHECK(has(shown, "ssl.key.password: \"[redacted]\""));
  CHECK_FALSE(has(shown, "pass word"));
  CHECK_FALSE(has(shown, "inline_secret"));
  CHECK(has(said("kafka: {properties: {client.id_file: x}}"), "only secret properties have a '_file' variant"));
  CHECK(has(said("kafka: {properties: {sasl.password: a, sasl.password_file: " + path + "}}"),
            "given beside sasl.password"));
  CHECK(has(said("kafka: {properties: {sasl.password_file: /no/such}}"), "cannot read '/no/such'"));
}

TEST_CASE("a secret that was written where its file belongs is not shown") {
  const secret_files files;
  const auto key = said("api: {api_key_file: SECRETKEY12345678}");
  CHECK(has(key, "error: api.api_key_file: there is no such file; the key itself belongs in api.api_key"));
  const auto password = said("kafka: {properties: {sasl.password_file: p4ss/w0rd+}}");
  CHECK(has(password, "there is no such file; the secret itself belongs in kafka.properties.sasl.password"));
  const auto long_one = said("schema_registry: {password_file: " + std::string(300, 's') + "}");
  CHECK(has(long_one, "there is no such file; the secret itself belongs in schema_registry.password"));
  for (const auto& text : {key, password, long_one}) {
    CHECK_FALSE(has(text, "SECRETKEY"));
    CHECK_FALSE(has(text, "p4ss"));
    CHECK_FALSE(has(text, "sss"));
  }
  CHECK(has(said("api: {api_key_file: " + files.folder() + "/none}"), "/none': No such file or directory"));
}

TEST_CASE("a secret of one line is taken from its file as it is, or not at all") {
  const secret_files files;
  const auto of_kafka = [&](const std::string& property, const std::string& text) {
    return said("kafka: {properties: {" + property + "_file: " + files.write("s", text) + "}}");
  };
  CHECK(has(of_kafka("sasl.password", std::string("a\0b", 3)), "/s' holds a NUL byte"));
  CHECK(has(of_kafka("sasl.password", "a\nb\n"), "/s' holds a line break"));
  CHECK(has(of_kafka("sasl.password",
                     "\xff\xfe"
                     "a"),
            "/s' begins with a byte order mark: save it as UTF-8 without one"));
  CHECK(has(of_kafka("ssl.key.password",
                     "\xEF\xBB\xBF"
                     "a"),
            "byte order mark"));
  CHECK(of_kafka("sasl.password", "p\xE4ss\r\n").empty());
  CHECK(of_kafka("ssl.key.pem", "-----BEGIN\nx\n-----END\n").empty());
  CHECK(has(of_kafka("ssl.key.pem", std::string("a\0b", 3)), "holds a NUL byte"));
  const auto of_registry =
      said("schema_registry: {url: 'https://r', username: u, password_file: " + files.write("r", "a\nb") + "}");
  CHECK(has(of_registry, "/r' holds a line break"));
}

TEST_CASE("where a property's file cannot be read, that alone is told") {
  check_means means;
  means.try_kafka = [](const publish_settings&) {
    return kafka_trial_outcome{{{kafka_complaint::kind::wrong, "", "sasl.username and sasl.password must be set"}}, {}};
  };
  const auto loaded = parse_configuration("kafka: {properties: {sasl.username: u, sasl.password_file: /no/such}}",
                                          "c.yaml", env_of(usual()), means);
  CHECK(lines(loaded).size() == 1);
}

TEST_CASE("a path that a shell would have expanded is refused") {
  CHECK(has(said("progress_path: ~/oes"), "progress_path: '~' is not expanded here: write ${HOME}"));
  CHECK(has(said("progress_path: '~other/x'"), "'~' is not expanded here"));
  CHECK(has(said("progress_path: $HOME/x"), "progress_path: '$HOME' is not expanded here: write ${HOME}"));
  CHECK(has(said("api: {api_key_file: ~/key}"), "api.api_key_file: '~' is not expanded here: write ${HOME}"));
  CHECK(has(said("api: {ca_file: $DIR/ca.pem}"), "api.ca_file: '$DIR' is not expanded here: write ${DIR}"));
  CHECK(has(said("kafka: {properties: {ssl.ca.location: ~/ca.pem}}"), "'~' is not expanded here: write ${HOME}"));
  CHECK(has(said("kafka: {properties: {sasl.password_file: ~/p}}"), "'~' is not expanded here: write ${HOME}"));
  auto values = usual();
  values["OPENELECTRICITY_STREAM_PROGRESS_PATH"] = "~/x";
  CHECK(has(said("", values), "OPENELECTRICITY_STREAM_PROGRESS_PATH: '~' is not expanded here"));
  CHECK(said("progress_path: /srv/a~b/$x").empty());
}

TEST_CASE("print-config says that there is a key, where it came from, and not the key") {
  const auto from_env = load("");
  CHECK(has(from_env.resolved_yaml, "api_key: \"[redacted]\"  # from the environment"));
  CHECK_FALSE(has(from_env.resolved_yaml, "oe_test_key_0001"));
  const auto none = load("", broker_only());
  CHECK(has(none.resolved_yaml, "api_key:\n"));
}

TEST_CASE("a secret is not shown even where it was written by mistake") {
  const auto in_url = everything(load("api: {base_url: 'https://oe_test_key_0001@x.example/'}"));
  CHECK(has(in_url, "no user or password in the URL"));
  CHECK_FALSE(has(in_url, "oe_test_key_0001"));
  CHECK_FALSE(has(everything(load("log: {level: oe_test_key_0001}")), "oe_test_key_0001"));
  CHECK_FALSE(has(everything(load("progress_path: /srv/oe_test_key_0001")), "oe_test_key_0001"));
  CHECK_FALSE(has(everything(load("oe_test_key_0001: 1")), "oe_test_key_0001"));
  CHECK_FALSE(has(everything(load("api: {api_key: [my_secret_key]}")), "my_secret_key"));
  CHECK_FALSE(has(everything(load("api: {api_key: 'my secret key'}")), "secret key"));
  CHECK_FALSE(has(everything(load("api: {api_key: *my_secret_key}")), "my_secret_key"));
  CHECK_FALSE(has(everything(load("kafka: {properties: {sasl.password: [my_secret_key]}}")), "my_secret_key"));
}

TEST_CASE("properties that would break the guarantee are refused with the reason") {
  for (const auto* name : {"transactional.id",
                           "enable.idempotence",
                           "acks",
                           "request.required.acks",
                           "isolation.level",
                           "group.id",
                           "group.instance.id",
                           "enable.auto.commit",
                           "partition.assignment.strategy",
                           "message.timeout.ms",
                           "delivery.timeout.ms",
                           "transaction.timeout.ms",
                           "partitioner",
                           "max.in.flight",
                           "max.in.flight.requests.per.connection",
                           "retries",
                           "message.send.max.retries",
                           "queue.buffering.max.kbytes",
                           "queue.buffering.max.messages",
                           "queue.buffering.max.ms",
                           "bootstrap.servers",
                           "metadata.broker.list",
                           "interceptors",
                           "plugin.library.paths",
                           "enable.gapless.guarantee",
                           "session.timeout.ms",
                           "dr_msg_cb",
                           "ACKS"}) {
    CAPTURE(name);
    const auto loaded = load("kafka: {properties: {" + std::string(name) + ": 1}}");
    CHECK_FALSE(loaded.config);
    CHECK(has(lines(loaded).at(0), "kafka.properties." + std::string(name) + ": this property may not be set: "));
  }
  CHECK(has(said("kafka: {properties: {bootstrap.servers: x}}"), "write it as kafka.bootstrap_servers"));
  for (const auto* name : {"linger.ms", "compression.type", "client.id", "security.protocol", "debug"}) {
    CAPTURE(name);
    CHECK(load("kafka: {properties: {" + std::string(name) + ": 1}}").config);
  }
}

TEST_CASE("brokers whose certificate is not verified are warned about") {
  CHECK(has(said("kafka: {properties: {enable.ssl.certificate.verification: false}}"), "warning:"));
  CHECK(has(said("kafka: {properties: {ssl.endpoint.identification.algorithm: none}}"), "warning:"));
}
