# Two homes: `headers` (headers, their CMake target, pkg-config), which the wheel ships too, and `library` (qsm::qsm).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(DEFINED SKBUILD)  # inside the wheel everything lives below the package; relative, so that the export can be moved
  set(qsm_include qsm/include)
  set(qsm_cmake qsm/share/cmake/qsm)
  set(qsm_pkgconfig qsm/share/pkgconfig)
else()
  set(qsm_include ${CMAKE_INSTALL_INCLUDEDIR})
  set(qsm_cmake ${CMAKE_INSTALL_DATADIR}/cmake/qsm)
  set(qsm_pkgconfig ${CMAKE_INSTALL_DATADIR}/pkgconfig)
endif()

target_include_directories(qsm_headers INTERFACE $<INSTALL_INTERFACE:${qsm_include}>)
target_include_directories(qsm_qsm PUBLIC $<INSTALL_INTERFACE:${qsm_include}>)

install(DIRECTORY include/qsm DESTINATION ${qsm_include} COMPONENT headers)
install(TARGETS qsm_headers EXPORT qsmHeaders COMPONENT headers)
install(EXPORT qsmHeaders NAMESPACE qsm:: DESTINATION ${qsm_cmake} COMPONENT headers)
install(TARGETS qsm_qsm EXPORT qsmLibrary COMPONENT library)
install(EXPORT qsmLibrary NAMESPACE qsm:: DESTINATION ${qsm_cmake} COMPONENT library)

configure_package_config_file(cmake/qsmConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/qsmConfig.cmake
                              INSTALL_DESTINATION ${qsm_cmake})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/qsmConfigVersion.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/qsmConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/qsmConfigVersion.cmake
        DESTINATION ${qsm_cmake} COMPONENT headers)
configure_file(cmake/qsm.pc.in ${CMAKE_CURRENT_BINARY_DIR}/qsm.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/qsm.pc DESTINATION ${qsm_pkgconfig} COMPONENT headers)
