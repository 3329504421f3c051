// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/pictures.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "reports/sections.hpp"

namespace meshassay::harness {
namespace {

/// A largest deviation and where it is.
struct WorstPlace {
  double deviation_mm = 0.0;
  Point3 place_mm = Point3::Zero();
};

std::optional<WorstPlace> worst_place(const std::vector<Measurement>& measurements) {
  std::optional<WorstPlace> worst;
  for (const auto& measurement : measurements) {
    if (measurement.metric != "deviation.max_test_to_truth" || !measurement.value) continue;
    const auto* deviation_mm = std::get_if<double>(&*measurement.value);
    const auto place = std::find_if(measurement.witnesses.begin(), measurement.witnesses.end(),
                                    [](const auto& witness) { return witness.first == "place_mm"; });
    if (deviation_mm == nullptr || place == measurement.witnesses.end()) continue;
    const auto* at = std::get_if<std::vector<double>>(&place->second);
    if (at == nullptr || at->size() != 3 || (worst && worst->deviation_mm >= *deviation_mm)) continue;
    worst = WorstPlace{*deviation_mm, Point3((*at)[0], (*at)[1], (*at)[2])};
  }
  return worst;
}

/// The surfaces to draw; boundaries of masks are made here and live as long.
class Surfaces {
 public:
  explicit Surfaces(std::string name) : drawn_{.name = std::move(name), .meshes = {}} {}
  void add(const TriangleMesh& mesh) { drawn_.meshes.push_back(&mesh); }
  void add_boundary(const LabelMap& mask, std::uint16_t label) {
    boundaries_.push_back(bridge_vtk::mask_boundary(mask, label));
    drawn_.meshes.push_back(&boundaries_.back());
    if (boundaries_.size() == 1) drawn_.name += " (boundary of the mask)";
  }
  [[nodiscard]] std::optional<reports::DrawnSurface> drawn() const {
    return drawn_.meshes.empty() ? std::nullopt : std::optional(drawn_);
  }
  [[nodiscard]] Box3 box() const {
    Box3 box;
    for (const auto* mesh : drawn_.meshes) box.add(bounding_box(*mesh));
    return box;
  }

 private:
  reports::DrawnSurface drawn_;
  std::deque<TriangleMesh> boundaries_;  // Stay where they are when more are added.
};

}  // namespace

std::string picture_of(const Trial& trial, const std::vector<Measurement>& measurements,
                       const PictureTexts& texts) {
  Surfaces truth(texts.truth), measured(texts.measured);
  if (trial.input_mesh) truth.add(*trial.input_mesh);
  for (const auto& target : trial.truth.targets) {
    if (target.surface)
      truth.add(*target.surface);
    else if (trial.truth.mask)
      truth.add_boundary(*trial.truth.mask, target.label);
    if (trial.submissions.empty()) continue;
    const auto& submission = trial.submissions.front();
    const auto surface = find_surface(submission, "", target.label);
    const auto mask = find_mask(submission, "");
    if (std::holds_alternative<const TriangleMesh*>(surface))
      measured.add(*std::get<const TriangleMesh*>(surface));
    else if (std::holds_alternative<const LabelMap*>(mask))
      measured.add_boundary(*std::get<const LabelMap*>(mask), target.label);
  }
  reports::SectionsPicture picture{
      .title = texts.title, .reference = truth.drawn(), .measured = measured.drawn()};
  const Box3 box = truth.box();
  const auto worst = worst_place(measurements);
  if (worst && box.diagonal_mm() > 0.0) {
    // Ten times the deviation, where that is neither too small to hold a triangle nor most of the object.
    const double detail_mm =
        std::clamp(10.0 * worst->deviation_mm, 0.02 * box.diagonal_mm(), 0.15 * box.diagonal_mm());
    // A little towards the middle: a plane that only touches a surface shows nothing of it.
    const Vector3 inwards_mm = box.center_mm() - worst->place_mm;
    const double step_mm = std::min(0.1 * detail_mm, inwards_mm.norm());
    picture.detail_mm = detail_mm;
    picture.point_mm = worst->place_mm + step_mm * inwards_mm.stableNormalized();
  }
  return reports::render_sections_svg(picture);
}

}  // namespace meshassay::harness
