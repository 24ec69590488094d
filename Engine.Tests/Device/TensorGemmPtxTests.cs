using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>What the products on tensor cores compile to, which decides their speed.</summary>
public sealed class TensorGemmPtxTests(PtxCompilersFixture compilers) : IClassFixture<PtxCompilersFixture>
{
    // Beside 16 to 128 products of matrices: each copy needs two addresses and its length, reads and copies move on, a tile is counted.
    private const int MostIntegers = 24;
    private const int IntegersPerCopy = 4;

    private static readonly string[] IntegerInstructions =
        ["add", "sub", "mul", "mad", "and", "or", "xor", "not", "neg", "shl", "shr", "min", "max", "setp", "selp", "cvt.s64", "cvt.u64"];

    public static IEnumerable<TheoryDataRow<string>> KernelNames => KernelCatalogue.All.Select(static kernel => kernel.Name)
        .Where(static name => name.StartsWith("gemm_tensor", StringComparison.Ordinal))
        .Select(static name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Kernel_EveryVariant_MultipliesInOneRunWithoutOtherMemory(string name)
    {
        bool isBFloat16 = name.Contains("bf16", StringComparison.Ordinal);
        bool hasLargeWarps = name.Contains("128x128", StringComparison.Ordinal) || name.Contains("128x256", StringComparison.Ordinal);
        bool hasRowsA = name.Contains("_rows_", StringComparison.Ordinal);
        bool hasRowsB = name.EndsWith("_rows", StringComparison.Ordinal);
        (int steps, int copies) = name.Contains("128x256", StringComparison.Ordinal) ? (4, 12)
            : name.Contains("128x128", StringComparison.Ordinal) ? (2, 8)
            : name.Contains("128x64", StringComparison.Ordinal) ? (2, 3) : (2, 4);
        foreach (PtxText ptx in compilers.Compile(KernelCatalogue.Find(name)!))
        {
            ptx.AssertStandsAlone();

            // The address of shared memory passes through memory once, before everything else.
            Assert.Equal((2, 1), (ptx.Count("st.local"), ptx.Count("ld.local")));

            // All steps of a tile between two branches: 16 x 8 results per instruction, a warp has 64 x 64 or 32 x 32.
            PtxText loop = Assert.Single(ptx.RunsWith("mma.sync.aligned"));
            Assert.Equal(0, loop.Count("ld.local") + loop.Count("st.local") + loop.Count("ld.global") + loop.Count("st"));
            Assert.Equal(steps * (hasLargeWarps ? 32 : 8), loop.Count($"mma.sync.aligned.{(isBFloat16 ? "m16n8k16" : "m16n8k8")}"));
            Assert.Equal((1, 1, 1), (loop.Count("bar.sync"), loop.Count("cp.async.wait_group"), loop.Count("cp.async.commit_group")));
            Assert.Equal(copies, loop.Count("cp.async.cg.shared.global"));

            // What is the same for all tiles is not computed anew for each.
            Assert.InRange(IntegerInstructions.Sum(loop.Count), 1, MostIntegers + (copies * IntegersPerCopy));

            // Sixteen rows by 32 bytes per instruction, but for TF32 that has to be transposed, which is read one by one.
            int matrices = steps * (hasLargeWarps ? 4 : 2);
            int depth = (hasRowsA ? 0 : matrices) + (hasRowsB ? 0 : matrices);
            int rows = (2 * matrices) - depth;
            Assert.Equal(depth, loop.Count("ldmatrix.sync.aligned.m8n8.x4.shared"));
            Assert.Equal(isBFloat16 ? rows : 0, loop.Count("ldmatrix.sync.aligned.m8n8.x4.trans"));
            Assert.Equal(isBFloat16 ? 0 : 4 * rows, loop.Count("ld.shared.b32"));
            Assert.Equal(isBFloat16 ? 0 : 8 * matrices, loop.Count("cvt.rna.tf32"));

            // The epilogue gets sums four at a time.
            Assert.Equal(hasLargeWarps ? 64 : 16, ptx.Count("st.shared.v2.f32"));
            Assert.Equal(1, ptx.Count("ld.shared.v4.f32"));
            Assert.True(ptx.Count("st.global.v4.f32") >= 1);
        }
    }
}
