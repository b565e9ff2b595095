#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "model/network.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/page_memory.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/price_scale.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

// Heights of the drawing's own units; the browser stretches them.
constexpr double stack_height = 1000;
constexpr double price_height = 1000;

constexpr std::array known_layers{"coal",  "gas",     "distillate",          "bioenergy",        "hydro", "wind",
                                  "solar", "battery", "battery_discharging", "battery_charging", "pumps"};

bool is_load(const std::string& layer) { return layer == "battery_charging" || layer == "pumps"; }

std::size_t order_of(const std::string& layer) {
  const auto found = std::find(known_layers.begin(), known_layers.end(), layer);
  return static_cast<std::size_t>(found - known_layers.begin());
}

// The class that colours it.
std::string tint_of(const std::string& layer) {
  return order_of(layer) < known_layers.size() ? "f-" + layer : "f-other";
}

std::string in_words(std::string layer) {
  std::replace(layer.begin(), layer.end(), '_', ' ');
  return layer;
}

std::string whole(double value) { return std::to_string(std::llround(value)); }

struct bounds {
  double low = 0;
  double high = 0;
};

// 1, 2 or 5 times a power of ten, so that three or four lines of it fit.
double pleasant_step(double span) {
  const auto rough = span / 4;
  const auto power = std::pow(10, std::floor(std::log10(std::max(rough, 1e-9))));
  for (const auto factor : {1, 2, 5}) {
    if (rough <= factor * power) return factor * power;
  }
  return 10 * power;
}

// A layer's share above the line and below it.
double above(const chart_layer& layer, std::size_t i) {
  return is_load(layer.name) || std::isnan(layer.values[i]) ? 0 : std::max(0.0F, layer.values[i]);
}
double below(const chart_layer& layer, std::size_t i) {
  if (std::isnan(layer.values[i])) return 0;
  return is_load(layer.name) ? std::abs(layer.values[i]) : std::max(0.0F, -layer.values[i]);
}

bool has_value(const std::vector<chart_layer>& layers, std::size_t i) {
  return std::any_of(layers.begin(), layers.end(), [&](const chart_layer& l) { return !std::isnan(l.values[i]); });
}

// A run of labels as a band between two heights: each label is a step as wide as its interval.
void add_band(std::string& path, std::size_t first, const std::vector<double>& top, const std::vector<double>& bottom) {
  path.append("M").append(std::to_string(first)).append(" ").append(whole(top.front()));
  for (std::size_t i = 0; i < top.size(); ++i) {
    if (i > 0 && whole(top[i]) != whole(top[i - 1])) path.append("V").append(whole(top[i]));
    path.append("H").append(std::to_string(first + i + 1));
  }
  for (std::size_t i = bottom.size(); i-- > 0;) {
    path.append("V").append(whole(bottom[i])).append("H").append(std::to_string(first + i));
  }
  path.append("Z");
}

using share = double (*)(const chart_layer&, std::size_t);

// Layers on each other, away from the zero line.
void add_stack(std::string& page, const std::vector<chart_layer>& layers, share part, double zero, double scale) {
  if (layers.empty()) return;
  const auto count = layers.front().values.size();
  std::vector<double> reached(count, 0);
  for (const auto& layer : layers) {
    std::string path;
    std::vector<double> top;
    std::vector<double> bottom;
    for (std::size_t i = 0; i <= count; ++i) {
      const bool there = i < count && has_value(layers, i);
      if (there) {
        bottom.push_back(zero - reached[i] * scale);
        reached[i] += part(layer, i);
        top.push_back(zero - reached[i] * scale);
      }
      if (!there && !top.empty()) {
        const bool flat = std::equal(top.begin(), top.end(), bottom.begin(),
                                     [](double a, double b) { return std::llround(a) == std::llround(b); });
        if (!flat) add_band(path, i - top.size(), top, bottom);
        top.clear();
        bottom.clear();
      }
    }
    if (!path.empty())
      page.append("<path class=\"").append(tint_of(layer.name)).append("\" d=\"").append(path).append("\"/>");
  }
}

bounds bounds_of(const std::vector<chart_layer>& layers) {
  bounds out;
  for (std::size_t i = 0; !layers.empty() && i < layers.front().values.size(); ++i) {
    double up = 0;
    double down = 0;
    for (const auto& layer : layers) {
      up += above(layer, i);
      down += below(layer, i);
    }
    out = {std::min(out.low, -down), std::max(out.high, up)};
  }
  if (out.high <= 0 && out.low >= 0) out.high = 1;
  return out;
}

std::string percent(double share_of_one) {
  const auto tenths = std::llround(share_of_one * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(std::abs(tenths % 10)) + "%";
}

void add_tick(std::string& page, double y, const std::string& text) {
  page.append("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"")
      .append(percent(y))
      .append("\" y2=\"")
      .append(percent(y));
  page.append("\"/><text class=\"tick left\" x=\"-8\" dy=\"4\" y=\"")
      .append(percent(y))
      .append("\">")
      .append(html_escaped(text));
  page.append("</text>");
}

// Every six hours of the network's day.
void add_hours(std::string& page, const chart_curves& part) {
  const auto count = part.layers.empty() ? 1 : part.layers.front().values.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = part.first + static_cast<std::int64_t>(i) * part.source.step;
    const auto of_day = label.time_since_epoch() % std::chrono::days(1);
    if (of_day % std::chrono::hours(6) != std::chrono::seconds(0)) continue;
    const auto x = percent(static_cast<double>(i) / static_cast<double>(count));
    const auto hour = of_day / std::chrono::hours(1);
    page.append("<line class=\"grid\" y1=\"0\" y2=\"100%\" x1=\"").append(x).append("\" x2=\"").append(x);
    page.append("\"/><text class=\"tick\" dx=\"3\" dy=\"-4\" y=\"100%\" x=\"").append(x).append("\">");
    page.append(hour < 10 ? "0" : "").append(std::to_string(hour)).append(":00</text>");
  }
}

void open_drawing(std::string& page, std::string_view of, const std::string& says) {
  page.append("<svg class=\"")
      .append(of)
      .append("\" role=\"img\" aria-label=\"")
      .append(html_escaped(says))
      .append("\">");
}

void open_shapes(std::string& page, std::size_t count, double height) {
  page.append("<svg viewBox=\"0 0 ").append(std::to_string(count)).append(" ").append(whole(height));
  page.append("\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\">");
}

std::optional<std::size_t> newest_of(const std::vector<chart_layer>& layers) {
  for (std::size_t i = layers.empty() ? 0 : layers.front().values.size(); i-- > 0;) {
    if (has_value(layers, i)) return i;
  }
  return std::nullopt;
}

void add_legend(std::string& page, const std::vector<chart_layer>& layers, const std::string& unit, bool prices) {
  const auto at = newest_of(layers);
  page.append("<ul class=\"legend\">");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    const auto tint = prices ? "p-" + std::to_string(i % 5) : tint_of(layer.name);
    page.append("<li><svg class=\"swatch\" viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect class=\"").append(tint);
    page.append("\" width=\"1\" height=\"1\"/></svg>").append(html_escaped(in_words(layer.name))).append(" <b>");
    const bool there = at && !std::isnan(layer.values[*at]);
    page.append(there ? grouped(std::llround(layer.values[*at])) : "–").append("</b></li>");
  }
  page.append("<li class=\"soft\">").append(html_escaped(unit)).append(", now</li>");
  page.append("</ul>");
}

void add_generation(std::string& page, const chart_curves& part) {
  auto layers = part.layers;
  std::stable_sort(layers.begin(), layers.end(),
                   [](const chart_layer& a, const chart_layer& b) { return order_of(a.name) < order_of(b.name); });
  const auto reach = bounds_of(layers);
  const auto step = pleasant_step(reach.high - reach.low);
  const bounds shown{std::floor(reach.low / step) * step, std::ceil(reach.high / step * 1.02) * step};
  const auto scale = stack_height / (shown.high - shown.low);
  const auto zero = shown.high * scale;
  open_drawing(page, "stack",
               std::string(code(part.source.net)) + ": generation by fueltech group in the last 24 hours, " +
                   std::to_string(part.complete) + " labels");
  open_shapes(page, layers.front().values.size(), stack_height);
  add_stack(page, layers, above, zero, scale);
  add_stack(page, layers, below, zero, -scale);
  page.append("</svg>");
  const auto ticks = std::llround((shown.high - shown.low) / step);
  for (long long i = 0; i < ticks; ++i) {
    const auto tick = shown.low + static_cast<double>(i) * step;
    add_tick(page, (shown.high - tick) / (shown.high - shown.low), grouped(std::llround(tick)));
  }
  add_hours(page, part);
  page.append("</svg>");
  add_legend(page, layers, part.source.unit, false);
}

void add_prices(std::string& page, const chart_curves& part) {
  const auto scale = price_scale_for(part.layers);
  open_drawing(page, "price", std::string(code(part.source.net)) + ": price in the last 24 hours");
  for (const auto tick : scale.ticks()) add_tick(page, 1 - scale.place(tick), grouped(std::llround(tick)));
  open_shapes(page, part.layers.front().values.size(), price_height);
  for (std::size_t n = 0; n < part.layers.size(); ++n) {
    std::string path;
    bool drawing = false;
    const auto& values = part.layers[n].values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) {
        drawing = false;
        continue;
      }
      const auto y = whole((1 - scale.place(values[i])) * price_height);
      path.append(drawing ? "V" : "M" + std::to_string(i) + " ").append(y).append("H").append(std::to_string(i + 1));
      drawing = true;
    }
    page.append("<path class=\"line p-").append(std::to_string(n % 5)).append("\" d=\"").append(path).append("\"/>");
  }
  page.append("</svg>");
  add_hours(page, part);
  page.append("</svg>");
  add_legend(page, part.layers, part.source.unit, true);
}

std::string source_text(const chart_source& source) {
  return (source.part == chart_part::generation ? "Generation by fueltech group" : "Price") +
         std::string(" from stream ") + source.stream + " (" + source.metric +
         (source.unit.empty() ? "" : ", " + source.unit) +
         (source.scope.empty() ? "" : ", " + source.scope + " alone") + ")";
}

void add_network(std::string& page, network net, const std::vector<chart_curves>& parts) {
  page.append("<figure class=\"card\"><h3>").append(code(net)).append("</h3>");
  std::string caption;
  for (const auto& part : parts) {
    if (part.source.net != net) continue;
    caption += source_text(part.source) + ". ";
    if (part.complete == 0) {
      page.append("<p class=\"none\">").append(html_escaped(source_text(part.source)));
      page.append(": nothing has been read of the last 24 hours since this instance began.</p>");
    } else if (part.source.part == chart_part::generation) {
      add_generation(page, part);
    } else {
      add_prices(page, part);
    }
  }
  caption +=
      "Of several streams one is drawn, never their sum: the one of the whole network, else of the shortest "
      "interval, else the first by name. A label is drawn when all its series are there. Times are the network's.";
  page.append("<figcaption>").append(html_escaped(caption)).append("</figcaption></figure>");
}

}  // namespace

void add_charts(std::string& page, const daemon_status& status) {
  page.append("<h2>Data of the last 24 hours</h2>");
  if (status.role == "standby") {
    page.append(
        "<div class=\"card\"><p class=\"none\">This instance does not lead and reads nothing: where another one leads, "
        "the charts are on its page.</p></div>");
    return;
  }
  const auto parts = status.page != nullptr ? status.page->chart.curves(status.now) : std::vector<chart_curves>();
  if (parts.empty()) {
    page.append(
        "<div class=\"card\"><p class=\"none\">No stream fits a chart: it takes metric <code>power</code> by "
        "<code>fueltech_group</code> or <code>fueltech</code>, or metric <code>price</code>, in long form and of at "
        "most an hour's interval.</p></div>");
    return;
  }
  std::set<network> networks;
  for (const auto& part : parts) {
    if (networks.insert(part.source.net).second) add_network(page, part.source.net, parts);
  }
}

}  // namespace oes
