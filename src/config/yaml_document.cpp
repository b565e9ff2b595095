#include "config/yaml_document.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "config/expand.hpp"

namespace oes {
namespace {

// Far beyond any real configuration; aliases of aliases would otherwise grow without bound, or for ever.
constexpr int max_depth = 16;
constexpr int max_nodes = 50'000;

source_position position(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

class converter {
 public:
  converter(const environment& env, problem_log& log) : env_(env), log_(log) {}

  yaml_value convert(const YAML::Node& node, const std::string& path, int depth) {
    yaml_value out;
    out.at = position(node.Mark());
    if (depth > max_depth || ++nodes_ > max_nodes) {
      if (!too_large_) log_.fault(out.at, path, "nested too deeply or too large for a configuration");
      too_large_ = true;
      out.failed = true;
      return out;
    }
    if (node.IsScalar()) {
      out.is = yaml_value::form::scalar;
      auto expanded = expand(node.Scalar(), env_);
      out.failed = !expanded.fault.empty();
      if (out.failed) log_.fault(out.at, path, expanded.fault);
      out.text = std::move(expanded.text);
    } else if (node.IsSequence()) {
      out.is = yaml_value::form::list;
      for (std::size_t i = 0; i < node.size() && !too_large_; ++i) {
        out.items.push_back(convert(node[i], path + "[" + std::to_string(i) + "]", depth + 1));
      }
    } else if (node.IsMap()) {
      out.is = yaml_value::form::map;
      convert_entries(node, path, depth, out);
    }
    return out;
  }

 private:
  void convert_entries(const YAML::Node& node, const std::string& path, int depth, yaml_value& out) {
    for (const auto& pair : node) {
      if (too_large_) return;
      const auto at = position(pair.first.Mark());
      if (!pair.first.IsScalar()) {
        log_.fault(at, path, "a key must be a plain word");
        continue;
      }
      const std::string& key = pair.first.Scalar();
      std::string key_path = path;
      if (!key_path.empty()) key_path += '.';
      key_path += key;
      const auto first = std::find_if(out.entries.begin(), out.entries.end(),
                                      [&](const yaml_entry& entry) { return entry.key == key; });
      if (first != out.entries.end()) {
        log_.fault(at, key_path, "duplicate key: it is given on line " + std::to_string(first->at.line) + " already");
        continue;
      }
      out.entries.push_back({key, at, convert(pair.second, key_path, depth + 1)});
    }
  }

  const environment& env_;
  problem_log& log_;
  int nodes_ = 0;
  bool too_large_ = false;
};

}  // namespace

std::string found(const yaml_value& value) {
  switch (value.is) {
    case yaml_value::form::null:
      return "nothing";
    case yaml_value::form::list:
      return "a list";
    case yaml_value::form::map:
      return "a map";
    case yaml_value::form::scalar:
      break;
  }
  constexpr std::size_t longest = 60;
  return value.text.size() <= longest ? "'" + value.text + "'" : "'" + value.text.substr(0, longest) + "…'";
}

std::optional<yaml_value> parse_yaml(std::string_view text, const environment& env, problem_log& log) {
  try {
    const auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) log.fault(position(documents[1].Mark()), "", "more than one YAML document in the file");
    yaml_value root;
    if (!documents.empty()) root = converter(env, log).convert(documents.front(), "", 0);
    if (root.is == yaml_value::form::null && !root.failed) root.is = yaml_value::form::map;
    if (root.is == yaml_value::form::map) return root;
    const bool list = root.is == yaml_value::form::list;
    if (!root.failed)
      log.fault(root.at, "",
                list ? "found a list; the file must be a map of keys"
                     : "found a single value; the file must be a map of keys");
  } catch (const YAML::Exception& problem) {
    // Up to the colon: what follows quotes the file, which may hold secrets.
    const auto message = problem.msg.substr(0, problem.msg.find(": "));
    log.fault(position(problem.mark), "", "not valid YAML: " + message);
  }
  return std::nullopt;
}

}  // namespace oes
