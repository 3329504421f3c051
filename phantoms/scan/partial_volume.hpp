// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a voxel's box lies inside a surface, with a proven bound.
#pragma once

#include <vector>

#include "core/image.hpp"
#include "core/implicit_surface.hpp"
#include "core/progress.hpp"

namespace meshassay::phantoms {

struct BoundedFraction {
  double value = 0.0;
  double bound = 0.0;  ///< The exact fraction is within value +- bound, but for rounding near 1e-14.
  /// Mean over the box of the place, about its centre and along its axes, counted where it is inside: how far
  /// the content lies from the centre. Zero where it was not asked for.
  Vector3 moment_mm = Vector3::Zero();
};

enum class Moments { left_out, measured };

/// Measures boxes one after the other; it keeps its memory between calls, so each thread has one of its own.
class BoxFraction {
 public:
  /// The columns of `axes` are the boxes' axes in world coordinates.
  BoxFraction(const ImplicitSurface& surface, const Matrix3& axes, Moments moments = Moments::left_out)
      : surface_(surface), axes_(axes), moments_(moments) {}
  /// \throw InvalidInput where the bound does not come down to `tolerance` within four million parts.
  [[nodiscard]] BoundedFraction operator()(const Point3& center_mm, const Vector3& half_extent_mm,
                                           double tolerance);

 private:
  struct Part {
    Vector3 center_mm;  ///< About the whole box's centre, along its axes.
    Vector3 half_extent_mm;
    BoundedFraction fraction;  ///< Of the whole box.
  };
  /// A bound of `enough` needs not be the best one.
  [[nodiscard]] BoundedFraction of_part(const Point3& center_mm, const Vector3& half_extent_mm,
                                        double enough) const;

  const ImplicitSurface& surface_;
  Matrix3 axes_;
  Moments moments_;
  std::vector<Part> parts_;  ///< A heap: the part with the largest bound is first.
};

/// The fraction of every voxel, within `tolerance`, in double.
[[nodiscard]] Image<double> voxel_fractions(const ImplicitSurface& surface, const Grid& grid,
                                            double tolerance, const Progress& progress);

}  // namespace meshassay::phantoms
