// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_open3d/registration.hpp"

#include <omp.h>
#include <open3d/geometry/PointCloud.h>
#include <open3d/pipelines/registration/Registration.h>
#include <open3d/pipelines/registration/TransformationEstimation.h>
#include <open3d/utility/Logging.h>

namespace meshassay::bridge_open3d {
namespace {

// Open3D adds up in the order in which its threads finish.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace

Registration register_rigidly(const std::vector<Point3>& moving_mm, const OrientedPoints& fixed,
                              const Eigen::Affine3d& start, const RegistrationOptions& options) {
  namespace registration = open3d::pipelines::registration;
  // Open3D reports to standard output, which is for JSON. Said once: its level is global and not guarded.
  [[maybe_unused]] static const bool silent = [] {
    open3d::utility::SetVerbosityLevel(open3d::utility::VerbosityLevel::Error);
    return true;
  }();
  const OneThread one_thread;
  const open3d::geometry::PointCloud source(moving_mm);
  open3d::geometry::PointCloud target(fixed.points_mm);
  target.normals_ = fixed.normals;
  const auto result = registration::RegistrationICP(
      source, target, options.reach_mm, start.matrix(), registration::TransformationEstimationPointToPlane(),
      registration::ICPConvergenceCriteria(/*relative_fitness=*/1e-9, /*relative_rmse=*/1e-9,
                                           options.max_iterations));
  Registration found;
  found.motion.matrix() = result.transformation_;
  found.paired_fraction = result.fitness_;
  return found;
}

}  // namespace meshassay::bridge_open3d
