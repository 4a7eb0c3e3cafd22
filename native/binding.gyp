{
  "targets": [
    {
      "target_name": "showroom",
      "sources": [
        "addon.cc",
        "binding/filter-methods.cc",
        "binding/heap.cc",
        "binding/kernels-object.cc",
        "binding/lend-pages.cc",
        "binding/map-file.cc",
        "binding/notify-socket.cc",
        "binding/open-pipe.cc",
        "binding/replace-process.cc",
        "binding/socket-queue.cc",
        "kernels/avx2-marks.cc",
        "kernels/avx2-runs.cc",
        "kernels/avx2-tiny.cc",
        "kernels/avx2-turns.cc",
        "kernels/avx2.cc",
        "kernels/binary-image.cc",
        "kernels/compose.cc",
        "kernels/copy-rects.cc",
        "kernels/corner-pairs.cc",
        "kernels/dispatch.cc",
        "kernels/filter-rows.cc",
        "kernels/find-finders.cc",
        "kernels/find-outlines.cc",
        "kernels/find-texture.cc",
        "kernels/finder-confirm.cc",
        "kernels/finder-lines.cc",
        "kernels/grain.cc",
        "kernels/key-chroma.cc",
        "kernels/outline-list.cc",
        "kernels/pack-changes.cc",
        "kernels/place-patch.cc",
        "kernels/plane-filters.cc",
        "kernels/scalar.cc",
        "kernels/straight-edges.cc",
        "kernels/tiny-finders.cc",
        "kernels/turn-plane.cc",
        "process/file-pages.c"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "."],
      "defines": [
        "NAPI_VERSION=9",
        "NAPI_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags!": ["-O2"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-O3", "-Wall", "-Wextra", "-Wno-unused-parameter", "-ffp-contract=off", "-fvisibility=hidden"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "OTHER_CPLUSPLUSFLAGS": ["-ffp-contract=off", "-fvisibility=hidden"]
      }
    }
  ],
  "conditions": [
    ["OS=='linux'", {
      "targets": [
        {
          "target_name": "lean-start",
          "sources": ["process/lean-start.c", "process/file-pages.c"],
          "cflags": ["-O2", "-Wall", "-Wextra", "-fvisibility=hidden"],
          "ldflags": ["-Wl,--as-needed"]
        }
      ]
    }]
  ]
}
