#include "shape.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace oes::sim {
namespace {

using rapidjson::Value;

std::string kind(const Value& v) {
  if (v.IsNull()) return "null";
  if (v.IsBool()) return "boolean";
  if (v.IsString()) return "string";
  if (v.IsDouble()) return "float";
  if (v.IsNumber()) return "integer";
  return v.IsArray() ? "array" : "object";
}

std::string keys(const Value& object) {
  std::set<std::string> all;
  for (const auto& member : object.GetObject()) all.insert(member.name.GetString());
  std::string out;
  for (const auto& name : all) out += name + " ";
  return out;
}

const Value* series_named(const Value& block, const std::string& name) {
  for (const auto& series : block["results"].GetArray()) {
    if (name == series["name"].GetString()) return &series;
  }
  return nullptr;
}

std::optional<std::string> points_difference(const Value& expected, const Value& found, bool labels) {
  if (found.Empty()) return "no points";
  for (const auto& point : found.GetArray()) {
    if (point.Size() != 2 || !point[0].IsString() || (!point[1].IsNull() && !point[1].IsDouble())) {
      return "a point is not [text, float or null]: " + to_text(point);
    }
    if (point[0].GetStringLength() != expected[0][0].GetStringLength()) return "a label of another form";
  }
  if (!labels) return std::nullopt;
  if (expected.Size() != found.Size()) return "another number of points";
  for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
    if (expected[i][0] != found[i][0]) return "another label: " + to_text(found[i]);
  }
  return std::nullopt;
}

std::optional<std::string> block_difference(const Value& expected, const Value& found, bool labels) {
  if (keys(expected) != keys(found)) return "keys " + keys(found);
  for (const auto* same : {"network_code", "metric", "unit", "interval", "groupings", "network_timezone_offset"}) {
    if (expected[same] != found[same]) return std::string(same) + " is " + to_text(found[same]);
  }
  if (expected["results"].Size() != found["results"].Size()) return "another number of series";
  for (const auto& series : expected["results"].GetArray()) {
    const std::string name = series["name"].GetString();
    const auto* other = series_named(found, name);
    if (other == nullptr) return "no series " + name;
    if (keys(series) != keys(*other)) return name + ": keys " + keys(*other);
    if (series["columns"] != (*other)["columns"]) return name + ": columns " + to_text((*other)["columns"]);
    if (labels && (series["date_start"] != (*other)["date_start"] || series["date_end"] != (*other)["date_end"])) {
      return name + ": another span";
    }
    if (auto points = points_difference(series["data"], (*other)["data"], labels)) return name + ": " + *points;
  }
  return std::nullopt;
}

}  // namespace

std::string to_text(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return buffer.GetString();
}

std::optional<std::string> shape_difference(const Value& expected, const Value& found, const std::string& path) {
  if (kind(expected) != kind(found)) return path + " is " + kind(found) + ", not " + kind(expected);
  if (expected.IsObject()) {
    if (keys(expected) != keys(found)) return path + " has keys " + keys(found) + "instead of " + keys(expected);
    for (const auto& member : expected.GetObject()) {
      const std::string name = member.name.GetString();
      auto inside = path;
      inside.append(".").append(name);
      if (auto deeper = shape_difference(member.value, found[name], inside)) return deeper;
    }
  } else if (expected.IsArray()) {
    if (expected.Empty() != found.Empty()) return path + " is empty or is not";
    if (!expected.Empty()) return shape_difference(expected[0], found[0], path + "[0]");
  }
  return std::nullopt;
}

std::optional<std::string> series_difference(const Value& expected, const Value& found, bool labels) {
  if (keys(expected) != keys(found)) return "envelope has keys " + keys(found);
  if (found["version"] != expected["version"] || found["success"] != expected["success"]) return "envelope differs";
  if (found["created_at"].GetStringLength() != expected["created_at"].GetStringLength()) return "created_at's form";
  const auto& blocks = expected["data"];
  if (blocks.Size() != found["data"].Size()) return "another number of blocks";
  for (rapidjson::SizeType i = 0; i < blocks.Size(); ++i) {
    if (auto difference = block_difference(blocks[i], found["data"][i], labels)) {
      return std::string(blocks[i]["metric"].GetString()) + ": " + *difference;
    }
  }
  return std::nullopt;
}

}  // namespace oes::sim
