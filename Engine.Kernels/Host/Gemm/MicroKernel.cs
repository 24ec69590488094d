using System.Diagnostics;

namespace Engine.Kernels.Host;

/// <summary>
/// The register tile of the product: C[rows, vectors] = (C +) sum over k of a[k, rows] b[k, vectors], with all of C in
/// registers. AVX-512 holds 14 x 2 registers of 16 floats plus two of B and one of A in its 32 registers; with 16 registers
/// 6 x 2 fit. Every height below exists too, so that the rows of C can be divided evenly.
/// Register tiling after Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, section 5.
/// </summary>
internal static unsafe partial class MicroKernel<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    /// <summary>The tallest tile. Sixteen lanes mean AVX-512, which has 32 registers.</summary>
    public static int MostRows => TIsa.Width == 16 ? 14 : 6;

    /// <summary>Columns of the widest tile.</summary>
    public static int MostColumns => 2 * TIsa.Width;

    /// <summary>Computes one tile.</summary>
    /// <param name="rows">Rows of the tile, 1 to <see cref="MostRows"/>.</param>
    /// <param name="columns">Columns of the tile: one or two registers.</param>
    /// <param name="a">[depth, rows], packed.</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="bStride">Floats from one k to the next in b.</param>
    /// <param name="depth">Number of k; 0 gives zeros.</param>
    /// <param name="c">Result.</param>
    /// <param name="cStride">Floats from one row of c to the next.</param>
    /// <param name="add">Add to c instead of overwriting it.</param>
    /// <param name="next">What to prefetch meanwhile, one line per k.</param>
    public static void Multiply(
        int rows, int columns, float* a, float* b, nint bStride, int depth, float* c, nint cStride, bool add, in PrefetchPattern next)
    {
        Debug.Assert(rows >= 1 && rows <= MostRows && (columns == TIsa.Width || columns == MostColumns), "No such tile.");
        Dispatch(rows, columns == TIsa.Width ? 1 : 2, a, b, bStride, depth, c, cStride, add, next);
    }
}
