using System;

namespace Engine.PtxInterpreter;


/// <summary>Makes warp actions of functions of single lanes: d is the slot of the result, a, b and c are those of the sources.</summary>
internal static class LaneFunctions
{
    /// <summary>d = f(a)</summary>
    public static WarpAction Unary(int d, int a, Func<ulong, ulong> f) => (warp, lanes) =>
    {
        Span<ulong> target = warp.Slot(d);
        ReadOnlySpan<ulong> first = warp.Slot(a);
        foreach (int lane in new LaneSet(lanes))
        {
            target[lane] = f(first[lane]);
        }
    };

    /// <summary>d = f(a, b)</summary>
    public static WarpAction Binary(int d, int a, int b, Func<ulong, ulong, ulong> f) => (warp, lanes) =>
    {
        Span<ulong> target = warp.Slot(d);
        ReadOnlySpan<ulong> first = warp.Slot(a);
        ReadOnlySpan<ulong> second = warp.Slot(b);
        foreach (int lane in new LaneSet(lanes))
        {
            target[lane] = f(first[lane], second[lane]);
        }
    };

    /// <summary>d = f(a, b, c)</summary>
    public static WarpAction Ternary(int d, int a, int b, int c, Func<ulong, ulong, ulong, ulong> f) => (warp, lanes) =>
    {
        Span<ulong> target = warp.Slot(d);
        ReadOnlySpan<ulong> first = warp.Slot(a);
        ReadOnlySpan<ulong> second = warp.Slot(b);
        ReadOnlySpan<ulong> third = warp.Slot(c);
        foreach (int lane in new LaneSet(lanes))
        {
            target[lane] = f(first[lane], second[lane], third[lane]);
        }
    };
}
