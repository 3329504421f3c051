# SPDX-License-Identifier: GPL-3.0-or-later
# Every library, found once. The order matters: Eigen before Open3D, else Open3D fails on Eigen3::Eigen after CGAL.
set(THREADS_PREFER_PTHREAD_FLAG ON)
set(meshassay_saved_log_level "${CMAKE_MESSAGE_LOG_LEVEL}")
set(CMAKE_MESSAGE_LOG_LEVEL WARNING)   # ITK and VTK flood the STATUS lines.
find_package(Threads REQUIRED)
find_package(Eigen3 CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(TBB CONFIG REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(EXPAT REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(DCMTK 3.6.7 CONFIG REQUIRED)
find_package(ITK 5.2 CONFIG REQUIRED COMPONENTS
  ITKCommon ITKIOGDCM ITKIOImageBase ITKIOMeta ITKIONIFTI ITKIONRRD ITKGDCM
  ITKThresholding ITKBinaryMathematicalMorphology ITKConnectedComponents ITKImageLabel ITKLabelMap ITKSmoothing ITKImageStatistics)
find_package(VTK 9.1 CONFIG REQUIRED COMPONENTS CommonCore CommonDataModel CommonExecutionModel FiltersCore IOImage)
set(CGAL_DO_NOT_WARN_ABOUT_CMAKE_BUILD_TYPE TRUE)
find_package(CGAL 5.5 CONFIG REQUIRED)
find_package(embree 3.13 CONFIG REQUIRED)
find_package(Open3D 0.16.1 CONFIG REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)  # Open3D runs on it; the bridge asks it for one thread.
find_path(MUSTACHE_INCLUDE_DIR NAMES kainjow/mustache.hpp mustache.hpp REQUIRED)
set(CMAKE_MESSAGE_LOG_LEVEL "${meshassay_saved_log_level}")
message(STATUS "ITK ${ITK_VERSION}, VTK ${VTK_VERSION}, CGAL ${CGAL_VERSION}, Open3D ${Open3D_VERSION}")
