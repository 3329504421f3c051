// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_embree/surface_picture.hpp"

#include <embree3/rtcore.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/errors.hpp"

namespace meshassay::bridge_embree {
namespace {

using Eigen::Vector3f;

constexpr int samples_per_axis = 2;
constexpr float mark_radius = 0.004F;  // Of the box's diagonal, which is scaled to 1.
constexpr float point_radius = 0.009F;
constexpr float margin = 1.04F;
const Vector3f background = Vector3f::Constant(255.0F);
const Vector3f front = {214.0F, 208.0F, 196.0F};
const Vector3f back = {96.0F, 132.0F, 190.0F};

Vector3f rgb(const Colour& colour) {
  return {static_cast<float>(colour.red), static_cast<float>(colour.green), static_cast<float>(colour.blue)};
}

struct ReleaseDevice {
  void operator()(RTCDevice device) const { rtcReleaseDevice(device); }
};
struct ReleaseScene {
  void operator()(RTCScene scene) const { rtcReleaseScene(scene); }
};
using Device = std::unique_ptr<std::remove_pointer_t<RTCDevice>, ReleaseDevice>;
using Scene = std::unique_ptr<std::remove_pointer_t<RTCScene>, ReleaseScene>;

[[noreturn]] void cannot(const char* got) {
  throw MachineError({.what = "a picture of a surface cannot be made",
                      .expected = "Embree's ray casting",
                      .got = got,
                      .mend = "check that memory is free"});
}

template <typename T>
T* new_buffer(RTCGeometry geometry, RTCBufferType type, unsigned slot, RTCFormat format, std::size_t count) {
  auto* buffer = rtcSetNewGeometryBuffer(geometry, type, slot, format, sizeof(T), count);
  if (buffer == nullptr) cannot("no memory");
  return static_cast<T*>(buffer);
}

void attach(RTCScene scene, RTCGeometry geometry, unsigned id) {
  rtcCommitGeometry(geometry);
  rtcAttachGeometryByID(scene, geometry, id);
  rtcReleaseGeometry(geometry);
}

/// World to picture: the box's middle at the origin, its diagonal 1.
struct Scale {
  Point3 middle_mm = Point3::Zero();
  double per_mm = 1.0;

  [[nodiscard]] Vector3f operator()(const Point3& point) const {
    return ((point - middle_mm) * per_mm).cast<float>();
  }
};

Scale scale_of(const TriangleMesh& mesh, const SurfacePictureOptions& options) {
  Box3 box = bounding_box(mesh);
  for (const auto& line : options.lines) {
    box.add(line.from_mm);
    box.add(line.to_mm);
  }
  for (const auto& point : options.points) box.add(point.place_mm);
  const double diagonal_mm = box.diagonal_mm();
  return {.middle_mm = box.center_mm(), .per_mm = diagonal_mm > 0.0 ? 1.0 / diagonal_mm : 1.0};
}

constexpr unsigned lines_id = 0, points_id = 1;

Scene surface_scene(RTCDevice device, const TriangleMesh& mesh, const Scale& scale) {
  Scene scene(rtcNewScene(device));
  rtcSetSceneFlags(scene.get(), RTC_SCENE_FLAG_ROBUST);
  if (!mesh.triangles.empty()) {
    auto* geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
    auto* vertices = new_buffer<std::array<float, 3>>(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                                      mesh.vertices_mm.size());
    for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v) {
      const Vector3f place = scale(mesh.vertices_mm[v]);
      vertices[v] = {place[0], place[1], place[2]};
    }
    auto* triangles =
        new_buffer<Triangle>(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, mesh.triangles.size());
    std::copy(mesh.triangles.begin(), mesh.triangles.end(), triangles);
    attach(scene.get(), geometry, 0);
  }
  rtcCommitScene(scene.get());
  return scene;
}

// Marks are solids of their own: round lines and balls.
Scene marks_scene(RTCDevice device, const SurfacePictureOptions& options, const Scale& scale) {
  using Ball = std::array<float, 4>;
  Scene scene(rtcNewScene(device));
  if (!options.lines.empty()) {
    auto* geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_ROUND_LINEAR_CURVE);
    auto* ends =
        new_buffer<Ball>(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 2 * options.lines.size());
    auto* first =
        new_buffer<unsigned>(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT, options.lines.size());
    for (std::size_t i = 0; i < options.lines.size(); ++i) {
      const Vector3f from = scale(options.lines[i].from_mm), to = scale(options.lines[i].to_mm);
      ends[2 * i] = {from[0], from[1], from[2], mark_radius};
      ends[2 * i + 1] = {to[0], to[1], to[2], mark_radius};
      first[i] = static_cast<unsigned>(2 * i);
    }
    attach(scene.get(), geometry, lines_id);
  }
  if (!options.points.empty()) {
    auto* geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_SPHERE_POINT);
    auto* balls =
        new_buffer<Ball>(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, options.points.size());
    for (std::size_t i = 0; i < options.points.size(); ++i) {
      const Vector3f place = scale(options.points[i].place_mm);
      balls[i] = {place[0], place[1], place[2], point_radius};
    }
    attach(scene.get(), geometry, points_id);
  }
  rtcCommitScene(scene.get());
  return scene;
}

struct Hit {
  unsigned geometry = RTC_INVALID_GEOMETRY_ID, primitive = 0;
  float distance = std::numeric_limits<float>::infinity();
  float u = 0.0F, v = 0.0F;
  Vector3f normal = Vector3f::Zero();

  [[nodiscard]] bool any() const { return geometry != RTC_INVALID_GEOMETRY_ID; }
};

Hit cast(RTCScene scene, const Vector3f& origin, const Vector3f& direction) {
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  RTCRayHit ray{};
  ray.ray.org_x = origin[0];
  ray.ray.org_y = origin[1];
  ray.ray.org_z = origin[2];
  ray.ray.dir_x = direction[0];
  ray.ray.dir_y = direction[1];
  ray.ray.dir_z = direction[2];
  ray.ray.tfar = std::numeric_limits<float>::infinity();
  ray.ray.mask = 0xffffffffU;  // Without it, a library that was built with ray masks hits nothing.
  ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
  rtcIntersect1(scene, &context, &ray);
  return {.geometry = ray.hit.geomID,
          .primitive = ray.hit.primID,
          .distance = ray.ray.tfar,
          .u = ray.hit.u,
          .v = ray.hit.v,
          .normal = Vector3f(ray.hit.Ng_x, ray.hit.Ng_y, ray.hit.Ng_z)};
}

class View {
 public:
  View(const TriangleMesh& mesh, const SurfacePictureOptions& options)
      : mesh_(mesh), options_(options), scale_(scale_of(mesh, options)), device_(rtcNewDevice("threads=1")) {
    if (device_ == nullptr) cannot("no device");
    surface_ = surface_scene(device_.get(), mesh, scale_);
    marks_ = marks_scene(device_.get(), options, scale_);
    if (rtcGetDeviceError(device_.get()) != RTC_ERROR_NONE) cannot("an error while the scene was built");
  }

  /// Into the columns from `first_column` on.
  void draw(const Vector3& towards_viewer, int first_column, bridge_vtk::ColourPicture& picture) {
    const Vector3f back_to_viewer = towards_viewer.normalized().cast<float>();
    const bool upright = std::abs(back_to_viewer[2]) < 0.99F;
    const Vector3f up_hint = upright ? Vector3f::UnitZ() : Vector3f::UnitY();
    const Vector3f right = up_hint.cross(back_to_viewer).normalized();
    const Vector3f up = back_to_viewer.cross(right);
    const int width = options_.view_width, height = options_.view_height;
    const float pixel = margin / static_cast<float>(std::min(width, height));
    tbb::parallel_for(tbb::blocked_range<int>(0, height), [&](const tbb::blocked_range<int>& rows) {
      for (int row = rows.begin(); row < rows.end(); ++row)
        for (int column = 0; column < width; ++column) {
          Vector3f sum = Vector3f::Zero();
          for (int sample = 0; sample < samples_per_axis * samples_per_axis; ++sample) {
            const auto at = [&](int index, int part) {
              return static_cast<float>(index) +
                     (static_cast<float>(part) + 0.5F) / static_cast<float>(samples_per_axis);
            };
            const float x = at(column, sample % samples_per_axis) - 0.5F * static_cast<float>(width);
            const float y = 0.5F * static_cast<float>(height) - at(row, sample / samples_per_axis);
            const Vector3f origin = 2.0F * back_to_viewer + pixel * (x * right + y * up);
            sum += colour_at(origin, -back_to_viewer, pixel);
          }
          const auto pixels_before = static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.width) +
                                     static_cast<std::size_t>(first_column + column);
          auto* target = &picture.values[3 * pixels_before];
          for (int channel = 0; channel < 3; ++channel)
            target[channel] = static_cast<std::uint8_t>(std::lround(std::clamp(
                sum[channel] / static_cast<float>(samples_per_axis * samples_per_axis), 0.0F, 255.0F)));
        }
    });
  }

 private:
  [[nodiscard]] Vector3f colour_at(const Vector3f& origin, const Vector3f& direction, float pixel) const {
    const Hit hit = cast(surface_.get(), origin, direction);
    Vector3f colour = hit.any() ? surface_colour(hit, direction, pixel) : background;
    const Hit mark = cast(marks_.get(), origin, direction);
    if (!mark.any()) return colour;
    const Vector3f its = rgb(mark.geometry == lines_id ? options_.lines[mark.primitive].colour
                                                       : options_.points[mark.primitive].colour);
    // A mark on the surface stands out of it by its radius; one behind shines through.
    const bool hidden = hit.any() && hit.distance < mark.distance;
    return hidden ? (0.55F * colour + 0.45F * its).eval() : its;
  }

  [[nodiscard]] Vector3f surface_colour(const Hit& hit, const Vector3f& direction, float pixel) const {
    const float length = hit.normal.norm();
    const float facing = length > 0.0F ? hit.normal.dot(-direction) / length : 1.0F;
    Vector3f colour = facing < 0.0F                       ? back
                      : options_.triangle_colours.empty() ? front
                                                          : rgb(options_.triangle_colours[hit.primitive]);
    colour *= 0.35F + 0.65F * std::abs(facing);
    if (mesh_.triangles.size() <= options_.most_with_edges && near_edge(hit, std::abs(facing), pixel))
      colour *= 0.62F;
    return colour;
  }

  // Heights of the point above the three edges, in the triangle's plane, against half a pixel's footprint.
  [[nodiscard]] bool near_edge(const Hit& hit, float facing, float pixel) const {
    std::array<Vector3f, 3> corner;
    for (int i = 0; i < 3; ++i) corner[static_cast<std::size_t>(i)] = scale_(mesh_.corner(hit.primitive, i));
    const float doubled_area = (corner[1] - corner[0]).cross(corner[2] - corner[0]).norm();
    const std::array<float, 3> weight = {1.0F - hit.u - hit.v, hit.u, hit.v};
    for (std::size_t i = 0; i < 3; ++i) {
      const float edge = (corner[(i + 2) % 3] - corner[(i + 1) % 3]).norm();
      if (edge > 0.0F && weight[i] * doubled_area / edge < 0.5F * pixel / std::max(facing, 0.3F)) return true;
    }
    return false;
  }

  const TriangleMesh& mesh_;
  const SurfacePictureOptions& options_;
  Scale scale_;
  Device device_;
  Scene surface_, marks_;
};

}  // namespace

bridge_vtk::ColourPicture surface_pixels(const TriangleMesh& mesh, const SurfacePictureOptions& options) {
  bridge_vtk::ColourPicture picture{.width = 2 * options.view_width, .height = options.view_height};
  picture.values.assign(
      static_cast<std::size_t>(3 * picture.width) * static_cast<std::size_t>(picture.height), 255);
  View view(mesh, options);
  view.draw(options.towards_viewer, 0, picture);
  view.draw(-options.towards_viewer, options.view_width, picture);
  return picture;
}

std::string surface_picture(const TriangleMesh& mesh, const SurfacePictureOptions& options) {
  return bridge_vtk::encode_png(surface_pixels(mesh, options));
}

}  // namespace meshassay::bridge_embree
