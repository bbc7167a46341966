#!/bin/sh
# rustdoc that may write JSON, on the stable toolchain; RUSTC_BOOTSTRAP for it alone, as other programs would be built anew.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
