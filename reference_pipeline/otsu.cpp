// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/otsu.hpp"

#include <itkHistogram.h>
#include <itkOtsuThresholdCalculator.h>

#include <algorithm>

namespace meshassay::reference_pipeline {

double otsu_threshold(const std::vector<float>& values, unsigned bins) {
  using Histogram = itk::Statistics::Histogram<double>;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  const double low = *least;
  const double width = (static_cast<double>(*greatest) - low) / bins;

  // Counted here: ITK's own counting searches the bins for every voxel.
  std::vector<std::size_t> counts(bins, 0);
  for (const float value : values) {
    const auto bin = static_cast<std::size_t>((static_cast<double>(value) - low) / width);
    ++counts[std::min<std::size_t>(bin, bins - 1)];
  }

  auto histogram = Histogram::New();
  Histogram::SizeType size(1);
  size[0] = bins;
  Histogram::MeasurementVectorType lower(1), upper(1);
  lower[0] = low;
  upper[0] = low + width * bins;
  histogram->SetMeasurementVectorSize(1);
  histogram->Initialize(size, lower, upper);
  for (unsigned bin = 0; bin < bins; ++bin) histogram->SetFrequency(bin, counts[bin]);

  auto calculator = itk::OtsuThresholdCalculator<Histogram, double>::New();
  calculator->SetInput(histogram);
  calculator->Compute();
  return calculator->GetThreshold();
}

}  // namespace meshassay::reference_pipeline
