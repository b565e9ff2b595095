#pragma once
// What a script has made so far: its names, and the dicts, lists, readers and functions that they stand for, each once
// however many names it has. Every change is written down, so that it can be taken back, or doubted. Pure.
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oes {

struct python_value {
  enum class kind {
    unknown,  ///< only Python would know it
    foreign,  ///< a name of another file, or of Python itself: json.dumps
    code,     ///< what a foreign name always makes: datetime(2024, 1, 15)
    none,
    boolean,
    number,
    text,
    list,  ///< from here on it stands for an object; a tuple and a set, too
    dict,
    reader,
    function,
  };
  kind is = kind::unknown;
  bool truth = false;
  bool may_read = false;  ///< of unknown: it is one of several readers
  bool writes = false;    ///< of unknown: what is set on it is no reader's option
  std::string text;       ///< of a number and of unknown: as written
  std::size_t line = 0;   ///< of unknown: where it is decided; 0: where it stands
  std::size_t object = 0;

  static python_value of(kind is, std::string_view text = {}) {
    python_value out;
    out.is = is;
    out.text = text;
    return out;
  }
  [[nodiscard]] bool has_object() const { return is >= kind::list; }
};

struct python_object {
  python_value::kind is = python_value::kind::list;
  std::vector<python_value> keys;   ///< of a dict, and of what is set on a reader; unknown: of what was unpacked there
  std::vector<python_value> items;  ///< of a function: what its parameters are without an argument
  std::size_t line = 1;             ///< where it is made
  std::size_t doubted = 0;          ///< the line since which nobody knows what it holds
  bool is_used = false;             ///< a dict that is unpacked, a reader that is loaded
  bool is_changed = false;
  bool is_rehearsed = false;      ///< made where it is not yet known how often: it comes again
  python_value format;            ///< of a reader, and where it was given
  std::size_t format_place = 0;   ///< 0: nowhere
  std::vector<std::string> lost;  ///< what is done with a reader that cannot be followed
  std::size_t place = 0;          ///< of a function: its def or lambda
  std::size_t scope = 0;          ///< in which a function is made
};

class python_state {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  struct mark {
    std::size_t changes = 0;
    std::size_t objects = 0;
    std::size_t scopes = 0;
  };

  /// Of a function's call; `outer`: where it looks names up next.
  std::size_t open_scope(std::size_t outer);
  [[nodiscard]] std::size_t outer_of(std::size_t scope) const { return scopes_[scope].outer; }
  [[nodiscard]] const python_value* find(std::string_view name, std::size_t scope) const;
  [[nodiscard]] bool has(std::string_view name, std::size_t scope) const { return scopes_[scope].names.contains(name); }
  void bind(std::string_view name, std::size_t scope, python_value value);

  python_value make(python_object one);
  [[nodiscard]] const python_object& at(const python_value& one) const { return objects_[one.object]; }
  [[nodiscard]] std::size_t objects() const { return objects_.size(); }
  [[nodiscard]] const python_object& object(std::size_t place) const { return objects_[place]; }
  /// Whether what it stands for is known.
  [[nodiscard]] bool is_sure(const python_value& one) const { return one.has_object() && at(one).doubted == 0; }
  python_object& change(const python_value& one);
  /// Unpacked, or loaded: that is never taken back.
  void use(const python_value& one) { objects_[one.object].is_used = true; }

  [[nodiscard]] mark now() const { return {changes_.size(), objects_.size(), scopes_.size()}; }
  /// What is made from now on comes again: it does not count. Once more for each; false: once less.
  void rehearse(bool more) { more ? ++rehearsals_ : --rehearsals_; }
  /// What was made since then does not count.
  void forget(const mark& since);
  /// All as it was then; what was done stays written down.
  void undo(const mark& since);
  /// Nobody knows whether, or how often, what was done since then is done: nor what it would have changed.
  void doubt_changes(const mark& since, std::size_t line);
  /// Whatever it stands for may be changed by others from now on.
  void doubt(const python_value& one, std::size_t line);
  /// A name of which others may change what it stands for, whenever they like; `also_bound`: or what it is.
  void capture(std::string_view name, std::size_t line, bool also_bound);
  /// Every name is given a value that nobody knows; doubt_all: from now on, too.
  void doubt_all_names(std::size_t line);
  void doubt_all(std::size_t line);
  /// What was given a second value, or changed after it was made: at another time it was another.
  void doubt_what_changed(std::size_t line);
  /// Names outside of the scopes that were opened since then, or objects older than that, were changed.
  [[nodiscard]] std::vector<std::string> names_changed_outside(const mark& since, bool& anything) const;

  /// Functions that others may call, since the last time that this was asked.
  std::vector<std::size_t> take_escaped() { return std::exchange(escaped_, {}); }
  /// A measure of the work done.
  [[nodiscard]] std::size_t work() const { return work_; }

 private:
  struct scope {
    std::size_t outer = none;
    std::map<std::string, python_value, std::less<>> names;
  };
  struct written {
    bool is_name = true;
    std::size_t where = 0;  ///< the scope, or the object
    std::string name;
    bool was_there = false;
    python_value before;
    python_value after;
    python_object object_before;
  };

  void doubt_name(std::string_view name, std::size_t scope, std::size_t line, const python_value& candidate);

  std::vector<scope> scopes_;
  std::vector<python_object> objects_;
  std::vector<written> changes_;
  std::vector<std::size_t> escaped_;
  std::map<std::string, std::pair<std::size_t, bool>, std::less<>> captured_;  ///< line, also_bound
  std::set<std::pair<std::size_t, std::string>> bound_again_;
  std::size_t all_doubted_ = 0;
  std::size_t rehearsals_ = 0;
  std::size_t work_ = 0;
};

}  // namespace oes
