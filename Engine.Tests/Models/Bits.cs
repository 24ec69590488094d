using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Compares numbers bit by bit: -0 and 0 differ, NaN equals itself.</summary>
internal static class Bits
{
    /// <summary>All elements of tensors, one after the other.</summary>
    public static float[] Of(IBackend backend, params TensorRef[] tensors)
    {
        List<float> all = [];
        foreach (TensorRef tensor in tensors)
        {
            float[] values = new float[tensor.ElementCount];
            backend.Download<float>(tensor, values);
            all.AddRange(values);
        }

        return [.. all];
    }

    /// <summary>All elements of a set.</summary>
    public static float[] Of(IBackend backend, ParameterSet set)
    {
        List<float> all = [];
        foreach (ParameterSpec parameter in set.Parameters)
        {
            all.AddRange(Of(backend, set[parameter.Name]));
        }

        return [.. all];
    }

    public static void AssertEqual(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"{what}: element {i} of {expected.Length}: expected {expected[i]:R}, found {actual[i]:R}.");
        }
    }
}
