using System;

namespace Engine.Kernels.Device;

/// <summary>Neighbouring experts of one dtype, as many as one launch takes.</summary>
internal readonly record struct RoutedRun(int Start, int Count, DType DType)
{
    /// <summary>Experts of one launch; the fields of <see cref="ExpertViews{TElement}"/>.</summary>
    public const int MostExperts = 8;

    /// <summary>The run that begins with the first expert.</summary>
    public static RoutedRun First(ReadOnlySpan<TensorRef> experts) => From(experts, 0);

    /// <summary>The run behind this one; empty at the end.</summary>
    public RoutedRun Next(ReadOnlySpan<TensorRef> experts) => From(experts, Start + Count);

    private static RoutedRun From(ReadOnlySpan<TensorRef> experts, int start)
    {
        int count = 0;
        while (start + count < experts.Length && count < MostExperts && experts[start + count].DType == experts[start].DType)
        {
            count++;
        }

        return new RoutedRun(start, count, count > 0 ? experts[start].DType : DType.F32);
    }
}
