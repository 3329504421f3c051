// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation_cells.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

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

// Replaces each chosen cell by its first half and puts the second halves at the end, in the order chosen.
// Halved across the longest edge: the angles of the pieces stay bounded.
void bisect(std::vector<Cell>& cells, const std::vector<std::size_t>& chosen, const DistanceField& field) {
  const std::size_t first_new = cells.size();
  cells.resize(first_new + chosen.size());
  for_each_index(chosen.size(), [&](std::size_t k) {
    const Cell parent = cells[chosen[k]];
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
    const DistanceSample at_middle = field.sample(middle);
    const auto half = [&](std::size_t replaced) {
      Cell child = parent;
      child.tight = false;
      child.corners[replaced] = middle;
      child.at_corners[replaced] = at_middle.signed_mm;
      child.triangles_at_corners[replaced] = at_middle.triangle;
      child.area_mm2 = 0.5 * parent.area_mm2;
      field.describe(child);
      child.upper_mm = std::min(child.upper_mm, parent.upper_mm);
      return child;
    };
    cells[chosen[k]] = half(to);
    cells[first_new + k] = half(from);
  });
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
  double mean_departure = 0.0, rms_departure = 0.0;
};

Moments moments_of(const std::vector<Cell>& cells) {
  const double area = total_area(cells);
  Moments m;
  double squares = 0.0, squared_departures = 0.0;
  for (const auto& cell : cells) {
    const double weight = cell.area_mm2 / area;
    m.bias += weight * cell.at_center;
    m.mean_abs += weight * mean_magnitude(cell.model);
    squares += weight * (cell.at_center * cell.at_center + variance(cell.model));
    m.mean_departure += weight * cell.departure_mm;
    squared_departures += weight * cell.departure_mm * cell.departure_mm;
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
  return m;
}

void refine_for_means(std::vector<Cell>& cells, const DistanceField& field,
                      const RefinementOptions& options) {
  std::size_t left = options.max_bisections;
  while (true) {
    const Moments m = moments_of(cells);
    const double smallest = std::min(std::abs(m.bias), m.sd);
    const double width_mm = std::max(options.width_mm, options.relative_width * smallest);
    if (2.0 * m.rms_departure <= width_mm || left == 0) return;
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].area_mm2 > 0.0 && cells[i].departure_mm > 0.7 * m.rms_departure) chosen.push_back(i);
    if (chosen.size() > left) {
      const auto weight = [&](std::size_t i) {
        return cells[i].area_mm2 * cells[i].departure_mm * cells[i].departure_mm;
      };
      std::stable_sort(chosen.begin(), chosen.end(),
                       [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
      chosen.resize(left);
    }
    left -= chosen.size();
    bisect(cells, chosen, field);
  }
}

// Smallest t >= 0 with |model| + shift * departure <= t on the fraction `level` of the area.
double quantile(const std::vector<Cell>& cells, double shift, double level) {
  struct Range {
    double lo, hi;
    std::size_t cell;
  };
  std::vector<Range> undecided;
  double top = 0.0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!(cells[i].area_mm2 > 0.0)) continue;
    const double added = shift * cells[i].departure_mm;
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
        sum += cell.area_mm2 * fraction_of_magnitude_at_most(cell.model, t - shift * cell.departure_mm);
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

}  // namespace

std::vector<Cell> make_cells(const TriangleMesh& surface, const DistanceField& field) {
  std::vector<char> used(surface.vertices_mm.size(), 0);
  for (const auto& triangle : surface.triangles)
    for (const auto vertex : triangle) used[vertex] = 1;
  std::vector<DistanceSample> at_vertex(surface.vertices_mm.size());
  for_each_index(surface.vertices_mm.size(), [&](std::size_t v) {
    if (used[v]) at_vertex[v] = field.sample(surface.vertices_mm[v]);
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
  refine_for_means(cells, field, options);
  const Moments m = moments_of(cells);
  const double rounding = rounding_mm(cells);
  const auto enclosed = [&](double value, double half_width, double least) {
    const double half = half_width + rounding;
    return Enclosed{
        .value = value, .ruler = {std::max(least, value - half), value + half}, .rigorous = field.rigorous()};
  };
  constexpr double unbounded = -std::numeric_limits<double>::infinity();
  AreaStatistics result;
  // With distance = model + e and |e| <= departure: the mean and the mean magnitude move by at most mean|e|;
  // the root mean square and the standard deviation are seminorms and move by at most rms(e).
  result.bias_mm = enclosed(m.bias, m.mean_departure, unbounded);
  result.mean_abs_mm = enclosed(m.mean_abs, m.mean_departure, 0.0);
  result.rms_mm = enclosed(m.rms, m.rms_departure, 0.0);
  result.sd_mm = enclosed(m.sd, m.rms_departure, 0.0);
  // Quantiles are monotone: they lie between those of the lower and the upper bound of |distance|.
  const double level = percentile / 100.0;
  result.percentile_mm = enclosed(quantile(cells, 0.0, level), 0.0, 0.0);
  Interval& ruler = result.percentile_mm.ruler;
  ruler.lo = std::clamp(quantile(cells, -1.0, level) - rounding, 0.0, ruler.lo);
  ruler.hi = std::max(quantile(cells, 1.0, level) + rounding, ruler.hi);
  return result;
}

GreatestDistance greatest_distance(std::vector<Cell> cells, const DistanceField& field,
                                   const RefinementOptions& options) {
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
    for_each_index(cells.size(), [&](std::size_t i) {
      if (cells[i].tight || cells[i].upper_mm <= attained + width) return;
      cells[i].upper_mm = field.tightened_upper_mm(cells[i]);
      cells[i].tight = true;
    });
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
    if (cells.empty() || left == 0) {
      const double upper = std::max({attained, settled, top});
      result.distance_mm = {.value = attained,
                            .ruler = {std::max(0.0, attained - rounding), upper + rounding}};
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
    bisect(cells, chosen, field);
    for (const auto index : chosen) look_at(cells[index]);
    for (std::size_t i = before; i < cells.size(); ++i) look_at(cells[i]);
  }
}

}  // namespace meshassay::metrics
