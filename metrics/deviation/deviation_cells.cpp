// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/deviation_cells.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace meshassay::metrics {
namespace {

// Each index writes only what is its own, so the result is the same for any number of threads.
template <typename Body>
void for_each_index(std::size_t count, Body body) {
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 64),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
                    });
}

// Two cells across the longest edge: the angles of the pieces stay bounded.
std::vector<Cell> halves_of(const Cell& parent, const DistanceField& field) {
  std::size_t from = 0;
  double longest = -1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double length = (parent.corners[(i + 1) % 3] - parent.corners[i]).squaredNorm();
    if (length > longest) {
      longest = length;
      from = i;
    }
  }
  const std::size_t to = (from + 1) % 3;
  const Point3 middle = 0.5 * (parent.corners[from] + parent.corners[to]);
  const DistanceSample at_middle = field.sample(middle, parent.triangles_at_corners[from]);
  const auto half = [&](std::size_t replaced) {
    Cell child = parent;
    child.corners[replaced] = middle;
    child.at_corners[replaced] = at_middle.signed_mm;
    child.triangles_at_corners[replaced] = at_middle.triangle;
    child.area_mm2 = 0.5 * parent.area_mm2;
    field.describe(child);
    child.upper_mm = std::min(child.upper_mm, parent.upper_mm);
    return child;
  };
  return {half(to), half(from)};
}

// Replaces each chosen cell by the first of its parts and puts the others at the end, in the order chosen.
void refine(std::vector<Cell>& cells, const std::vector<std::size_t>& chosen, const DistanceField& field) {
  std::vector<std::vector<Cell>> parts(chosen.size());
  for_each_index(chosen.size(), [&](std::size_t k) {
    parts[k] = field.natural_parts(cells[chosen[k]]);
    if (parts[k].empty()) parts[k] = halves_of(cells[chosen[k]], field);
  });
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    cells[chosen[k]] = parts[k].front();
    cells.insert(cells.end(), parts[k].begin() + 1, parts[k].end());
  }
}

// The heaviest cells, as many as are wanted, or at least a small part of what is left to be spent: a round
// looks at every cell, and thousands of rounds for a few cells each would take far longer than the cells are
// worth.
std::vector<std::size_t> heaviest(const std::vector<double>& weights, std::size_t wanted, std::size_t left) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0.0) order.push_back(i);
  const std::size_t count = std::min({order.size(), std::max(wanted, left / 32 + 1), left});
  const auto is_before = [&](std::size_t a, std::size_t b) {
    return weights[a] > weights[b] || (weights[a] == weights[b] && a < b);
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  if (end != order.end()) std::nth_element(order.begin(), end, order.end(), is_before);
  std::sort(order.begin(), end, is_before);
  order.resize(count);
  return order;
}

double total_area(const std::vector<Cell>& cells) {
  double sum = 0.0;
  for (const auto& cell : cells) sum += cell.area_mm2;
  return sum;
}

// What rounding may do to a distance: coordinates and distances are of this size.
double rounding_mm(const std::vector<Cell>& cells) {
  double largest = 0.0;
  for (const auto& cell : cells) {
    largest = std::max(largest, cell.upper_mm);
    for (const auto& corner : cell.corners) largest = std::max(largest, corner.cwiseAbs().maxCoeff());
  }
  return 64.0 * std::numeric_limits<double>::epsilon() * largest;
}

struct Moments {
  double bias = 0.0, mean_abs = 0.0, rms = 0.0, sd = 0.0;  // Of the linear models.
  double mean_departure = 0.0, rms_departure = 0.0;        // Of the bounds.
  double mean_estimate = 0.0, rms_estimate = 0.0;
};

Moments moments_of(const std::vector<Cell>& cells) {
  const double area = total_area(cells);
  Moments m;
  double squares = 0.0, squared_departures = 0.0, squared_estimates = 0.0;
  for (const auto& cell : cells) {
    const double weight = cell.area_mm2 / area;
    m.bias += weight * cell.at_center;
    m.mean_abs += weight * mean_magnitude(cell.model);
    squares += weight * (cell.at_center * cell.at_center + variance(cell.model));
    m.mean_departure += weight * cell.departure_mm;
    squared_departures += weight * cell.departure_mm * cell.departure_mm;
    m.mean_estimate += weight * cell.estimate_mm;
    squared_estimates += weight * cell.estimate_mm * cell.estimate_mm;
  }
  // About the bias directly: the difference of two squares would lose the digits of a small scatter.
  double scatter = 0.0;
  for (const auto& cell : cells) {
    const double from_bias = cell.at_center - m.bias;
    scatter += cell.area_mm2 / area * (from_bias * from_bias + variance(cell.model));
  }
  m.rms = std::sqrt(squares);
  m.sd = std::sqrt(scatter);
  m.rms_departure = std::sqrt(squared_departures);
  m.rms_estimate = std::sqrt(squared_estimates);
  return m;
}

double wanted_width_mm(const Moments& m, const RefinementOptions& options) {
  return std::max(options.width_mm, options.relative_width * std::min(std::abs(m.bias), m.sd));
}

// The root of the mean square of a departure.
double root_mean_square(const std::vector<Cell>& cells, double Cell::*departure) {
  double squares = 0.0;
  for (const auto& cell : cells) squares += cell.area_mm2 * cell.*departure * cell.*departure;
  return std::sqrt(squares / total_area(cells));
}

// Refines the cells whose `departure` counts most until the root of its mean square is small enough; what it
// spends comes off `left`.
void refine_for_means(std::vector<Cell>& cells, const DistanceField& field, double Cell::*departure,
                      const RefinementOptions& options, std::size_t& left) {
  const auto wanted_mm = [&] { return wanted_width_mm(moments_of(cells), options); };
  double width_mm = wanted_mm();
  while (left > options.max_bisections / 64) {
    const double rms = root_mean_square(cells, departure);
    // What is wanted depends on the values, which refining has changed a little: once more at the end.
    if (2.0 * rms <= width_mm) {
      width_mm = wanted_mm();
      if (2.0 * rms <= width_mm) return;
    }
    std::vector<double> weights(cells.size());
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      weights[i] = cells[i].area_mm2 * cells[i].*departure * cells[i].*departure;
      if (cells[i].area_mm2 > 0.0 && cells[i].*departure > 0.7 * rms) ++wanted;
    }
    // A cell that is cut along a mesh's edges has about eight parts.
    const std::size_t parts = field.estimates_are_bounds() ? 1 : 8;
    const auto chosen = heaviest(weights, wanted, std::max<std::size_t>(1, left / parts));
    if (chosen.empty()) return;
    const std::size_t before = cells.size();
    refine(cells, chosen, field);
    // A cell without parts of an area is replaced by itself: it counts too, so that this ends.
    left -= std::min(left, std::max(chosen.size(), cells.size() - before));
  }
}

// Smallest t >= 0 with |model| + shift * departure <= t on the fraction `level` of the area.
double quantile(const std::vector<Cell>& cells, double Cell::*departure, double shift, double level) {
  struct Range {
    double lo, hi;
    std::size_t cell;
  };
  std::vector<Range> undecided;
  double top = 0.0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!(cells[i].area_mm2 > 0.0)) continue;
    const double added = shift * cells[i].*departure;
    undecided.push_back(
        {least_magnitude(cells[i].model) + added, greatest_magnitude(cells[i].model) + added, i});
    top = std::max(top, undecided.back().hi);
  }
  // Without the last digits of the sum, or rounding would decide whether 100 % is ever reached.
  const double wanted = level * total_area(cells) * (1.0 - 1e-12);
  double area_below = 0.0;  // Of the cells that lie below the bracket as a whole.
  const auto area_at = [&](double t) {
    double sum = area_below;
    for (const auto& range : undecided) {
      const Cell& cell = cells[range.cell];
      if (t >= range.hi)
        sum += cell.area_mm2;
      else if (t >= range.lo)
        sum += cell.area_mm2 * fraction_of_magnitude_at_most(cell.model, t - shift * cell.*departure);
    }
    return sum;
  };
  if (area_at(0.0) >= wanted) return 0.0;
  double low = 0.0, high = top;
  for (int step = 0; step < 200 && high - low > 1e-13 * top; ++step) {
    const double middle = 0.5 * (low + high);
    (area_at(middle) >= wanted ? high : low) = middle;
    std::vector<Range> still;
    for (const auto& range : undecided) {
      if (range.hi <= low)
        area_below += cells[range.cell].area_mm2;
      else if (range.lo <= high)
        still.push_back(range);
    }
    undecided = std::move(still);
  }
  return high;
}

// The fraction of the area of a cell whose distance is at most the limit, were each distance larger by
// shift * departure.
double fraction_within(const Cell& cell, double limit, double Cell::*departure, double shift) {
  return fraction_of_magnitude_at_most(cell.model, limit - shift * cell.*departure);
}

double undecided_area(const Cell& cell, double limit, double Cell::*departure) {
  return cell.area_mm2 *
         (fraction_within(cell, limit, departure, -1.0) - fraction_within(cell, limit, departure, 1.0));
}

// Refines the cells that decide a fraction of the area; returns whether that is known well enough.
bool refine_for_fraction(std::vector<Cell>& cells, const DistanceField& field, double limit_mm,
                         double Cell::*departure, const FractionOptions& options) {
  const double enough_mm2 = options.width * total_area(cells), rounding = rounding_mm(cells);
  std::size_t left = options.max_bisections;
  std::vector<double> undecided, hopeful;  // Of the first: what refining can decide.
  const auto look_at = [&](std::size_t i) {
    undecided[i] = undecided_area(cells[i], limit_mm, departure);
    // Where all of a cell is at the limit itself, as on plateaus, only rounding decides.
    hopeful[i] = cells[i].*departure > rounding ? undecided[i] : 0.0;
  };
  const auto look_from = [&](std::size_t first) {
    undecided.resize(cells.size());
    hopeful.resize(cells.size());
    for_each_index(cells.size() - first, [&](std::size_t n) { look_at(first + n); });
  };
  look_from(0);
  while (true) {
    double sum = 0.0, largest = 0.0;
    for (const double area_mm2 : undecided) sum += area_mm2;
    for (const double area_mm2 : hopeful) largest = std::max(largest, area_mm2);
    if (sum <= enough_mm2) return true;
    if (left == 0) return false;
    const auto wanted = std::count_if(hopeful.begin(), hopeful.end(),
                                      [&](double area_mm2) { return area_mm2 > 0.1 * largest; });
    const auto chosen = heaviest(hopeful, static_cast<std::size_t>(wanted), left);
    if (chosen.empty()) return false;
    const std::size_t before = cells.size();
    refine(cells, chosen, field);
    for (const std::size_t i : chosen) look_at(i);
    look_from(before);
    left -= std::min(left, std::max(chosen.size(), cells.size() - before));
  }
}

}  // namespace

std::vector<Cell> make_cells(const TriangleMesh& surface, const DistanceField& field) {
  std::vector<char> used(surface.vertices_mm.size(), 0);
  for (const auto& triangle : surface.triangles)
    for (const auto vertex : triangle) used[vertex] = 1;
  std::vector<DistanceSample> at_vertex(surface.vertices_mm.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, at_vertex.size(), 256),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      std::size_t hint = TriangleTree::none;  // Vertices lie near the ones before, mostly.
                      for (std::size_t v = range.begin(); v != range.end(); ++v) {
                        if (!used[v]) continue;
                        at_vertex[v] = field.sample(surface.vertices_mm[v], hint);
                        hint = at_vertex[v].triangle;
                      }
                    });
  std::vector<Cell> cells(surface.triangles.size());
  for_each_index(cells.size(), [&](std::size_t t) {
    Cell& cell = cells[t];
    for (std::size_t i = 0; i < 3; ++i) {
      const auto vertex = surface.triangles[t][i];
      cell.corners[i] = surface.vertices_mm[vertex];
      cell.at_corners[i] = at_vertex[vertex].signed_mm;
      cell.triangles_at_corners[i] = at_vertex[vertex].triangle;
    }
    cell.area_mm2 = area_vector_mm2(surface, t).norm();
    field.describe(cell);
  });
  return cells;
}

AreaStatistics area_statistics(std::vector<Cell>& cells, const DistanceField& field, double percentile,
                               const RefinementOptions& options) {
  std::size_t left = options.max_bisections;
  refine_for_means(cells, field, &Cell::departure_mm, options, left);
  Moments m = moments_of(cells);
  const bool rigorous = field.estimates_are_bounds() || 2.0 * m.rms_departure <= wanted_width_mm(m, options);
  if (!rigorous) {
    // The bounds could not be made narrow enough: estimates on cells that are fine enough for them.
    left = options.max_bisections / 2;
    refine_for_means(cells, field, &Cell::estimate_mm, options, left);
    m = moments_of(cells);
  }
  double Cell::*departure = rigorous ? &Cell::departure_mm : &Cell::estimate_mm;
  const double mean_departure = rigorous ? m.mean_departure : m.mean_estimate;
  const double rms_departure = rigorous ? m.rms_departure : m.rms_estimate;
  const double rounding = rounding_mm(cells);
  const auto enclosed = [&](double value, double half_width, double least) {
    const double half = half_width + rounding;
    return Enclosed{
        .value = value, .ruler = {std::max(least, value - half), value + half}, .rigorous = rigorous};
  };
  constexpr double unbounded = -std::numeric_limits<double>::infinity();
  AreaStatistics result;
  // With distance = model + e and |e| <= departure: the mean and the mean magnitude move by at most mean|e|;
  // the root mean square and the standard deviation are seminorms and move by at most rms(e).
  result.bias_mm = enclosed(m.bias, mean_departure, unbounded);
  result.mean_abs_mm = enclosed(m.mean_abs, mean_departure, 0.0);
  result.rms_mm = enclosed(m.rms, rms_departure, 0.0);
  result.sd_mm = enclosed(m.sd, rms_departure, 0.0);
  // Quantiles are monotone: they lie between those of the lower and the upper bound of |distance|.
  const double level = percentile / 100.0;
  double value_mm = 0.0, lowest_mm = 0.0, highest_mm = 0.0;
  tbb::parallel_invoke([&] { value_mm = quantile(cells, departure, 0.0, level); },
                       [&] { lowest_mm = quantile(cells, departure, -1.0, level); },
                       [&] { highest_mm = quantile(cells, departure, 1.0, level); });
  result.percentile_mm = enclosed(value_mm, 0.0, 0.0);
  Interval& ruler = result.percentile_mm.ruler;
  ruler.lo = std::clamp(lowest_mm - rounding, 0.0, ruler.lo);
  ruler.hi = std::max(highest_mm + rounding, ruler.hi);
  return result;
}

Enclosed area_fraction_within(std::vector<Cell>& cells, const DistanceField& field, double limit_mm,
                              const FractionOptions& options) {
  const bool known = refine_for_fraction(cells, field, limit_mm, &Cell::departure_mm, options);
  const bool rigorous = known || field.estimates_are_bounds();
  if (!rigorous) refine_for_fraction(cells, field, limit_mm, &Cell::estimate_mm, options);
  double Cell::*departure = rigorous ? &Cell::departure_mm : &Cell::estimate_mm;
  const double area = total_area(cells), rounding = rounding_mm(cells);
  const auto fraction = [&](double shift) {
    double sum = 0.0;
    for (const auto& cell : cells)
      sum += cell.area_mm2 * fraction_within(cell, limit_mm - shift * rounding, departure, shift);
    return std::clamp(sum / area, 0.0, 1.0);
  };
  const double value = fraction(0.0);
  const double last_bits = 1e-12;  // Of a sum of as many areas as there are cells.
  return {.value = value,
          .ruler = {std::max(0.0, std::min(value, fraction(1.0)) - last_bits),
                    std::min(1.0, std::max(value, fraction(-1.0)) + last_bits)},
          .rigorous = rigorous};
}

bool DistanceLimits::are_decided_by(const Interval& distance_mm) const {
  return std::none_of(limits_mm.begin(), limits_mm.end(), [&](double limit_mm) {
    return distance_mm.lo <= limit_mm && limit_mm < distance_mm.hi;
  });
}

GreatestDistance greatest_distance(std::vector<Cell> cells, const DistanceField& field,
                                   const RefinementOptions& options, const DistanceLimits& limits) {
  const double rounding = rounding_mm(cells);
  GreatestDistance result;
  double attained = -1.0;  // So that a surface that lies on the reference has a place too.
  const auto look_at = [&](const Cell& cell) {
    for (std::size_t i = 0; i < 3; ++i)
      if (std::abs(cell.at_corners[i]) > attained) {
        attained = std::abs(cell.at_corners[i]);
        result.place_mm = cell.corners[i];
      }
    if (std::abs(cell.at_center) > attained) {
      attained = std::abs(cell.at_center);
      result.place_mm = cell.center();
    }
  };
  for (const auto& cell : cells) look_at(cell);

  double settled = 0.0;  // The largest bound of a cell that was put aside as near enough.
  std::size_t left = options.max_bisections;
  while (true) {
    const double width = std::max(options.width_mm, options.relative_width * attained);
    std::vector<Cell> open;
    double top = attained;
    for (const auto& cell : cells) {
      if (cell.upper_mm <= attained + width) {
        settled = std::max(settled, cell.upper_mm);
        continue;
      }
      open.push_back(cell);
      top = std::max(top, cell.upper_mm);
    }
    cells = std::move(open);
    const Interval found{std::max(0.0, attained - rounding), std::max(settled, top) + rounding};
    if (!limits.limits_mm.empty() && limits.are_decided_by(found))
      left = std::min(left, limits.bisections_once_decided);
    if (cells.empty() || left == 0) {
      result.distance_mm = {.value = attained, .ruler = found};
      return result;
    }
    // The most promising first: they raise what is attained, and so settle others without a look.
    const double promising = 0.5 * (attained + top);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].upper_mm >= promising) chosen.push_back(i);
    if (chosen.size() > left) {
      std::stable_sort(chosen.begin(), chosen.end(),
                       [&](std::size_t a, std::size_t b) { return cells[a].upper_mm > cells[b].upper_mm; });
      chosen.resize(left);
    }
    left -= chosen.size();
    const std::size_t before = cells.size();
    refine(cells, chosen, field);
    for (const auto index : chosen) look_at(cells[index]);
    for (std::size_t i = before; i < cells.size(); ++i) look_at(cells[i]);
  }
}

}  // namespace meshassay::metrics
