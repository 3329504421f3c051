// SPDX-License-Identifier: GPL-3.0-or-later
// What was made is measured: resolution, slice profile and noise of a scan, beside what was declared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ct_volume.hpp"
#include "core/reason.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"

namespace meshassay::phantoms {

/// One quantity, declared and measured.
///   mtf50, mtf10         of i (along a row) and j, 1/mm       on the edge insert
///   slice_fwhm           of k, mm                             on the edge insert
///   noise, nps_peak      of all, HU and 1/mm                  on the uniform insert
///   hu_mean, noise, cnr  of each material and "background"    on the scan
struct QualityRow {
  std::string quantity, of, unit, measured_on;
  std::optional<double> declared, measured;
  double tolerance = 0.0;  ///< Largest difference that is no error of ours, in `unit`.
  Undefined undefined;     ///< Why a value is absent.
  /// Where both are there they differ by no more than the tolerance.
  [[nodiscard]] bool agrees() const;
};

/// A curve behind the rows, to be drawn: values at x, declared and measured.
struct QualityCurve {
  std::string name, x_name, y_name;
  std::vector<double> x, declared, measured;
};

struct ScanQuality {
  std::vector<QualityRow> rows;
  std::vector<QualityCurve> curves;
};

/// Means, noise and contrast-to-noise ratio are measured on the scan itself, in voxels that no surface's blur
/// reaches. No phantom has an edge in every direction and a field without any, so resolution and noise power
/// are measured on inserts that are scanned with the same parameters and seed: a slightly slanted plane
/// across each axis, whose contrast is so large that neither noise nor rounding limits the ruler (slanted
/// edge, ISO 12233), and a uniform field (ICRU Report 87, section 4.3: ensemble of regions, mean removed,
/// radial average).
[[nodiscard]] ScanQuality measure_scan(const Phantom& phantom, const CtVolume& ct,
                                       const ScanOptions& options);

/// \throw MachineError that names every row that does not agree: the scan is not what it says.
void require_as_declared(const ScanQuality& quality);

}  // namespace meshassay::phantoms
