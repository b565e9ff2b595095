// Calls: of the few functions and methods that are known to leave alone what they are handed, and of all others.
#include <algorithm>
#include <array>

#include "migrate/python_run.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::size_t deepest_copy = 12;

template <std::size_t Size>
bool is_among(std::string_view name, const std::array<std::string_view, Size>& all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

// From a call's `(`.
python_run::arguments python_run::arguments_of(std::size_t bracket) {
  arguments out;
  const span inside{bracket + 1, tokens_[bracket].partner};
  if (is_comprehension(inside)) {
    out.values.push_back(comprehension(inside, bracket));
    return out;
  }
  for (const auto& part : split(inside, ",")) {
    if (part.empty()) continue;
    const auto rest = span{part.first + 1, part.behind};
    if (tokens_.is(part.first, "**")) {
      const auto more = evaluate(rest);
      if (more.is == kind::dict && state_.is_sure(more)) {
        state_.use(more);
        const auto& all = state_.at(more);
        for (std::size_t i = 0; i < all.items.size(); ++i) out.named.emplace_back(all.keys[i], all.items[i]);
      } else {
        doubt(more, part.first);
        auto unpacked = more;
        unpacked.text = tokens_.text(rest.first, rest.behind);
        if (more.has_object()) unpacked.line = state_.at(more).doubted;
        if (more.is != kind::foreign) unpacked.is = kind::unknown;
        out.named.emplace_back(value{}, unpacked);
      }
    } else if (tokens_.is(part.first, "*")) {
      const auto more = evaluate(rest);
      if (more.is == kind::list && state_.is_sure(more)) {
        const auto& all = state_.at(more).items;
        out.values.insert(out.values.end(), all.begin(), all.end());
      } else {
        doubt(more, part.first);
        out.is_whole = false;
      }
    } else if (tokens_.is_name(part.first) && tokens_.is(part.first + 1, "=")) {
      const auto name = std::string(tokens_.text(part.first));
      out.named.emplace_back(value::of(kind::text, name), evaluate({part.first + 2, part.behind}));
    } else {
      out.values.push_back(evaluate(part));
    }
  }
  return out;
}

void python_run::give_away(const arguments& given, std::size_t place) {
  const auto lose_reader = [&](const value& one) {
    if (one.is != kind::reader) return;
    lose(one, place,
         "the reader is handed to " + printable(tokens_.text(place), longest_shown) + "(…), which is not followed");
  };
  for (const auto& one : given.values) {
    lose_reader(one);
    doubt(one, place);
  }
  for (const auto& one : given.named) {
    lose_reader(one.second);
    doubt(one.second, place);
  }
}

python_value python_run::call(const value& callee, std::size_t bracket, span whole) {
  const auto given = arguments_of(bracket);
  if (callee.is == kind::function) return call_function(callee, &given, tokens_[whole.first].line);
  if (callee.is == kind::reader && given.values.empty() && given.named.empty()) return callee;  // readStream() of Java
  if (callee.is == kind::foreign) return call_foreign(callee.text, given, bracket, whole);
  give_away(given, bracket - 1);
  doubt(callee, bracket - 1);
  auto out = unknown_at(whole);
  out.line = callee.line;
  return out;
}

python_value python_run::call_foreign(const std::string& name, arguments given, std::size_t bracket, span whole) {
  constexpr std::array<std::string_view, 29> readers{"print",
                                                     "len",
                                                     "str",
                                                     "repr",
                                                     "int",
                                                     "float",
                                                     "bool",
                                                     "isinstance",
                                                     "type",
                                                     "id",
                                                     "range",
                                                     "any",
                                                     "all",
                                                     "json.dumps",
                                                     "pprint",
                                                     "pprint.pprint",
                                                     "logging.getLogger",
                                                     "logging.debug",
                                                     "logging.info",
                                                     "logging.warning",
                                                     "logging.error",
                                                     "getLogger.debug",
                                                     "getLogger.info",
                                                     "getLogger.warning",
                                                     "getLogger.error",
                                                     "getLogger.exception",
                                                     "logging.exception",
                                                     "os.getenv",
                                                     "os.environ.get"};
  constexpr std::array<std::string_view, 9> changers{
      "exec", "eval", "globals", "locals", "vars", "setattr", "__import__", "importlib.reload", "runpy.run_path"};
  constexpr std::array<std::string_view, 4> ends{"sys.exit", "exit", "quit", "os._exit"};
  const auto line = tokens_[bracket].line;
  const auto count = given.values.size();
  const bool is_one = count == 1 && given.named.empty() && given.is_whole;
  auto out = unknown_at(whole);
  if (name == "dict") return new_dict(given, bracket);
  if (name == "datetime" || name == "datetime.datetime") {
    const bool is_plain =
        std::all_of(given.values.begin(), given.values.end(), [](const value& one) { return one.is == kind::number; });
    if (is_plain && given.named.empty() && given.is_whole) {
      value code;
      code.is = kind::code;
      for (const auto& one : given.values) code.text += (code.text.empty() ? "datetime(" : ", ") + one.text;
      code.text += ")";
      return code;
    }
    return out;
  }
  if ((name == "list" || name == "tuple" || name == "copy.copy" || name == "copy.deepcopy") && is_one &&
      state_.is_sure(given.values[0]) && given.values[0].is != kind::function && given.values[0].is != kind::reader) {
    const auto& of = given.values[0];
    if (name.starts_with("copy")) return copy_of(of, name == "copy.deepcopy", bracket);
    return list_of(of.is == kind::list ? state_.at(of).items : state_.at(of).keys, bracket);
  }
  if (is_among(name, changers)) state_.doubt_all(line);
  if (is_among(name, ends)) has_ended_ = true;
  if (name == "logging.getLogger") {
    value log;
    log.is = kind::foreign;
    log.text = "getLogger";
    return log;
  }
  if (is_among(name, readers)) return out;
  give_away(given, bracket - 1);
  return out;
}

// dict(other, a=1)
python_value python_run::new_dict(const arguments& given, std::size_t place) {
  python_object made;
  made.is = kind::dict;
  made.line = tokens_[place].line;
  auto out = state_.make(std::move(made));
  if (!given.is_whole) doubt(out, place);
  for (const auto& one : given.values) unpack_into(out, one, place);
  for (const auto& [key, item] : given.named) {
    if (key.is == kind::text) {
      set_item(out, key, item);
    } else {
      unpack_into(out, item, place);
    }
  }
  return out;
}

void python_run::set_item(const value& dict, value key, value item) {
  auto& object = state_.change(dict);
  const auto known = std::find_if(object.keys.rbegin(), object.keys.rend(), [&](const value& one) {
    return one.is != kind::text || one.text == key.text;  // not past what may be that one
  });
  const bool is_there = key.is == kind::text && known != object.keys.rend() && known->is == kind::text;
  if (is_there) {
    object.items[static_cast<std::size_t>(object.keys.rend() - known) - 1] = std::move(item);
  } else {
    object.keys.push_back(std::move(key));
    object.items.push_back(std::move(item));
  }
}

void python_run::unpack_into(const value& dict, const value& from, std::size_t place) {
  if (from.is == kind::dict && state_.is_sure(from)) {
    state_.use(from);
    const auto other = state_.at(from);
    for (std::size_t i = 0; i < other.items.size(); ++i) set_item(dict, other.keys[i], other.items[i]);
    return;
  }
  doubt(from, place);
  auto unpacked = from;
  if (from.has_object()) {
    unpacked = {};
    unpacked.text = "…";
    unpacked.line = state_.at(from).doubted;
  }
  set_item(dict, {}, unpacked);
}

python_value python_run::copy_of(const value& one, bool deep, std::size_t place) {
  if (!one.has_object() || one.is == kind::function || one.is == kind::reader || depth_ > deepest_copy) return one;
  if (one.is == kind::dict) state_.use(one);
  auto copy = state_.at(one);
  copy.is_used = copy.is_changed = false;
  copy.line = tokens_[place].line;
  if (deep) {
    ++depth_;
    for (auto& item : copy.items) item = copy_of(item, true, place);
    --depth_;
  }
  return state_.make(std::move(copy));
}

python_value python_run::method(const value& of, std::size_t name_place, std::size_t bracket, span whole) {
  const auto name = tokens_.text(name_place);
  if (of.is == kind::reader) return method_of_reader(of, name_place, bracket, whole);
  if (of.is == kind::foreign && name != "format" && name != "option" && name != "options") {
    if (name == "readStream") return new_reader(name_place);
    return call_foreign(of.text + "." + std::string(name), arguments_of(bracket), bracket, whole);
  }
  const auto given = arguments_of(bracket);
  if (state_.is_sure(of) && given.is_whole) {
    std::optional<value> out;
    if (of.is == kind::dict) out = method_of_dict(of, name, given, name_place);
    if (of.is == kind::list) out = method_of_list(of, name, given);
    if (out) return *out;
  }
  if (of.is == kind::text) {
    value out = unknown_at(whole);
    const bool joins = name == "join" && given.values.size() == 1 && given.values[0].is == kind::list &&
                       state_.is_sure(given.values[0]);
    if (!joins) return out;
    auto joined = value::of(kind::text);
    for (const auto& item : state_.at(given.values[0]).items) {
      if (item.is != kind::text) return out;
      joined.text += (&item == state_.at(given.values[0]).items.data() ? "" : of.text) + item.text;
    }
    return joined;
  }
  return method_of_unknown(of, name_place, given, whole);
}

std::optional<python_value> python_run::method_of_dict(const value& of, std::string_view name, const arguments& given,
                                                       std::size_t place) {
  const auto count = given.values.size() + given.named.size();
  const auto dict = state_.at(of);
  const bool is_told =
      std::all_of(dict.keys.begin(), dict.keys.end(), [](const value& key) { return key.is == kind::text; });
  if (name == "copy" && count == 0) return copy_of(of, false, place);
  if (name == "update") {
    for (const auto& one : given.values) unpack_into(of, one, place);
    for (const auto& [key, item] : given.named) {
      if (key.is == kind::text) {
        set_item(of, key, item);
      } else {
        unpack_into(of, item, place);
      }
    }
    return value::of(kind::none);
  }
  if (name == "get" && !given.values.empty() && given.named.empty() && given.values[0].is == kind::text && is_told) {
    for (std::size_t i = dict.keys.size(); i-- > 0;) {
      if (dict.keys[i].text == given.values[0].text) return dict.items[i];
    }
    return given.values.size() > 1 ? given.values[1] : value::of(kind::none);
  }
  if (!is_told || count != 0 || (name != "items" && name != "keys" && name != "values")) return std::nullopt;
  state_.use(of);
  std::vector<value> out;
  for (std::size_t i = 0; i < dict.items.size(); ++i) {
    if (name == "items") {
      out.push_back(list_of({dict.keys[i], dict.items[i]}, place));
    } else {
      out.push_back(name == "keys" ? dict.keys[i] : dict.items[i]);
    }
  }
  return list_of(std::move(out), place);
}

std::optional<python_value> python_run::method_of_list(const value& of, std::string_view name, const arguments& given) {
  if (!given.named.empty()) return std::nullopt;
  if (name == "copy" && given.values.empty()) return copy_of(of, false, 0);
  if (given.values.size() != 1) return std::nullopt;
  if (name == "append") {
    state_.change(of).items.push_back(given.values[0]);
    return value::of(kind::none);
  }
  if (name == "extend" && given.values[0].is == kind::list && state_.is_sure(given.values[0])) {
    const auto more = state_.at(given.values[0]).items;
    auto& items = state_.change(of).items;
    items.insert(items.end(), more.begin(), more.end());
    return value::of(kind::none);
  }
  return std::nullopt;
}

}  // namespace oes
