#!/usr/bin/env bash
# Builds everything in Release and runs all tests, then the golden and op tests again on narrower instruction sets.
# With --scale also at real size (GPT-2 124M, CLIP B/32 and L/14; a few minutes and 6 GB more).
# Needs the .NET SDK 10; installs PoCL if it can (root, apt). The last line is "N passed, N failed, N skipped", summed over the runner's own reports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# A bare machine may lack ICU; nothing here needs cultures.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}"

results=TestResults
passed=0
failed=0
skipped=0
broken=0

# The number in one attribute of a report's <assembly> element; nothing if it is not there.
attribute() {
  grep -o '<assembly [^>]*' "$1" 2> /dev/null | grep -o " $2=\"[0-9]*\"" | head -n 1 | tr -dc 0-9
}

# run_tests NAME [VARIABLE=VALUE...] [-- RUNNER OPTION...]: one pass over the tests in a process of its own.
run_tests() {
  local name=$1 report=$results/$1.xml variables=() total part code=0
  shift
  while [ $# -gt 0 ] && [ "$1" != "--" ]; do
    variables+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift

  echo "== $name ${variables[*]-}"
  env "${variables[@]+"${variables[@]}"}" dotnet Engine.Tests/bin/Release/net10.0/Engine.Tests.dll \
    -noLogo -noColor -xml "$report" "$@" < /dev/null || code=$?

  total=$(attribute "$report" total || true)
  if [ -z "$total" ]; then
    echo "error: the test run '$name' ended with code $code and left no report."
    broken=1
    return
  fi

  if [ "$total" -eq 0 ]; then
    echo "error: the test run '$name' executed no test."
    broken=1
  fi

  passed=$((passed + $(attribute "$report" passed)))
  skipped=$((skipped + $(attribute "$report" skipped)))
  for part in failed errors; do
    failed=$((failed + $(attribute "$report" $part)))
  done
  [ "$code" -eq 0 ] || broken=1
}

# Device kernels run on PoCL, an OpenCL device of the processor, where it can be installed; else those tests skip with the reason.
if ! ls /etc/OpenCL/vendors/pocl.icd > /dev/null 2>&1 && command -v apt-get > /dev/null && [ "$(id -u)" -eq 0 ]; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends pocl-opencl-icd ocl-icd-libopencl1; } \
    > /dev/null 2>&1 || echo "note: PoCL cannot be installed here; tests on OpenCL are skipped."
fi

rm -rf "$results"
mkdir -p "$results"
dotnet build FusionEngine.sln -c Release --nologo -v minimal

numeric=(-trait Category=Golden -trait Category=Ops -trait- Category=Device)
run_tests all -- -trait- Category=Scale
if grep -qw avx2 /proc/cpuinfo 2> /dev/null; then
  run_tests avx2 DOTNET_EnableAVX512=0 FUSION_ISA=avx2 -- "${numeric[@]}"
fi
run_tests portable DOTNET_EnableAVX2=0 FUSION_ISA=portable -- "${numeric[@]}"

if [ "${1-}" = --scale ]; then
  run_tests scale -- -trait Category=Scale
fi

# A run that broke without a failed test must not look like a success.
if [ "$broken" -ne 0 ] && [ "$failed" -eq 0 ]; then
  failed=1
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
