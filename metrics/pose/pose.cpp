// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/pose.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "metrics/pose/pose_faults.hpp"
#include "metrics/pose/pose_fit.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

// Lengths that the diagnosis compares with.
struct Resolution {
  double cap_mm;      ///< Farther is merely far.
  double margin_mm;   ///< Misfits that differ by less are equal: a tenth of the finest spacing.
  double far_mm;      ///< A larger misfit explains nothing: a quarter of the coarsest spacing.
  double nothing_mm;  ///< A fault that moves nothing by more does nothing.
};

// Distances are looked up from the surface only, so that a speck on the truth's surface lies well wherever it
// is. A speck is smaller than this share of the truth's box; one that a unit made is, mended, of its size.
constexpr double speck = 0.2;
constexpr double least_of_the_size = 0.5, most_of_the_size = 2.0;
// A root mean square of nearly the cap: hardly a point is near enough to be seen, and a misfit says nothing.
constexpr double lost = 0.95;

Resolution resolution_of(const std::optional<Grid>& grid, double size_mm) {
  // Without a grid as if there were 200 voxels across the object.
  const double finest = grid ? grid->spacing_mm.minCoeff() : size_mm / 200.0;
  const double coarsest = grid ? grid->spacing_mm.maxCoeff() : size_mm / 200.0;
  return {.cap_mm = 3.0 * coarsest,
          .margin_mm = 0.1 * finest,
          .far_mm = 0.25 * coarsest,
          .nothing_mm = 0.2 * finest};
}

// A way in which the surface may have got where it is, undone.
struct Explanation {
  std::string cause, how;
  Eigen::Affine3d mend = Eigen::Affine3d::Identity();  // From the surface to the truth.
  double rms_mm = 0.0;
};

double misfit_mm(double rms_mm, double best_rms_mm) {
  return std::sqrt(std::max(0.0, rms_mm * rms_mm - best_rms_mm * best_rms_mm));
}

// Mean place and mean square spread.
struct Moments {
  Point3 centroid_mm = Point3::Zero();
  Matrix3 spread_mm2 = Matrix3::Zero();
  [[nodiscard]] double along_mm(const Vector3& axis) const {
    return std::sqrt(std::max(0.0, axis.dot(spread_mm2 * axis)));
  }
};
Moments moments_of(const std::vector<SurfaceSample>& samples) {
  Moments moments;
  const double count = static_cast<double>(samples.size());
  for (const auto& sample : samples) moments.centroid_mm += sample.point_mm / count;
  for (const auto& sample : samples) {
    const Vector3 arm = sample.point_mm - moments.centroid_mm;
    moments.spread_mm2 += arm * arm.transpose() / count;
  }
  return moments;
}

class Diagnosis {
 public:
  Diagnosis(const TriangleMesh& surface, const TargetTruth& truth, const DistanceField& field,
            const std::optional<Grid>& grid, const PoseOptions& options)
      : field_(field),
        grid_(grid),
        truth_box_(truth.surface ? bounding_box(*truth.surface) : truth.implicit->bounds_mm),
        resolution_(resolution_of(grid, truth_box_.diagonal_mm())),
        samples_(surface_samples(surface, options.samples)),
        independent_values_(std::max(1.0, 0.5 * static_cast<double>(surface.triangles.size()))) {
    if (truth.surface) truth_samples_ = surface_samples(*truth.surface, options.samples);
    surface_diagonal_mm_ = bounding_box(surface).diagonal_mm();
    as_it_lies_.rms_mm = rms_after(as_it_lies_.mend);
    as_it_lies_.cause = "none";
  }

  Pose run() {
    try_named_faults();
    best_rms_mm_ = std::min(as_it_lies_.rms_mm, rigid(as_it_lies_.mend).equations.rms_mm);
    const Explanation* nearest = nearest_named();
    if (nearest)
      best_rms_mm_ = std::min({best_rms_mm_, nearest->rms_mm, rigid(nearest->mend).equations.rms_mm});
    if (const Explanation* unit = unit_of_a_speck()) return with_numbers(*unit);
    const bool is_better = nearest && is_beaten(as_it_lies_, *nearest);
    if (explains(as_it_lies_) && !is_better) return as_it_should_be();
    if (is_better && explains(*nearest)) return named(*nearest);
    return estimated();
  }

 private:
  [[nodiscard]] double rms_after(const Eigen::Affine3d& mend) const {
    return capped_rms_mm(samples_, mend, field_, resolution_.cap_mm);
  }
  [[nodiscard]] PoseFit rigid(const Eigen::Affine3d& start) const {
    return fit_pose(samples_, start, field_, {.with_size = false, .cap_mm = resolution_.cap_mm});
  }
  [[nodiscard]] double misfit(const Explanation& explanation) const {
    return misfit_mm(explanation.rms_mm, best_rms_mm_);
  }
  [[nodiscard]] bool explains(const Explanation& explanation) const {
    return misfit(explanation) <= resolution_.far_mm && explanation.rms_mm < lost * resolution_.cap_mm;
  }
  // By one that takes most of the misfit away: a shape that is wrong lies a little better in many places.
  [[nodiscard]] bool is_beaten(const Explanation& explanation, const Explanation& by) const {
    return misfit(by) < std::min(misfit(explanation) - resolution_.margin_mm, 0.5 * misfit(explanation));
  }

  // The fault that gives a speck the size of the truth and lays it there.
  [[nodiscard]] const Explanation* unit_of_a_speck() const {
    const double share = surface_diagonal_mm_ / truth_box_.diagonal_mm();
    if (!(share < speck)) return nullptr;
    const Explanation* best = nullptr;
    for (const auto& named : named_) {
      const double mended = share * std::cbrt(std::abs(named.mend.linear().determinant()));
      const bool fits = mended > least_of_the_size && mended < most_of_the_size && explains(named);
      if (fits && (best == nullptr || named.rms_mm < best->rms_mm)) best = &named;
    }
    return best;
  }

  // How far a map moves a corner of the truth's box at most; no point of the truth moves farther.
  [[nodiscard]] double displacement_mm(const Eigen::Affine3d& map) const {
    double farthest = 0.0;
    for (int corner = 0; corner < 8; ++corner) {
      Point3 point;
      for (int a = 0; a < 3; ++a)
        point[a] = ((corner >> a) & 1) != 0 ? truth_box_.max_mm[a] : truth_box_.min_mm[a];
      farthest = std::max(farthest, (map * point - point).norm());
    }
    return farthest;
  }

  void try_named_faults() {
    for (const auto& fault : pose_faults(grid_)) {
      if (!(displacement_mm(fault.map) > resolution_.nothing_mm)) continue;
      Explanation tried{fault.cause, fault.how, fault.map.inverse()};
      tried.rms_mm = rms_after(tried.mend);
      const auto same = std::find_if(named_.begin(), named_.end(),
                                     [&](const Explanation& other) { return other.cause == tried.cause; });
      if (same == named_.end())
        named_.push_back(tried);
      else if (tried.rms_mm < same->rms_mm)
        *same = tried;
    }
  }
  [[nodiscard]] const Explanation* nearest_named() const {
    const auto least =
        std::min_element(named_.begin(), named_.end(),
                         [](const Explanation& a, const Explanation& b) { return a.rms_mm < b.rms_mm; });
    return least == named_.end() ? nullptr : &*least;
  }

  Pose as_it_should_be() const {
    Pose pose = with_numbers(as_it_lies_);
    // What would look the same on this shape.
    for (const auto& other : named_)
      if (misfit(other) <= misfit(as_it_lies_) + resolution_.margin_mm)
        pose.candidates.push_back(other.cause);
    return pose;
  }

  Pose named(const Explanation& nearest) const {
    std::vector<const Explanation*> equal;
    for (const auto& other : named_)
      if (explains(other) && misfit(other) <= misfit(nearest) + resolution_.margin_mm)
        equal.push_back(&other);
    if (equal.size() == 1) return with_numbers(nearest);
    // The numbers are those of the smallest of the mistakes.
    const Explanation* smallest =
        *std::min_element(equal.begin(), equal.end(), [&](const Explanation* a, const Explanation* b) {
          return displacement_mm(a->mend.inverse()) < displacement_mm(b->mend.inverse());
        });
    Pose pose = with_numbers(*smallest);
    pose.cause = "ambiguous";
    pose.how.clear();
    for (const auto* other : equal) pose.candidates.push_back(other->cause);
    return pose;
  }

  // Where no fault of the list explains it: an unknown slice distance, a mirror image in any plane, or
  // another motion.
  Pose estimated() {
    Explanation best = moved(as_it_lies_.mend);
    if (!truth_samples_.empty()) {
      for (const Explanation& stretched : stretched_slices()) {
        best_rms_mm_ = std::min(best_rms_mm_, stretched.rms_mm);
        if (is_clearly_better(stretched, best)) best = stretched;
      }
      for (const Explanation& aligned : aligned_axes())
        if (is_clearly_better(aligned, best)) best = aligned;
    }
    best_rms_mm_ = std::min(best_rms_mm_, best.rms_mm);
    return with_numbers(best);
  }
  [[nodiscard]] bool is_clearly_better(const Explanation& candidate, const Explanation& than) const {
    return candidate.rms_mm < than.rms_mm - resolution_.margin_mm;
  }
  [[nodiscard]] Explanation moved(const Eigen::Affine3d& start) const {
    const PoseFit fit = rigid(start);
    const bool mirrored = fit.map.linear().determinant() < 0.0;
    return {mirrored ? "mirrored" : "unexplained", mirrored ? "in a plane that is none of the axes'" : "",
            fit.map, fit.equations.rms_mm};
  }

  // Slices too far from each other or too near, by a ratio that the spreads along the slice axis suggest.
  [[nodiscard]] std::vector<Explanation> stretched_slices() const {
    std::vector<Explanation> found;
    if (!grid_) return found;
    const Vector3 axis = grid_->direction.col(2);
    const double own_mm = moments_of(truth_samples_).along_mm(axis);
    double ratio = own_mm > 0.0 ? moments_of(samples_).along_mm(axis) / own_mm : 0.0;
    if (!(ratio > 0.01 && ratio < 100.0)) return found;
    for (const bool keeps_last : {false, true}) {
      double refined = ratio;
      for (int i = 0; i < 10; ++i) refined *= ratio_step(refined, keeps_last);
      const PoseFault fault = slice_spacing_fault(*grid_, refined, keeps_last);
      // Estimated, so that it takes up small errors of any kind: half a slice at least is asked for.
      if (!(displacement_mm(fault.map) > 0.5 * grid_->slice_mm())) continue;
      Explanation stretched{fault.cause, fault.how, fault.map.inverse()};
      stretched.rms_mm = rms_after(stretched.mend);
      found.push_back(stretched);
    }
    return found;
  }
  // One step of Gauss-Newton for the logarithm of the ratio.
  [[nodiscard]] double ratio_step(double ratio, bool keeps_last) const {
    const Eigen::Affine3d mend = slice_spacing_fault(*grid_, ratio, keeps_last).map.inverse();
    const Vector3 axis = grid_->direction.col(2);
    const Point3 kept =
        keeps_last ? grid_->to_world(Vector3(0.0, 0.0, grid_->size[2] - 1.0)) : grid_->origin_mm;
    double square = 0.0, right = 0.0;
    std::size_t hint = TriangleTree::none;
    for (const auto& sample : samples_) {
      const Point3 point = mend * sample.point_mm;
      const DistanceSample at = field_.sample(point, hint);
      hint = at.triangle;
      if (std::abs(at.signed_mm) > 2.0 * resolution_.cap_mm) continue;
      const double row = -at.gradient.dot(axis) * axis.dot(point - kept);
      square += row * row;
      right += row * at.signed_mm;
    }
    return square > 0.0 ? std::exp(std::clamp(-right / square, -0.2, 0.2)) : 1.0;
  }

  // The principal axes laid onto the truth's, in the eight ways of their signs: half of them mirror images.
  [[nodiscard]] std::vector<Explanation> aligned_axes() const {
    const Moments own = moments_of(samples_), true_one = moments_of(truth_samples_);
    const Matrix3 from = Eigen::SelfAdjointEigenSolver<Matrix3>(own.spread_mm2).eigenvectors();
    const Matrix3 to = Eigen::SelfAdjointEigenSolver<Matrix3>(true_one.spread_mm2).eigenvectors();
    std::vector<Explanation> found;
    for (const double orientation : {1.0, -1.0})  // Motions first: a mirror image has to be better.
      for (int signs = 0; signs < 8; ++signs) {
        Vector3 sign;
        for (int a = 0; a < 3; ++a) sign[a] = ((signs >> a) & 1) != 0 ? -1.0 : 1.0;
        const Matrix3 linear = to * sign.asDiagonal() * from.transpose();
        if (linear.determinant() * orientation < 0.0) continue;
        Eigen::Affine3d start = Eigen::Affine3d::Identity();
        start.linear() = linear;
        start.translation() = true_one.centroid_mm - linear * own.centroid_mm;
        found.push_back(moved(start));
      }
    return found;
  }

  [[nodiscard]] Pose with_numbers(const Explanation& explanation) const {
    const PoseFit fit =
        fit_pose(samples_, explanation.mend, field_, {.with_size = true, .cap_mm = resolution_.cap_mm});
    Pose pose{.cause = explanation.cause,
              .how = explanation.how,
              .rms_mm = as_it_lies_.rms_mm,
              .rms_mended_mm = fit.equations.rms_mm,
              .cap_mm = resolution_.cap_mm};
    const Matrix3 linear = fit.map.linear();
    pose.is_mirrored = linear.determinant() < 0.0;
    const Eigen::JacobiSVD<Matrix3> svd(linear, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const double trace = (svd.matrixU() * svd.matrixV().transpose()).trace();
    // Of a mirror image the trace is 2 cos - 1, of a rotation 2 cos + 1.
    const double cosine = std::clamp(0.5 * (trace + (pose.is_mirrored ? 1.0 : -1.0)), -1.0, 1.0);
    const Point3 centroid = moments_of(samples_).centroid_mm;

    // What the shape determines, and two standard errors of it.
    const Eigen::MatrixXd unseen = unseen_motions(fit.equations, 7);
    const auto is_seen = [&](int first, int count) {
      return unseen.cols() == 0 || unseen.middleRows(first, count).norm() < 0.1;
    };
    const auto standard_error = [&](int first, int count) {
      const Eigen::SelfAdjointEigenSolver<PoseMatrix> solver(fit.equations.matrix);
      double variance = 0.0;  // Its trace: not less than along any direction.
      for (auto i = static_cast<int>(unseen.cols()); i < 7; ++i)
        variance +=
            solver.eigenvectors().col(i).segment(first, count).squaredNorm() / solver.eigenvalues()[i];
      return std::sqrt(variance / independent_values_) * fit.equations.rms_mm;
    };
    const double rounding_mm =
        1e-13 * (1.0 + centroid.cwiseAbs().maxCoeff() + truth_box_.diagonal_mm()) * (1.0 + linear.norm());
    const double relative = rounding_mm / fit.equations.length_mm;
    constexpr double degrees = 180.0 / std::numbers::pi;
    if (is_seen(0, 3))
      pose.shift_mm = {(fit.map * centroid - centroid).norm(), 2.0 * standard_error(0, 3) + rounding_mm};
    // The arc cosine loses half of the digits near 0.
    if (is_seen(3, 3))
      pose.rotation_deg = {degrees * std::acos(cosine),
                           degrees * (2.0 * standard_error(3, 3) / fit.equations.length_mm + 1e-7)};
    if (is_seen(6, 1)) {
      const double scale = std::cbrt(std::abs(linear.determinant()));
      pose.scale = {scale, scale * (2.0 * standard_error(6, 1) / fit.equations.length_mm + relative)};
    }
    return pose;
  }

  const DistanceField& field_;
  const std::optional<Grid>& grid_;
  Box3 truth_box_;
  Resolution resolution_;
  std::vector<SurfaceSample> samples_, truth_samples_;
  double surface_diagonal_mm_ = 0.0;
  double independent_values_;
  Explanation as_it_lies_;
  std::vector<Explanation> named_;  // The best way of each cause.
  double best_rms_mm_ = std::numeric_limits<double>::infinity();
};

Measurement number_row(const MetricDefinition& metric, const Subject& subject,
                       const std::optional<PoseNumber>& number, const Interval& possible, bool is_lost) {
  if (!number && is_lost)
    return undefined(metric, subject,
                     {"not_converged", "the surface lies nowhere near the truth, and no motion led there"});
  if (!number)
    return undefined(metric, subject, {"rank_deficient", "the shape looks the same after such a motion"});
  Measurement row = measured(metric, subject, number->value);
  row.interval = Interval{std::max(possible.lo, number->value - number->half_width),
                          std::min(possible.hi, number->value + number->half_width)};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"fit", number->half_width}};
  return row;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<Measurement> rows_of(const Subject& subject, const Pose& pose) {
  const auto& metrics = pose_family().metrics;
  const double infinity = std::numeric_limits<double>::infinity();
  const bool is_lost = !(pose.rms_mended_mm < lost * pose.cap_mm);
  std::vector<Measurement> rows = {number_row(metrics[0], subject, pose.shift_mm, {0.0, infinity}, is_lost),
                                   number_row(metrics[1], subject, pose.rotation_deg, {0.0, 180.0}, is_lost),
                                   number_row(metrics[2], subject, pose.scale, {0.0, infinity}, is_lost),
                                   measured(metrics[3], subject, pose.cause)};
  auto& witnesses = rows[3].witnesses;
  if (!pose.how.empty()) witnesses.emplace_back("how", pose.how);
  if (!pose.candidates.empty())
    witnesses.emplace_back(pose.cause == "none" ? "hidden_by_the_shape" : "candidates",
                           joined(pose.candidates));
  witnesses.emplace_back("mirrored", pose.is_mirrored);
  witnesses.emplace_back("rms_mm", pose.rms_mm);
  witnesses.emplace_back("rms_mended_mm", pose.rms_mended_mm);
  return rows;
}

std::vector<Measurement> rows_of_surface(const SurfaceOfTarget& of) {
  const auto pose = diagnose_pose(of.surface, of.target, of.trial.scan_grid);
  if (const auto* why = std::get_if<Undefined>(&pose)) return all_undefined(pose_family(), of.subject, *why);
  return rows_of(of.subject, std::get<Pose>(pose));
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {pose_family(), find_measurable_surface, rows_of_surface});
}

}  // namespace

const std::vector<std::string>& pose_cause_names() {
  static const std::vector<std::string> names = {"lps_ras_flip",    "axis_flip_x",
                                                 "axis_flip_y",     "axis_flip_z",
                                                 "axis_swap",       "half_voxel_shift",
                                                 "origin_ignored",  "direction_ignored",
                                                 "spacing_ignored", "slice_spacing_from_thickness",
                                                 "unit_cm",         "unit_inch",
                                                 "unit_m",          "mirrored"};
  return names;
}

std::variant<Pose, Undefined> diagnose_pose(const TriangleMesh& surface, const TargetTruth& truth,
                                            const std::optional<Grid>& scan_grid,
                                            const PoseOptions& options) {
  if (truth.surface && why_unmeasurable(*truth.surface))
    return Undefined{"no_reference", "the truth of this target has no surface that can be measured"};
  if (truth.implicit)
    return Diagnosis(surface, truth, ImplicitField(*truth.implicit), scan_grid, options).run();
  if (!truth.surface) return Undefined{"no_reference", "the truth of this target has no surface"};
  const MeshDistance distance(*truth.surface);
  return Diagnosis(surface, truth, MeshField(distance, 0.0), scan_grid, options).run();
}

const MetricFamily& pose_family() {
  static const MetricFamily family{
      .name = "pose",
      .metrics =
          {{.id = "pose.shift",
            .unit = "mm",
            .definition = "How far the measured surface's centroid has to move to where the truth has it.",
            .source = "Chen and Medioni 1992 (point to plane), MeshAssay"},
           {.id = "pose.rotation",
            .unit = "deg",
            .definition = "By how much the measured surface has to be turned to lie on the truth; of a "
                          "mirror image about the mirror's normal.",
            .source = "Chen and Medioni 1992 (point to plane), MeshAssay"},
           {.id = "pose.scale",
            .unit = "1",
            .definition = "By which ratio the measured surface has to grow to lie on the truth (cube "
                          "root of the change of volume).",
            .source = "Chen and Medioni 1992 (point to plane), MeshAssay"},
           {.id = "pose.cause",
            .unit = "1",
            .type = ValueType::text,
            .definition = "Which known mistake with frame, grid or unit explains where the surface lies: "
                          "none, ambiguous, unexplained, or its name.",
            .source = "MeshAssay"}},
      .needs = {"surface", "reference_surface"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
