#!/usr/bin/env bash
# Checks and measures FusionEngine on this machine's GPU: devices, selftest, golden tests, tests of device kernels, registers and spills,
# the benchmark table. Part of the archive that gpu/pack.sh makes; needs an NVIDIA driver, glibc, and neither .NET nor network nor root.
# Usage: ./run.sh [--device cuda] [--parts selftest,golden,kernels,registers,train,routers,generate,train_graphs,routers_graphs,bench] [--scale full] [--seconds 570] [--log FILE]
# Prints a table and exits with 0 only if every part passed; everything else is in the log.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Classes of Engine.Tests that compute on the device named by FUSION_TEST_DEVICE; a test keeps both lists complete.
device_classes=(
  CudaDriverTests
  DeviceAttentionTests
  DeviceCommandLineTests
  DeviceCommandTests
  DeviceGemmTests
  DeviceGoldenTests
  DeviceGraphsTests
  DeviceMembersTests
  DeviceOpCaseTests
  DeviceStepTests
  DevicesCommandTests
  KernelGuideTests
  KernelVariantTests
  KernelsCommandTests
  PrecisionTests
)

device=cuda
parts=selftest,golden,kernels,registers,train,routers,generate,train_graphs,routers_graphs,bench
all_parts=$parts
scale=full
seconds=570
log=$here/run.log

usage() {
  grep '^# Usage: ' "${BASH_SOURCE[0]}" | cut -c 3-
  echo "  --device NAME   cuda, opencl, or host: everything on the processor, which shows that the pack itself works"
  echo "  --parts LIST    only these, after the list of devices"
  echo "  --scale NAME    sizes of the benchmark: full or tiny"
  echo "  --seconds N     the whole run ends within about N seconds"
  echo "  --log FILE      receives all output"
}

while [ $# -gt 0 ]; do
  case $1 in
    --device | --parts | --scale | --seconds | --log)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      echo "error: unknown argument '$1'" >&2
      usage >&2
      exit 2
      ;;
  esac
done

for name in ${parts//,/ }; do
  case ,$all_parts, in
    *",$name,"*) ;;
    *)
      echo "error: --parts: there is no part '$name'" >&2
      exit 2
      ;;
  esac
done

if ! [[ $seconds =~ ^[0-9]+$ ]]; then
  echo "error: --seconds: expected a number, found '$seconds'" >&2
  exit 2
fi

: > "$log" || exit 2
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
export HOME=${HOME:-$scratch}
export DOTNET_ROOT=$here/dotnet DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_EnableDiagnostics=0 FUSION_FIXTURES=$here/Engine.Tests/Fixtures FUSION_TEST_DEVICE=$device
unset FUSION_DEVICE FUSION_ISA FUSION_CUDA_GRAPHS

# Every part compiles the same kernels: the driver keeps their machine code.
export CUDA_CACHE_PATH=${CUDA_CACHE_PATH:-$here/cache} CUDA_CACHE_MAXSIZE=1073741824

# A bare machine may lack OpenSSL, which the test runner needs, and the C++ library, without which .NET does not start.
export LD_LIBRARY_PATH=$here/lib/ssl${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
if ! "$DOTNET_ROOT/dotnet" --list-runtimes > /dev/null 2>&1; then
  LD_LIBRARY_PATH=$here/lib/c++:$LD_LIBRARY_PATH
fi

# cuBLAS is the yardstick where it lies about: in a toolkit or among Python's packages.
if [ "$device" = cuda ]; then
  for root in /usr/local /usr/lib /opt; do
    cublas=$(find "$root" -name 'libcublas.so.1[1-9]' -print -quit 2> /dev/null)
    if [ -n "$cublas" ]; then
      LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$(dirname "$cublas")
      break
    fi
  done
fi

table=
failures=0
usable=yes

# record PART RESULT SECONDS WHAT: one line of the final table.
record() {
  local line
  line=$(printf '%-14s  %-6s  %7s  %s' "$1" "$2" "$3" "$4")
  echo "$line" >> "$log"
  echo "$line" >&2
  table+=$line$'\n'
  [ "$2" = passed ] || failures=$((failures + 1))
}

# part NAME LIMIT PROGRAM ARGUMENT...: runs one program into the log for at most LIMIT seconds. describe_NAME says what came out, and fails
# if that is bad news in spite of an exit code of 0.
part() {
  local name=$1 limit=$2 output=$scratch/$1 code=0 start=$SECONDS left=$((seconds - SECONDS)) what command
  case ,devices,$parts, in
    *",$name,"*) ;;
    *) return ;;
  esac

  command=("$DOTNET_ROOT/dotnet" "$here/bin/$3.dll" "${@:4}")
  if [ "$usable" = no ]; then
    record "$name" failed 0 "not run: there is no usable device '$device'"
    return
  fi

  # A quarter of the time is the benchmark's.
  [ "$name" = bench ] || left=$((left - seconds / 4))
  [ "$left" -ge "$limit" ] || limit=$left
  if [ "$limit" -lt 1 ]; then
    record "$name" failed 0 "not run: nothing is left of $seconds s"
    return
  fi

  if command -v timeout > /dev/null; then
    command=(timeout -k 5 "$limit" "${command[@]}")
  fi

  printf '\n== %s: %s\n' "$name" "${*:3}" >> "$log"
  "${command[@]}" 2>&1 < /dev/null | tee -a "$log" > "$output" || code=$?
  what=$("describe_$name" "$output") || [ $code -ne 0 ] || code=1
  case $code in
    0) record "$name" passed $((SECONDS - start)) "$what" ;;
    124 | 137) record "$name" failed $((SECONDS - start)) "stopped after $limit s; $what" ;;
    *) record "$name" failed $((SECONDS - start)) "exit code $code; $what" ;;
  esac
}

# The first error of an output, else its last line that says something.
essence() {
  local line
  line=$(grep -m 1 -E '^(error:|Unhandled exception)' "$1") || line=$(grep -E '[[:alnum:]]' "$1" | tail -n 1)
  echo "${line:0:160}"
}

describe_devices() {
  grep -m 1 -E "^$device .* yes *$" "$1" | tr -s ' ' && return
  echo "there is no usable device '$device': $(grep -m 1 "^$device " "$1" | tr -s ' ' || echo 'no driver shows one')"
  return 1
}

describe_selftest() {
  essence "$1"
}

describe_golden() {
  grep -oE 'Total: [0-9]+.*Skipped: [0-9]+' "$1" || { essence "$1"; return 1; }
}

describe_kernels() {
  describe_golden "$1"
}

describe_registers() {
  local count
  count=$(grep -cE '^ *[0-9]+ +[0-9]+ +[0-9]+ ' "$1") || { essence "$1"; return 1; }
  echo "$count kernels, $(grep -cE '^ *[0-9]+ +[1-9][0-9]* ' "$1") with local memory, $(grep -c '^refused' "$1") refused"
}

# One line of JSON: the case and its median rate.
describe_train() {
  local line
  line=$(grep -m 1 '^{"case":' "$1") || { essence "$1"; return 1; }
  sed -E 's/^\{"case":"([^"]*)","unit":"([^"]*)","median":([0-9.E+-]+),.*"precision":"([^"]*)".*/\1 \4: \3 \2/' <<< "$line"
}

describe_generate() {
  describe_train "$1"
}

# The goal is one of a whole training: 4000 steps in 60 seconds.
describe_routers() {
  local what
  what=$(describe_train "$1") || { echo "$what"; return 1; }
  echo "$what; 4000 steps: $(sed -E 's/.*: ([0-9.E+-]+) .*/\1/' <<< "$what" | awk '{ printf "%.0f s", 4000 / $1 }') (goal on an H100: 60 s)"
}

# Slower ways on which the program goes on by itself are failures here.
describe_train_graphs() {
  local graphs
  graphs=$(grep -m 1 '^graphs: ' "$1") || graphs='graphs: none'
  echo "$(describe_train "$1"); ${graphs:0:120}"
  [[ $graphs == *' enqueued '* ]]
}

describe_routers_graphs() {
  describe_train_graphs "$1"
}

describe_bench() {
  grep -q '^row ' "$1" || { essence "$1"; return 1; }
  echo "goals: $(grep -cE '  yes +[0-9.-]+$' "$1") reached, $(grep -cE '  no +[0-9.-]+$' "$1") missed," \
    "$(grep -cE '  - +[0-9.-]+$' "$1") without a yardstick"
}

part devices 60 weights-tools devices
[ $failures -eq 0 ] || usable=no
part selftest 200 weights-tools selftest --device "$device"
# One test at a time: each has a context of its own on the one device.
device_tests=(-noLogo -noColor -parallel none $(printf ' -class Engine.Tests.%s' "${device_classes[@]}"))
part golden 150 Engine.Tests "${device_tests[@]}" -trait Category=Golden
part kernels 150 Engine.Tests "${device_tests[@]}" -trait- Category=Golden
[ "$device" != cuda ] || part registers 120 Engine.Bench registers --device "$device"
# Whole jobs, in the precision that trainings on a GPU use.
precision=f32
[ "$device" != cuda ] || precision=bf16
language=gpt2 vision=vit-b32 batch=16 tokens=1024
[ "$scale" != tiny ] || { language=gpt2-tiny vision=vit-tiny batch=2 tokens=16; }
jobs=(--device "$device" --precision "$precision")
part train 60 Engine.Bench e2e gpt2-train "${jobs[@]}" --model $language --batch 4 --tokens $tokens
part routers 60 Engine.Bench e2e pareto-step "${jobs[@]}" --model $vision --experts 2 --batch $batch
part generate 60 Engine.Bench e2e generate "${jobs[@]}" --model $language --tokens 16 --dtype bf16
# Sequences of launches as graphs are CUDA's.
export FUSION_CUDA_GRAPHS=1
[ "$device" != cuda ] || part train_graphs 60 Engine.Bench e2e gpt2-train "${jobs[@]}" --model $language --batch 4 --tokens $tokens
[ "$device" != cuda ] || part routers_graphs 60 Engine.Bench e2e pareto-step "${jobs[@]}" --model $vision --experts 2 --batch $batch
unset FUSION_CUDA_GRAPHS
part bench 300 Engine.Bench device --device "$device" --scale "$scale"

# What is read first: failed tests, the benchmark table, kernels that spill, the parts.
{
  cat "$scratch/golden" "$scratch/kernels" 2> /dev/null | grep -E ' \[FAIL\]$' | head -n 20
  if [ -s "$scratch/bench" ]; then
    cat "$scratch/bench"
    echo
  fi

  if [ -s "$scratch/registers" ]; then
    grep -E '^(registers| *[0-9]+ +[1-9][0-9]* |refused)' "$scratch/registers"
    echo
  fi

  printf '%-14s  %-6s  %7s  %s\n%s' part result seconds what "$table"
} | tee -a "$log"
[ $failures -eq 0 ]
