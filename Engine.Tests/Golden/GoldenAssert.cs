using System;
using System.Globalization;
using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

/// <summary>Compares with golden numbers: error = max|a - b| / max|b| per tensor.</summary>
internal static class GoldenAssert
{
    /// <summary>For hidden states, logits, features.</summary>
    public const double Output = 2e-5;

    /// <summary>For losses.</summary>
    public const double Loss = 1e-5;

    /// <summary>For gradients, with <see cref="GradientFloor"/>.</summary>
    public const double Gradient = 1e-4;

    /// <summary>Absolute error below which a gradient passes: some are zero analytically.</summary>
    public const double GradientFloor = 1e-6;

    /// <summary>For parameters and losses along a training trajectory.</summary>
    public const double Trajectory = 1e-4;

    /// <summary>Downloads a tensor and compares it.</summary>
    public static void Close(IBackend backend, string what, double[] expected, TensorRef actual, double tolerance, double floor = 0)
    {
        double[] found = new double[actual.ElementCount];
        backend.Download<double>(actual, found);
        Close($"{backend.Info.Description}: {what}", expected, found, tolerance, floor);
    }

    /// <summary>Compares element by element.</summary>
    public static void Close(string what, double[] expected, double[] actual, double tolerance, double floor = 0)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {expected.Length} numbers expected, {actual.Length} found.");
        double worst = 0;
        double largest = 0;
        int where = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            largest = Math.Max(largest, Math.Abs(expected[i]));
            if (double.IsNaN(error) || error > worst)
            {
                worst = double.IsNaN(error) ? double.PositiveInfinity : error;
                where = i;
            }
        }

        Assert.True(
            worst <= Math.Max(tolerance * largest, floor),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: error {worst / largest:E2} above {tolerance:E0}; at {where}: expected "
                + $"{(expected.Length > 0 ? expected[where] : 0)}, found {(actual.Length > 0 ? actual[where] : 0)}."));
    }

    /// <summary>Compares one number.</summary>
    public static void Close(string what, double expected, double actual, double tolerance) => Close(what, [expected], [actual], tolerance);
}
