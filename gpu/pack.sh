#!/usr/bin/env bash
# Packs what a check on a GPU needs into one archive: weights-tools, Engine.Bench, Engine.Tests with fixtures and samples, the .NET runtime,
# and run.sh, which runs them. Fails if the archive is larger than 64 MiB. See docs/gpu.md.
# Usage: gpu/pack.sh [--no-build] [ARCHIVE]; ARCHIVE is artifacts/fusion-gpu.tar.gz if it is not given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
most_mib=64

build=yes
if [ "${1-}" = --no-build ]; then
  build=no
  shift
fi

archive=${1:-artifacts/fusion-gpu.tar.gz}
case $archive in
  -*)
    echo "error: unknown argument '$archive'" >&2
    exit 2
    ;;
esac

# The tests' output folder holds all three programs, each assembly once.
if [ "$build" = yes ]; then
  dotnet build Engine.Tests -c Release --nologo -v quiet
fi

output=Engine.Tests/bin/Release/net10.0
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
pack=$stage/fusion-gpu
mkdir -p "$pack/bin" "$pack/dotnet" "$pack/lib" "$pack/Engine.Tests" "$(dirname "$archive")"

# Assemblies that only BenchmarkDotNet's table of ops, charts and 'dotnet test' load. Kernels are compiled from the code in their
# assemblies, so those are neither trimmed nor precompiled.
unused=(
  'Dia2Lib.dll' 'Gee.External.Capstone.dll' 'Iced.dll' 'Microsoft.CodeAnalysis*.dll' 'Microsoft.Diagnostics.*.dll' 'OSExtensions.dll'
  'TraceReloggerLib.dll'
  'HarfBuzzSharp.dll' 'ScottPlot.dll' 'SkiaSharp*.dll'
  'Microsoft.TestPlatform.*.dll' 'Microsoft.VisualStudio.TestPlatform.*.dll' 'testhost.dll' 'xunit.runner.visualstudio.testadapter.dll'
)
cp "$output"/*.dll "$output"/Engine.*.pdb "$output"/weights-tools.pdb "$output"/*.runtimeconfig.json "$pack/bin"
for pattern in "${unused[@]}"; do
  # Unquoted: a pattern.
  rm -f "$pack/bin/"$pattern
done

# The runtime of the SDK that builds, without what debuggers and tracers load.
read -r _ version root < <(dotnet --list-runtimes | grep '^Microsoft.NETCore.App 10\.' | tail -n 1)
root=${root#[}
root=${root%/shared/Microsoft.NETCore.App]}
mkdir -p "$pack/dotnet/host/fxr" "$pack/dotnet/shared/Microsoft.NETCore.App"
cp "$root/dotnet" "$pack/dotnet"
cp "$root/LICENSE.txt" "$root/ThirdPartyNotices.txt" "$pack/dotnet" 2> /dev/null || true
cp -R "$root/host/fxr/$version" "$pack/dotnet/host/fxr"
cp -R "$root/shared/Microsoft.NETCore.App/$version" "$pack/dotnet/shared/Microsoft.NETCore.App"
runtime=$pack/dotnet/shared/Microsoft.NETCore.App/$version
rm -f "$runtime"/{createdump,libmscordaccore.so,libmscordbi.so,libclrgc.so,libclrgcexp.so,libcoreclrtraceptprovider.so}

# What the runtime takes from the system beside glibc: the C++ library, and OpenSSL, by which the test runner hashes names.
library() {
  ldconfig -p | sed -nE "s/.*x86-64.* => (.*\/$1)\$/\1/p" | head -n 1
}

mkdir "$pack/lib/c++" "$pack/lib/ssl"
cp -L "$(library 'libstdc\+\+\.so\.6')" "$(library 'libgcc_s\.so\.1')" "$pack/lib/c++"
cp -L "$(library 'libssl\.so\.3')" "$(library 'libcrypto\.so\.3')" "$pack/lib/ssl"

# Tests look for their files below the folder of the solution.
cp -R Engine.Tests/Fixtures "$pack/Engine.Tests"
cp --parents docs/kernels.md Engine.Tests/Documentation/ScaledResidualKernel.cs "$pack"
cp -R samples FusionEngine.sln LICENSE THIRD-PARTY-NOTICES.md gpu/run.sh "$pack"
git log -1 --format=%H > "$pack/commit" 2> /dev/null || true

# Every program starts with nothing but the pack.
bare() {
  env -i HOME="$stage" DOTNET_ROOT="$pack/dotnet" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 LD_LIBRARY_PATH="$pack/lib/ssl" "$pack/dotnet/dotnet" "$@" > "$stage/output" 2>&1 \
    || { cat "$stage/output"; echo "error: the packed '$*' does not start" >&2; exit 1; }
}

bare "$pack/bin/weights-tools.dll" --version
bare "$pack/bin/Engine.Bench.dll" --help
bare "$pack/bin/Engine.Tests.dll" -noLogo -list classes

tar -C "$stage" --owner=0 --group=0 --sort=name -cf - fusion-gpu | gzip -9 > "$archive"
bytes=$(stat -c %s "$archive")
printf '%s: %d.%d MiB (unpacked %s)\n' "$archive" $((bytes >> 20)) $(((bytes & 1048575) * 10 >> 20)) "$(du -sh "$pack" | cut -f 1)"
if [ "$bytes" -gt $((most_mib << 20)) ]; then
  echo "error: the archive is larger than $most_mib MiB" >&2
  exit 1
fi
